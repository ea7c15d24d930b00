import type { Timer, TimerCursor } from './types';

/** Which timers a list has. */
export interface ListFilter {
  readonly namespace: string;
  /** Those that live, or those that were given up. (Default: `pending`) */
  readonly state?: 'pending' | 'dead';
  /** What their ids begin with. (Default: anything) */
  readonly idPrefix?: string;
  /** Due later than that. With it or `before`, a list is in the order of time, and otherwise in that of the ids' bytes. */
  readonly after?: Date;
  /** Due earlier than that. */
  readonly before?: Date;
}

/** Where a list goes on: behind an id, or behind a time. */
export type ListPosition = { readonly id: string } | TimerCursor;

/** A page of a list. */
export interface TimerPage {
  readonly timers: readonly Timer[];
  /**
   * What the next page comes after; null: this was the last one. By time, a page of a rare namespace may be short of its
   * limit, or empty, and not be the last.
   */
  readonly next: ListPosition | null;
}

/** How many timers a namespace has. */
export interface NamespaceCount {
  readonly namespace: string;
  readonly pending: number;
  readonly dead: number;
  /** There are more, which were not counted. */
  readonly hasMore: boolean;
}

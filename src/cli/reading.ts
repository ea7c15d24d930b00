import type { PostgresTimerStore } from '../postgres/postgres-timer-store';
import type { Terminal } from './terminal';

/** Where to look, and how. */
export interface Reading {
  readonly store: PostgresTimerStore;
  readonly shardIds: readonly number[];
  readonly terminal: Terminal;
  /** Timers read of a shard at a time. */
  readonly pageSize: number;
}

const MAX_PAGE_SIZE = 1000;

/** Twice the share of each shard, as they are uneven: what is shown is little, and payloads may be large. */
export function pageSizeFor(limit: number, shardCount: number): number {
  return Math.min(MAX_PAGE_SIZE, Math.ceil((2 * limit) / shardCount) + 1);
}

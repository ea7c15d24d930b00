import type { Deadline } from '../driver/deadline';
import type { StoreCall } from './store-call';

/** Where a write goes: one shard, under one version or, without a version, unfenced. */
export interface WriteTarget {
  /** The store method, for error messages. */
  readonly operation: string;
  readonly shardId: number;
  readonly shardVersion: number | undefined;
}

export interface FencedTarget extends WriteTarget {
  readonly shardVersion: number;
}

/** Which timer a call writes, and what: nothing of the caller's, which may change. */
export interface WriteValues {
  readonly namespace: string;
  readonly id: string;
  /** About how many bytes they take in memory and on the wire. */
  readonly size: number;
}

/** One call of a queue, from the moment that there is room for its values. */
export interface QueuedWrite<TTarget = WriteTarget, TValues = WriteValues> {
  readonly target: TTarget;
  /** The same for all calls of one target. */
  readonly key: string;
  readonly values: TValues;
  readonly deadline: Deadline;
}

/**
 * What came of one call of a statement. `missed`: the statement left its timer alone, which another program had locked
 * or changed meanwhile. The call is to have a statement of its own, in which it waits for that program and lets nobody
 * wait with it.
 */
export type Outcome<TResult> = { readonly result: TResult } | { readonly error: unknown } | 'missed';

/** How the calls of one store method share a statement. */
export interface WriteKind<TTarget extends WriteTarget, TValues extends WriteValues, TResult> {
  /** Whether calls of one part of Citus share a statement, if they are fenced. Where there is no Citus, all do. */
  readonly sharesParts: boolean;
  /**
   * Whether a later call for its timer may take a call's place in one statement, since nothing of the timer's own could
   * refuse the earlier one. If not, the later ones wait for the next statement.
   */
  isReplaceable(values: TValues): boolean;
  /**
   * @param writes at least one.
   * @returns what came of each, in their order.
   * @throws what came of all of them.
   */
  write(
    call: StoreCall,
    writes: readonly QueuedWrite<TTarget, TValues>[],
  ): Promise<readonly Outcome<TResult>[]>;
}

/** Whether all are of one shard, under one version. */
export function isOfOneTarget([first, ...others]: readonly QueuedWrite[]): boolean {
  return others.every(({ key }) => key === first?.key);
}

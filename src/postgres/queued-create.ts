import type { Deadline } from '../driver/deadline';
import type { TimerValues } from '../validation/timer';
import type { Batch } from './write-batches';

/** Where a timer goes: one shard, under one version or, without a version, unfenced. */
export interface CreateTarget {
  /** The store method, for error messages. */
  readonly operation: string;
  readonly shardId: number;
  readonly shardVersion: number | undefined;
}

/** One call of a queue, from the moment that there is room for its timer. */
export interface QueuedCreate {
  readonly target: CreateTarget;
  /** Of its target. */
  readonly key: string;
  readonly timer: TimerValues;
  readonly deadline: Deadline;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  /** While it waits: takes its listener from its deadline. */
  stopListening?: () => void;
}

export function keyOf({ shardId, shardVersion }: CreateTarget): string {
  return `${shardId} ${shardVersion}`;
}

export function groupByTarget<T extends QueuedCreate>(creates: readonly T[]): T[][] {
  const groups = new Map<string, T[]>();
  for (const create of creates) {
    const group = groups.get(create.key);
    if (group === undefined) {
      groups.set(create.key, [create]);
    } else {
      group.push(create);
    }
  }
  return [...groups.values()];
}

/**
 * Those of one target. In one statement a timer can be written once: of two creates of one id, the later call's.
 *
 * @param creates at least one.
 */
export function batchOf(creates: readonly QueuedCreate[]): Batch {
  const { shardId, shardVersion } = (creates[0] as QueuedCreate).target;
  const timers = new Map<string, TimerValues>();
  for (const { timer } of creates) {
    // Neither part contains NUL, so no two pairs look alike.
    timers.set(`${timer.namespace}\0${timer.id}`, timer);
  }
  return { shardId, shardVersion, timers: [...timers.values()] };
}

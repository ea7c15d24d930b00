import { InvalidArgumentError, type TimerStoreError } from '../contract/errors';
import { checkText, show, showKind } from '../contract/scalars';
import { shardIdFor } from '../contract/shard-id';
import type { TimerStore } from '../contract/timer-store';
import type { CallOptions, NewTimer, Timer, TimerChanges } from '../contract/types';
import { ScheduleFailedError } from './schedule-failed-error';

/** A timer of a shard is due then, in milliseconds since 1970. */
export interface Expected {
  readonly shardId: number;
  readonly at: number;
}

export interface TimerCallsOptions {
  readonly store: TimerStore;
  readonly shardCount: number;
  /** Told of what was stored, or is in the caller's transaction. */
  readonly onStored: (expected: readonly Expected[], options: CallOptions | undefined) => Promise<void>;
}

/** What any process may do with timers, whoever owns their shards. {@link TimerEngine} says what each call means. */
export class TimerCalls {
  readonly #options: TimerCallsOptions;

  constructor(options: TimerCallsOptions) {
    this.#options = options;
  }

  async schedule(timer: NewTimer, options?: CallOptions): Promise<void> {
    const { store, onStored } = this.#options;
    const shardId = this.#shardOfTimer('timer', timer);
    await store.createTimerNoLock(shardId, timer, options);
    await onStored([{ shardId, at: timer.executeAt.getTime() }], options);
  }

  async scheduleMany(timers: readonly NewTimer[], options?: CallOptions): Promise<void> {
    const { store, onStored } = this.#options;
    const parts = this.#partByShard(timers);
    const batches = parts.map((part) => ({ shardId: part.shardId, timers: part.timers }));
    const results = await store.createTimersOfShards(batches, options).catch((error: unknown) => {
      throw error instanceof InvalidArgumentError ? inTimers(error, parts) : error;
    });
    const stored: Expected[] = [];
    const failures: { places: readonly number[]; error: TimerStoreError }[] = [];
    for (const [index, part] of parts.entries()) {
      const error = results[index] ?? null;
      if (error === null) {
        stored.push({ shardId: part.shardId, at: earliestOf(part.timers) });
      } else {
        failures.push({ places: part.places, error });
      }
    }
    await onStored(stored, options);
    if (failures.length > 0) {
      throw new ScheduleFailedError(failures, timers.length);
    }
  }

  async update(
    namespace: string,
    timerId: string,
    changes: TimerChanges,
    options?: CallOptions,
  ): Promise<Timer> {
    const { store, onStored } = this.#options;
    const shardId = this.#shardOf(timerId);
    const isRescheduled = changes?.executeAt !== undefined && changes.attempts === undefined;
    const all = isRescheduled ? { ...changes, attempts: 0 } : changes;
    const timer = await store.updateTimerNoLock(shardId, namespace, timerId, all, options);
    await onStored([{ shardId, at: timer.executeAt.getTime() }], options);
    return timer;
  }

  async cancel(namespace: string, timerId: string, options?: CallOptions): Promise<void> {
    await this.#options.store.deleteTimerNoLock(this.#shardOf(timerId), namespace, timerId, options);
  }

  async get(namespace: string, timerId: string, options?: CallOptions): Promise<Timer | null> {
    return await this.#options.store.getTimer(this.#shardOf(timerId), namespace, timerId, options);
  }

  #shardOf(timerId: unknown): number {
    return shardIdFor(timerId as string, this.#options.shardCount);
  }

  #shardOfTimer(argument: string, timer: unknown): number {
    if (typeof timer !== 'object' || timer === null) {
      throw new InvalidArgumentError(argument, `must be an object, not ${showKind(timer)}`);
    }
    const { id } = timer as Partial<NewTimer>;
    checkText(`${argument}.id`, id);
    return this.#shardOf(id);
  }

  #partByShard(timers: readonly NewTimer[]): Part[] {
    if (!Array.isArray(timers)) {
      throw new InvalidArgumentError('timers', `must be an array, not ${show(timers)}`);
    }
    const parts = new Map<number, Part>();
    for (const [place, timer] of timers.entries()) {
      const shardId = this.#shardOfTimer(`timers[${place}]`, timer);
      const part = parts.get(shardId) ?? { shardId, places: [], timers: [] };
      parts.set(shardId, part);
      part.places.push(place);
      part.timers.push(timer);
    }
    return [...parts.values()];
  }
}

/** Timers of one shard, and where they stand among all. */
interface Part {
  readonly shardId: number;
  readonly places: number[];
  readonly timers: NewTimer[];
}

/** What the store refuses in a batch stands elsewhere among all timers. */
function inTimers(error: InvalidArgumentError, parts: readonly Part[]): InvalidArgumentError {
  const [, part, place, path] = /^batches\[(\d+)\]\.timers\[(\d+)\](.*)$/.exec(error.argument) ?? [];
  const among = parts[Number(part)]?.places[Number(place)];
  return among === undefined
    ? error
    : new InvalidArgumentError(`timers[${among}]${path}`, error.reason, { cause: error.cause });
}

function earliestOf(timers: readonly NewTimer[]): number {
  return timers.reduce((earliest, { executeAt }) => Math.min(earliest, executeAt.getTime()), Infinity);
}

import {
  InvalidArgumentError,
  type NewTimer,
  type RangeDeleteResult,
  type ShardClaim,
  ShardConditionFailedError,
  type ShardInfo,
  type ShardMetadata,
  type Timer,
  type TimerChanges,
  type TimerCursor,
  TimerNotFoundError,
  type TimerRange,
  timerUuid,
} from '../../src';

/** A timer without what is another one each time. */
export type ModelTimer = Omit<Timer, 'revision' | 'updatedAt'>;

/** What a table holds, in the order of the primary key. */
export interface TableContent {
  readonly shards: readonly ShardInfo[];
  readonly timers: readonly (ModelTimer & { readonly shardId: number })[];
}

/**
 * The contract of the store in the simplest words there are: maps in memory, one call at a time. It has the methods
 * of `TimerStore`, and answers and throws as they do.
 */
export class TimerModel {
  /** What the server's clock says. The model cannot know it, and is told before each claim. */
  now = new Date(0);
  readonly #shards: Map<number, ShardInfo>;
  readonly #timers: Map<number, Map<string, ModelTimer>>;

  constructor(shards = new Map<number, ShardInfo>(), timers = new Map<number, Map<string, ModelTimer>>()) {
    this.#shards = shards;
    this.#timers = timers;
  }

  /** Shards and timers are replaced, never changed, so that copies of the maps are enough. */
  clone(): TimerModel {
    const timers = [...this.#timers].map(([shardId, ofShard]) => [shardId, new Map(ofShard)] as const);
    return new TimerModel(new Map(this.#shards), new Map(timers));
  }

  content(): TableContent {
    const shards = [...this.#shards.values()].sort((a, b) => a.shardId - b.shardId);
    const timers = [...this.#timers.keys()]
      .sort((a, b) => a - b)
      .flatMap((shardId) => this.#inOrder(shardId).map((timer) => ({ shardId, ...timer })));
    return { shards, timers };
  }

  claimShardOwnership(shardId: number, ownerAddr: string): ShardClaim {
    const previous = this.getShard(shardId);
    const current = {
      shardId,
      ownerAddr,
      shardVersion: (previous?.shardVersion ?? 0) + 1,
      metadata: previous?.metadata ?? {},
      claimedAt: this.now,
    };
    this.#shards.set(shardId, current);
    return { previous, current };
  }

  getShard(shardId: number): ShardInfo | null {
    return this.#shards.get(shardId) ?? null;
  }

  updateShardMetadata(shardId: number, shardVersion: number, metadata: ShardMetadata): void {
    const shard = this.#requireFence(shardId, shardVersion);
    this.#shards.set(shardId, { ...shard, metadata });
  }

  createTimer(shardId: number, shardVersion: number, timer: NewTimer): void {
    this.#requireFence(shardId, shardVersion);
    this.#create(shardId, [timer]);
  }

  createTimerNoLock(shardId: number, timer: NewTimer): void {
    this.#create(shardId, [timer]);
  }

  createTimers(shardId: number, shardVersion: number, timers: readonly NewTimer[]): void {
    requireDifferentIds('timers', timers);
    // An empty list sends nothing, so that nobody looks at the fence either.
    if (timers.length > 0) {
      this.#requireFence(shardId, shardVersion);
      this.#create(shardId, timers);
    }
  }

  createTimersNoLock(shardId: number, timers: readonly NewTimer[]): void {
    requireDifferentIds('timers', timers);
    this.#create(shardId, timers);
  }

  updateTimer(
    shardId: number,
    shardVersion: number,
    namespace: string,
    timerId: string,
    changes: TimerChanges,
  ): ModelTimer {
    this.#requireFence(shardId, shardVersion);
    return this.updateTimerNoLock(shardId, namespace, timerId, changes);
  }

  updateTimerNoLock(shardId: number, namespace: string, timerId: string, changes: TimerChanges): ModelTimer {
    const timer = { ...this.#requireTimer(shardId, namespace, timerId), ...changes };
    timer.dueAt = changes.executeAt ?? timer.dueAt;
    this.#put(shardId, timer);
    return timer;
  }

  deleteTimer(shardId: number, shardVersion: number, namespace: string, timerId: string): void {
    this.#requireFence(shardId, shardVersion);
    this.deleteTimerNoLock(shardId, namespace, timerId);
  }

  deleteTimerNoLock(shardId: number, namespace: string, timerId: string): void {
    this.#remove(shardId, this.#requireTimer(shardId, namespace, timerId));
  }

  rangeDeleteWithLimit(
    shardId: number,
    shardVersion: number,
    range: TimerRange,
    limit: number,
  ): RangeDeleteResult {
    requireForwardRange(range);
    this.#requireFence(shardId, shardVersion);
    return this.rangeDeleteWithLimitNoLock(shardId, range, limit);
  }

  rangeDeleteWithLimitNoLock(shardId: number, range: TimerRange, limit: number): RangeDeleteResult {
    const timers = this.rangeGetTimers(shardId, range, limit);
    for (const timer of timers) {
      this.#remove(shardId, timer);
    }
    return { deletedCount: timers.length };
  }

  rangeDeleteWithBatchInsertTxn(
    shardId: number,
    shardVersion: number,
    range: TimerRange,
    timersToInsert: readonly NewTimer[],
  ): RangeDeleteResult {
    requireForwardRange(range);
    requireDifferentIds('timersToInsert', timersToInsert);
    this.#requireFence(shardId, shardVersion);
    return this.#allOrNothing(shardId, () => {
      const result = this.rangeDeleteWithLimitNoLock(shardId, range, Number.POSITIVE_INFINITY);
      this.#create(shardId, timersToInsert);
      return result;
    });
  }

  getTimer(shardId: number, namespace: string, timerId: string): ModelTimer | null {
    return this.#timersOf(shardId).get(keyOf(namespace, timerId)) ?? null;
  }

  rangeGetTimers(shardId: number, range: TimerRange, limit: number): ModelTimer[] {
    requireForwardRange(range);
    return this.#inOrder(shardId)
      .filter((timer) => compareCursors(timer, range.after) > 0 && compareCursors(timer, range.upTo) <= 0)
      .slice(0, limit);
  }

  /** One after the other in the order of their ids, as the server does: what is moved first makes room for the next. */
  #create(shardId: number, timers: readonly NewTimer[]): void {
    this.#allOrNothing(shardId, () => {
      for (const timer of [...timers].sort(compareIds)) {
        this.#put(shardId, {
          id: timer.id,
          namespace: timer.namespace,
          uuid: timer.uuid?.toLowerCase() ?? timerUuid(timer.namespace, timer.id),
          executeAt: timer.executeAt,
          callbackUrl: timer.callbackUrl ?? null,
          payload: timer.payload ?? null,
          retryPolicy: timer.retryPolicy ?? null,
          callbackTimeoutSeconds: timer.callbackTimeoutSeconds ?? 30,
          createdAt: timer.createdAt ?? this.now,
          dueAt: timer.executeAt,
          firstAttemptAt: null,
          lastError: null,
          attempts: timer.attempts ?? 0,
        });
      }
    });
  }

  #put(shardId: number, timer: ModelTimer): void {
    for (const other of this.#timersOf(shardId).values()) {
      if (compareIds(other, timer) !== 0 && compareCursors(other, timer) === 0) {
        throw new InvalidArgumentError('uuid', 'is the one of another timer that is due at the same time');
      }
    }
    this.#timersOf(shardId).set(keyOf(timer.namespace, timer.id), timer);
  }

  #remove(shardId: number, timer: ModelTimer): void {
    this.#timersOf(shardId).delete(keyOf(timer.namespace, timer.id));
  }

  #allOrNothing<T>(shardId: number, work: () => T): T {
    const before = new Map(this.#timersOf(shardId));
    try {
      return work();
    } catch (error) {
      this.#timers.set(shardId, before);
      throw error;
    }
  }

  #requireFence(shardId: number, shardVersion: number): ShardInfo {
    const shard = this.#shards.get(shardId);
    if (shard?.shardVersion !== shardVersion) {
      throw new ShardConditionFailedError(shardId, shardVersion);
    }
    return shard;
  }

  #requireTimer(shardId: number, namespace: string, timerId: string): ModelTimer {
    const timer = this.getTimer(shardId, namespace, timerId);
    if (timer === null) {
      throw new TimerNotFoundError(shardId, namespace, timerId);
    }
    return timer;
  }

  #timersOf(shardId: number): Map<string, ModelTimer> {
    const timers = this.#timers.get(shardId) ?? new Map<string, ModelTimer>();
    this.#timers.set(shardId, timers);
    return timers;
  }

  #inOrder(shardId: number): ModelTimer[] {
    return [...this.#timersOf(shardId).values()].sort(compareCursors);
  }
}

function keyOf(namespace: string, id: string): string {
  return JSON.stringify([namespace, id]);
}

function compareIds(a: NewTimer, b: NewTimer): number {
  return compare(a.namespace, b.namespace) || compare(a.id, b.id);
}

function compareCursors(a: TimerCursor, b: TimerCursor): number {
  return (
    compare(a.executeAt.getTime(), b.executeAt.getTime()) ||
    compare(a.uuid.toLowerCase(), b.uuid.toLowerCase())
  );
}

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : Number(a > b);
}

function requireForwardRange({ after, upTo }: TimerRange): void {
  if (compareCursors(upTo, after) < 0) {
    throw new InvalidArgumentError('range.upTo', 'must not be before range.after');
  }
}

function requireDifferentIds(argument: string, timers: readonly NewTimer[]): void {
  for (const [index, timer] of timers.entries()) {
    const first = timers.findIndex((other) => compareIds(other, timer) === 0);
    if (first < index) {
      throw new InvalidArgumentError(
        `${argument}[${index}]`,
        `has the same namespace and id as ${argument}[${first}]`,
      );
    }
  }
}

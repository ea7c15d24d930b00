import {
  type DuePlace,
  InvalidArgumentError,
  type NewTimer,
  type RangeDeleteResult,
  type Settlement,
  type SettlementResult,
  type ShardClaim,
  ShardConditionFailedError,
  type ShardInfo,
  type ShardMetadata,
  type TimerBatch,
  type TimerChanges,
  TimerNotFoundError,
  type TimerRange,
  type TimerStoreError,
} from '../../src';
import { dueShard, type ModelDueShard } from './due-shard';
import { errorOf, requireDifferentIds, requireForwardRange } from './model-arguments';
import {
  compareCursors,
  compareIds,
  createdTimer,
  dead,
  living,
  ModelRows,
  type ModelTimer,
  type Place,
  UNSEEN,
} from './model-rows';
import { settle } from './model-settlement';

/** What a table holds, in the order of the primary key. */
export interface TableContent {
  readonly shards: readonly ShardInfo[];
  readonly timers: readonly (Place & ModelTimer)[];
}

/** What the server chooses when it writes. */
interface Mark {
  readonly revision: string;
  readonly updatedAt: Date;
}

/**
 * The contract of the store in the simplest words there are: maps in memory, one call at a time. It has the methods
 * of `TimerStore`, and answers and throws as they do. What only the server knows, it is told before each call by `tell`.
 */
export class TimerModel {
  /** What the server's clock says, at a call that answers with it. */
  nowMs = 0;
  /** What the server marks the timer with, at a write that answers with it. */
  mark: Mark | null = null;
  readonly rows: ModelRows;
  readonly #shards: Map<number, ShardInfo>;

  constructor(shards = new Map<number, ShardInfo>(), rows = new ModelRows()) {
    this.#shards = shards;
    this.rows = rows;
  }

  clone(): TimerModel {
    return new TimerModel(new Map(this.#shards), this.rows.clone());
  }

  content(): TableContent {
    const shards = [...this.#shards.values()].sort((a, b) => a.shardId - b.shardId);
    return { shards, timers: this.rows.all() };
  }

  /** Learns what the server has chosen, from all that it holds. */
  see({ timers }: TableContent): void {
    for (const timer of timers) {
      this.rows.see(timer, timer);
    }
  }

  claimShardOwnership(shardId: number, ownerAddr: string): ShardClaim {
    const previous = this.getShard(shardId);
    const current = {
      shardId,
      ownerAddr,
      shardVersion: (previous?.shardVersion ?? 0) + 1,
      metadata: previous?.metadata ?? {},
      claimedAt: new Date(this.nowMs),
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
    this.createTimerNoLock(shardId, timer);
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

  createTimersOfShards(batches: readonly TimerBatch[]): (TimerStoreError | null)[] {
    for (const [index, { timers }] of batches.entries()) {
      requireDifferentIds(`batches[${index}].timers`, timers);
    }
    return batches.map(({ shardId, shardVersion, timers }) =>
      errorOf(() =>
        shardVersion === undefined
          ? this.createTimersNoLock(shardId, timers)
          : this.createTimers(shardId, shardVersion, timers),
      ),
    );
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
    const timer = this.#require(living(shardId), namespace, timerId);
    const { executeAt } = changes;
    const rescheduled = executeAt && { dueAt: executeAt, firstAttemptAt: null, lastError: null };
    return this.#write(living(shardId), { ...timer, ...changes, ...rescheduled });
  }

  deleteTimer(shardId: number, shardVersion: number, namespace: string, timerId: string): void {
    this.#requireFence(shardId, shardVersion);
    this.deleteTimerNoLock(shardId, namespace, timerId);
  }

  deleteTimerNoLock(shardId: number, namespace: string, timerId: string): void {
    this.rows.remove(living(shardId), this.#require(living(shardId), namespace, timerId));
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
      this.rows.remove(living(shardId), timer);
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
    return this.rows.allOrNothing(() => {
      const result = this.rangeDeleteWithLimitNoLock(shardId, range, Number.POSITIVE_INFINITY);
      this.#create(shardId, timersToInsert);
      return result;
    });
  }

  getTimer(shardId: number, namespace: string, id: string): ModelTimer | null {
    return this.rows.find(living(shardId), { namespace, id });
  }

  rangeGetTimers(shardId: number, range: TimerRange, limit: number): ModelTimer[] {
    return this.#inRange(living(shardId), range, limit);
  }

  readDueTimers(
    places: readonly DuePlace[],
    lookAheadMs: number,
    limit: number,
  ): { readonly nowMs: number; readonly shards: readonly ModelDueShard[] } {
    const shards = places.map(({ shardId, after }) => {
      const timers = this.rows.timersOf(living(shardId));
      return dueShard(shardId, this.getShard(shardId), timers, after, this.nowMs + lookAheadMs, limit);
    });
    return { nowMs: this.nowMs, shards };
  }

  settleTimers(settlements: readonly Settlement[]): SettlementResult[] {
    const settled = new Map<ModelTimer, Settlement>();
    const results = settlements.map((settlement): SettlementResult => {
      const { shardId, shardVersion, timer } = settlement;
      if (this.getShard(shardId)?.shardVersion !== shardVersion) {
        return 'lost';
      }
      const found = this.getTimer(shardId, timer.namespace, timer.id);
      // After the first of two settlements, the timer is no longer what was delivered.
      if (found === null || found.revision !== timer.revision || settled.has(found)) {
        return 'changed';
      }
      settled.set(found, settlement);
      return 'settled';
    });
    this.rows.allOrNothing(() => settle(this.rows, [...settled]));
    return results;
  }

  rangeGetDeadTimers(
    shardId: number,
    range: TimerRange,
    limit: number,
  ): (ModelTimer & { readonly diedAt: Date | null })[] {
    return this.#inRange(dead(shardId), range, limit).map((timer) => ({ ...timer, diedAt: timer.updatedAt }));
  }

  reviveTimer(shardId: number, namespace: string, timerId: string, executeAt: Date): ModelTimer {
    const timer = this.#require(dead(shardId), namespace, timerId);
    if (this.getTimer(shardId, namespace, timerId) !== null) {
      throw new InvalidArgumentError('timerId', 'is that of a living timer');
    }
    return this.rows.allOrNothing(() => {
      this.rows.remove(dead(shardId), timer);
      const unspent = { attempts: 0, firstAttemptAt: null, lastError: null };
      return this.#write(living(shardId), { ...timer, executeAt, dueAt: executeAt, ...unspent });
    });
  }

  deleteDeadTimer(shardId: number, namespace: string, timerId: string): void {
    this.rows.remove(dead(shardId), this.#require(dead(shardId), namespace, timerId));
  }

  /** One after the other in the order of their ids, as the server does: what is moved first makes room for the next. */
  #create(shardId: number, timers: readonly NewTimer[]): void {
    this.rows.allOrNothing(() => {
      for (const timer of [...timers].sort(compareIds)) {
        this.rows.put(living(shardId), createdTimer(timer, new Date(this.nowMs)));
      }
    });
  }

  #write(place: Place, timer: ModelTimer): ModelTimer {
    const written = { ...timer, ...(this.mark ?? UNSEEN) };
    this.rows.put(place, written);
    return written;
  }

  #inRange(place: Place, range: TimerRange, limit: number): ModelTimer[] {
    requireForwardRange(range);
    return this.rows
      .timersOf(place)
      .filter((timer) => compareCursors(timer, range.after) > 0 && compareCursors(timer, range.upTo) <= 0)
      .slice(0, limit);
  }

  #requireFence(shardId: number, shardVersion: number): ShardInfo {
    const shard = this.#shards.get(shardId);
    if (shard?.shardVersion !== shardVersion) {
      throw new ShardConditionFailedError(shardId, shardVersion);
    }
    return shard;
  }

  #require(place: Place, namespace: string, id: string): ModelTimer {
    const timer = this.rows.find(place, { namespace, id });
    if (timer === null) {
      throw new TimerNotFoundError(place.shardId, namespace, id);
    }
    return timer;
  }
}

import { CallGate } from '../contract/call-gate';
import type { DueEvents, DueListener, DuePlace, DueShard, DueTimers } from '../contract/due-timers';
import { InvalidArgumentError, type TimerStoreError } from '../contract/errors';
import { checkInteger, checkShardId, MAX_INT4, MIN_INT4 } from '../contract/scalars';
import type { Settlement, SettlementResult } from '../contract/settlement';
import type { TimerStore } from '../contract/timer-store';
import type {
  CallOptions,
  DeadTimer,
  JsonCompatible,
  JsonValue,
  NewTimer,
  PoolCallOptions,
  RangeDeleteResult,
  ShardClaim,
  ShardInfo,
  ShardMetadata,
  Timer,
  TimerBatch,
  TimerChanges,
  TimerRange,
} from '../contract/types';
import { checkMethod, parseFields } from '../validation/objects';

/** The shards of one store. */
export interface ShardRange {
  /** The first shard. */
  readonly from: number;
  /** The last shard, inclusive. */
  readonly to: number;
  readonly store: TimerStore;
}

/** The store of a shard; undefined for a shard that has none. */
export type StoreOfShard = (shardId: number) => TimerStore | undefined;

const SHARD_RANGE_FIELDS = ['from', 'to', 'store'] as const satisfies readonly (keyof ShardRange)[];

/**
 * One store for shards on many servers: each call goes to the store of its shard as it is. No call reaches two of them.
 */
export class ShardedTimerStore implements TimerStore {
  readonly #storeOf: StoreOfShard;
  /** Each once. */
  readonly #ownedStores: ReadonlySet<TimerStore>;
  readonly #gate = new CallGate();
  #closing: Promise<void> | undefined;

  /**
   * @param shards either ranges in ascending order, whose stores this one owns from now on and closes; or a function,
   *   which is asked at each call, and whose stores stay the caller's. A function can follow a shard that moves.
   * @throws InvalidArgumentError ranges that are empty, overlap or are out of order.
   */
  constructor(shards: readonly ShardRange[] | StoreOfShard) {
    if (typeof shards === 'function') {
      this.#storeOf = shards;
      this.#ownedStores = new Set();
    } else {
      const ranges = parseRanges(shards);
      this.#storeOf = (shardId) => findRange(ranges, shardId)?.store;
      this.#ownedStores = new Set(ranges.map(({ store }) => store));
    }
  }

  claimShardOwnership(shardId: number, ownerAddr: string, options?: CallOptions): Promise<ShardClaim> {
    return this.#call(shardId, (store) => store.claimShardOwnership(shardId, ownerAddr, options));
  }

  getShard(shardId: number, options?: CallOptions): Promise<ShardInfo | null> {
    return this.#call(shardId, (store) => store.getShard(shardId, options));
  }

  updateShardMetadata(
    shardId: number,
    shardVersion: number,
    metadata: ShardMetadata,
    options?: CallOptions,
  ): Promise<void> {
    return this.#call(shardId, (store) =>
      store.updateShardMetadata(shardId, shardVersion, metadata, options),
    );
  }

  createTimer<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    shardVersion: number,
    timer: NewTimer<P | JsonValue>,
    options?: CallOptions,
  ): Promise<void> {
    return this.#call(shardId, (store) => store.createTimer(shardId, shardVersion, timer, options));
  }

  createTimers<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    shardVersion: number,
    timers: readonly NewTimer<P | JsonValue>[],
    options?: CallOptions,
  ): Promise<void> {
    return this.#call(shardId, (store) => store.createTimers(shardId, shardVersion, timers, options));
  }

  /** One statement for each server. */
  async createTimersOfShards<P extends JsonCompatible<P> = JsonValue>(
    batches: readonly TimerBatch<NewTimer<P | JsonValue>>[],
    options?: CallOptions,
  ): Promise<(TimerStoreError | null)[]> {
    const parts = await this.#callEach(batches, (store, its) => store.createTimersOfShards(its, options));
    return inOrder(parts);
  }

  updateTimer<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    shardVersion: number,
    namespace: string,
    timerId: string,
    changes: TimerChanges<P | JsonValue>,
    options?: CallOptions,
  ): Promise<Timer> {
    return this.#call(shardId, (store) =>
      store.updateTimer(shardId, shardVersion, namespace, timerId, changes, options),
    );
  }

  deleteTimer(
    shardId: number,
    shardVersion: number,
    namespace: string,
    timerId: string,
    options?: CallOptions,
  ): Promise<void> {
    return this.#call(shardId, (store) =>
      store.deleteTimer(shardId, shardVersion, namespace, timerId, options),
    );
  }

  rangeDeleteWithLimit(
    shardId: number,
    shardVersion: number,
    range: TimerRange,
    limit: number,
    options?: CallOptions,
  ): Promise<RangeDeleteResult> {
    return this.#call(shardId, (store) =>
      store.rangeDeleteWithLimit(shardId, shardVersion, range, limit, options),
    );
  }

  rangeDeleteWithBatchInsertTxn<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    shardVersion: number,
    range: TimerRange,
    timersToInsert: readonly NewTimer<P | JsonValue>[],
    options?: CallOptions,
  ): Promise<RangeDeleteResult> {
    return this.#call(shardId, (store) =>
      store.rangeDeleteWithBatchInsertTxn(shardId, shardVersion, range, timersToInsert, options),
    );
  }

  createTimerNoLock<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    timer: NewTimer<P | JsonValue>,
    options?: CallOptions,
  ): Promise<void> {
    return this.#call(shardId, (store) => store.createTimerNoLock(shardId, timer, options));
  }

  createTimersNoLock<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    timers: readonly NewTimer<P | JsonValue>[],
    options?: CallOptions,
  ): Promise<void> {
    return this.#call(shardId, (store) => store.createTimersNoLock(shardId, timers, options));
  }

  updateTimerNoLock<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    namespace: string,
    timerId: string,
    changes: TimerChanges<P | JsonValue>,
    options?: CallOptions,
  ): Promise<Timer> {
    return this.#call(shardId, (store) =>
      store.updateTimerNoLock(shardId, namespace, timerId, changes, options),
    );
  }

  deleteTimerNoLock(
    shardId: number,
    namespace: string,
    timerId: string,
    options?: CallOptions,
  ): Promise<void> {
    return this.#call(shardId, (store) => store.deleteTimerNoLock(shardId, namespace, timerId, options));
  }

  rangeDeleteWithLimitNoLock(
    shardId: number,
    range: TimerRange,
    limit: number,
    options?: CallOptions,
  ): Promise<RangeDeleteResult> {
    return this.#call(shardId, (store) => store.rangeDeleteWithLimitNoLock(shardId, range, limit, options));
  }

  getTimer(
    shardId: number,
    namespace: string,
    timerId: string,
    options?: CallOptions,
  ): Promise<Timer | null> {
    return this.#call(shardId, (store) => store.getTimer(shardId, namespace, timerId, options));
  }

  rangeGetTimers(shardId: number, range: TimerRange, limit: number, options?: CallOptions): Promise<Timer[]> {
    return this.#call(shardId, (store) => store.rangeGetTimers(shardId, range, limit, options));
  }

  /** One statement for each server. The time is that of the server whose clock is the most behind. */
  async readDueTimers(
    places: readonly DuePlace[],
    lookAheadMs: number,
    limit: number,
    options?: CallOptions,
  ): Promise<DueTimers> {
    const parts = await this.#callEach(places, (store, its) =>
      store.readDueTimers(its, lookAheadMs, limit, options),
    );
    const shards = new Map(
      parts.flatMap(({ result }) => result.shards.map((shard) => [shard.shardId, shard])),
    );
    return {
      nowMs: Math.min(...parts.map(({ result }) => result.nowMs)),
      shards: places.map(({ shardId }) => shards.get(shardId) as DueShard),
    };
  }

  /** One statement for each server. If one of them fails, what the others did is done, and is `changed` the next time. */
  async settleTimers(settlements: readonly Settlement[], options?: CallOptions): Promise<SettlementResult[]> {
    const parts = await this.#callEach(settlements, (store, its) => store.settleTimers(its, options));
    return inOrder(parts);
  }

  /** Null goes to each store of a range; those behind a function are not known. */
  async announceDueTimers(shardIds: readonly number[] | null, options?: CallOptions): Promise<void> {
    if (shardIds === null) {
      await Promise.all([...this.#ownedStores].map((store) => store.announceDueTimers(null, options)));
      return;
    }
    const shards = shardIds.map((shardId) => ({ shardId }));
    await this.#callEach(shards, (store, its) =>
      store.announceDueTimers(
        its.map(({ shardId }) => shardId),
        options,
      ),
    );
  }

  /** On each server. Only of ranges: the stores behind a function are not known before their shards are. */
  async listenForDueTimers(events: DueEvents, options?: PoolCallOptions): Promise<DueListener> {
    if (this.#ownedStores.size === 0) {
      throw new InvalidArgumentError('shards', 'must be ranges, not a function, for listening to all stores');
    }
    const listeners: DueListener[] = [];
    const close = async () => {
      await Promise.all(listeners.map((listener) => listener.close()));
    };
    try {
      for (const store of this.#ownedStores) {
        listeners.push(await store.listenForDueTimers(events, options));
      }
    } catch (error) {
      await close();
      throw error;
    }
    return { close };
  }

  rangeGetDeadTimers(
    shardId: number,
    range: TimerRange,
    limit: number,
    options?: CallOptions,
  ): Promise<DeadTimer[]> {
    return this.#call(shardId, (store) => store.rangeGetDeadTimers(shardId, range, limit, options));
  }

  reviveTimer(
    shardId: number,
    namespace: string,
    timerId: string,
    executeAt: Date,
    options?: CallOptions,
  ): Promise<Timer> {
    return this.#call(shardId, (store) => store.reviveTimer(shardId, namespace, timerId, executeAt, options));
  }

  deleteDeadTimer(shardId: number, namespace: string, timerId: string, options?: CallOptions): Promise<void> {
    return this.#call(shardId, (store) => store.deleteDeadTimer(shardId, namespace, timerId, options));
  }

  /** Finishes the calls that were accepted, refuses new ones, and closes each store that it was given with a range. */
  close(): Promise<void> {
    this.#closing ??= this.#gate.close().then(() => closeAll(this.#ownedStores));
    return this.#closing;
  }

  /** Does a part on each of the stores, side by side. */
  async #callEach<TItem extends { readonly shardId: number }, TResult>(
    items: readonly TItem[],
    call: (store: TimerStore, items: TItem[]) => Promise<TResult>,
  ): Promise<Part<TResult>[]> {
    this.#gate.enter();
    try {
      const parts = new Map<TimerStore, { items: TItem[]; places: number[] }>();
      for (const [place, item] of items.entries()) {
        const store = this.#requireStore(item.shardId);
        const part = parts.get(store) ?? { items: [], places: [] };
        part.items.push(item);
        part.places.push(place);
        parts.set(store, part);
      }
      const results = await Promise.allSettled(
        [...parts].map(async ([store, part]) => ({
          places: part.places,
          result: await call(store, part.items),
        })),
      );
      return results.map((result) => {
        if (result.status === 'rejected') {
          throw result.reason;
        }
        return result.value;
      });
    } finally {
      this.#gate.leave();
    }
  }

  #requireStore(shardId: number): TimerStore {
    checkShardId(shardId);
    const store = this.#storeOf(shardId);
    if (store === undefined) {
      throw new InvalidArgumentError(
        'shardId',
        `must be that of a shard with a store, which ${shardId} has not`,
      );
    }
    return store;
  }

  async #call<T>(shardId: number, call: (store: TimerStore) => Promise<T>): Promise<T> {
    checkShardId(shardId);
    this.#gate.enter();
    try {
      return await call(this.#requireStore(shardId));
    } finally {
      this.#gate.leave();
    }
  }
}

/** What a store said of the items at these places. */
interface Part<TResult> {
  readonly places: readonly number[];
  readonly result: TResult;
}

/** The results of all items, in the order of the items. */
function inOrder<TResult>(parts: readonly Part<readonly TResult[]>[]): TResult[] {
  const results: TResult[] = [];
  for (const { places, result } of parts) {
    for (const [index, place] of places.entries()) {
      results[place] = result[index] as TResult;
    }
  }
  return results;
}

/** All of them, even if one fails. */
async function closeAll(stores: ReadonlySet<TimerStore>): Promise<void> {
  const results = await Promise.allSettled([...stores].map((store) => store.close()));
  for (const result of results) {
    if (result.status === 'rejected') {
      throw result.reason;
    }
  }
}

/** By halves, since there may be a range for each shard. */
function findRange(ranges: readonly ShardRange[], shardId: number): ShardRange | undefined {
  let first = 0;
  let end = ranges.length;
  while (first < end) {
    const middle = (first + end) >> 1;
    const range = ranges[middle] as ShardRange;
    if (shardId < range.from) {
      end = middle;
    } else if (shardId > range.to) {
      first = middle + 1;
    } else {
      return range;
    }
  }
  return undefined;
}

/** A copy, since the caller's may change. */
function parseRanges(shards: unknown): ShardRange[] {
  if (!Array.isArray(shards) || shards.length === 0) {
    throw new InvalidArgumentError('shards', 'must be a function, or an array of at least one range');
  }
  const ranges: ShardRange[] = [];
  for (const [index, value] of shards.entries()) {
    const argument = `shards[${index}]`;
    const { from, to, store } = parseFields(argument, value, SHARD_RANGE_FIELDS);
    checkInteger(`${argument}.from`, from, MIN_INT4, MAX_INT4);
    checkInteger(`${argument}.to`, to, from, MAX_INT4);
    checkMethod(`${argument}.store`, store, 'claimShardOwnership');
    const previous = ranges.at(-1);
    if (previous !== undefined && from <= previous.to) {
      throw new InvalidArgumentError(
        `${argument}.from`,
        `must be greater than ${previous.to}, where the range before it ends, not ${from}`,
      );
    }
    ranges.push({ from, to, store: store as TimerStore });
  }
  return ranges;
}

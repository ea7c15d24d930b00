import type { DueEvents, DueListener, DuePlace, DueShard, DueTimers } from '../contract/due-timers';
import { InvalidArgumentError, type TimerStoreError } from '../contract/errors';
import { checkShardId } from '../contract/scalars';
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
import { parseDueRead } from '../validation/due-places';
import { MAX_JSONB_SIZE } from '../validation/json-text';
import { parseShardIds } from '../validation/keys';
import { checkMethod } from '../validation/objects';
import { parseSettlements } from '../validation/settlement';
import { parseTimerBatches } from '../validation/timer-batches';
import type { ShardRange } from './shard-ranges';
import { type Part, type StoreOfShard, StoreRouter } from './store-router';

/**
 * One store for shards on many servers: each call goes to the store of its shard as it is. No call reaches two of them.
 *
 * @example
 * const sharded = new ShardedTimerStore([
 *   { from: 0, to: 127, store: first },
 *   { from: 128, to: 255, store: second },
 * ]);
 */
export class ShardedTimerStore implements TimerStore {
  readonly #router: StoreRouter;

  /**
   * @param shards either ranges in ascending order, whose stores this one owns from now on and closes; or a function,
   *   which is asked at each call, and whose stores stay the caller's. A function can follow a shard that moves.
   * @throws InvalidArgumentError ranges that are empty, overlap or are out of order.
   */
  constructor(shards: readonly ShardRange[] | StoreOfShard) {
    this.#router = new StoreRouter(shards);
  }

  claimShardOwnership(shardId: number, ownerAddr: string, options?: CallOptions): Promise<ShardClaim> {
    return this.#router.call(shardId, (store) => store.claimShardOwnership(shardId, ownerAddr, options));
  }

  getShard(shardId: number, options?: CallOptions): Promise<ShardInfo | null> {
    return this.#router.call(shardId, (store) => store.getShard(shardId, options));
  }

  updateShardMetadata(
    shardId: number,
    shardVersion: number,
    metadata: ShardMetadata,
    options?: CallOptions,
  ): Promise<void> {
    return this.#router.call(shardId, (store) =>
      store.updateShardMetadata(shardId, shardVersion, metadata, options),
    );
  }

  createTimer<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    shardVersion: number,
    timer: NewTimer<P | JsonValue>,
    options?: CallOptions,
  ): Promise<void> {
    return this.#router.call(shardId, (store) => store.createTimer(shardId, shardVersion, timer, options));
  }

  createTimers<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    shardVersion: number,
    timers: readonly NewTimer<P | JsonValue>[],
    options?: CallOptions,
  ): Promise<void> {
    return this.#router.call(shardId, (store) => store.createTimers(shardId, shardVersion, timers, options));
  }

  /** One statement for each server. Only its own store knows how large a payload may be: of one that is too large, the others' batches are stored. */
  async createTimersOfShards<P extends JsonCompatible<P> = JsonValue>(
    batches: readonly TimerBatch<NewTimer<P | JsonValue>>[],
    options?: CallOptions,
  ): Promise<(TimerStoreError | null)[]> {
    const parts = await this.#router.callEach(
      'batches',
      batches,
      (store, its) => store.createTimersOfShards(its, options),
      () => {
        refuseClient(options);
        return parseTimerBatches(batches, MAX_JSONB_SIZE);
      },
    );
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
    return this.#router.call(shardId, (store) =>
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
    return this.#router.call(shardId, (store) =>
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
    return this.#router.call(shardId, (store) =>
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
    return this.#router.call(shardId, (store) =>
      store.rangeDeleteWithBatchInsertTxn(shardId, shardVersion, range, timersToInsert, options),
    );
  }

  createTimerNoLock<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    timer: NewTimer<P | JsonValue>,
    options?: CallOptions,
  ): Promise<void> {
    return this.#router.call(shardId, (store) => store.createTimerNoLock(shardId, timer, options));
  }

  createTimersNoLock<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    timers: readonly NewTimer<P | JsonValue>[],
    options?: CallOptions,
  ): Promise<void> {
    return this.#router.call(shardId, (store) => store.createTimersNoLock(shardId, timers, options));
  }

  updateTimerNoLock<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    namespace: string,
    timerId: string,
    changes: TimerChanges<P | JsonValue>,
    options?: CallOptions,
  ): Promise<Timer> {
    return this.#router.call(shardId, (store) =>
      store.updateTimerNoLock(shardId, namespace, timerId, changes, options),
    );
  }

  deleteTimerNoLock(
    shardId: number,
    namespace: string,
    timerId: string,
    options?: CallOptions,
  ): Promise<void> {
    return this.#router.call(shardId, (store) =>
      store.deleteTimerNoLock(shardId, namespace, timerId, options),
    );
  }

  rangeDeleteWithLimitNoLock(
    shardId: number,
    range: TimerRange,
    limit: number,
    options?: CallOptions,
  ): Promise<RangeDeleteResult> {
    return this.#router.call(shardId, (store) =>
      store.rangeDeleteWithLimitNoLock(shardId, range, limit, options),
    );
  }

  getTimer(
    shardId: number,
    namespace: string,
    timerId: string,
    options?: CallOptions,
  ): Promise<Timer | null> {
    return this.#router.call(shardId, (store) => store.getTimer(shardId, namespace, timerId, options));
  }

  rangeGetTimers(shardId: number, range: TimerRange, limit: number, options?: CallOptions): Promise<Timer[]> {
    return this.#router.call(shardId, (store) => store.rangeGetTimers(shardId, range, limit, options));
  }

  /** As its store says; undefined for a shard that has none, or whose function fails, as the calls for it will. */
  serverOf(shardId: number): unknown {
    checkShardId(shardId);
    let store: TimerStore | undefined;
    try {
      store = this.#router.storeOf(shardId);
    } catch {
      return undefined;
    }
    return store?.serverOf?.(shardId) ?? store;
  }

  /**
   * One statement for each server. The time is that of the server whose clock is the most behind. The shards of a server that
   * is away are among the `failures`, as long as another one answers.
   */
  async readDueTimers(
    places: readonly DuePlace[],
    lookAheadMs: number,
    limit: number,
    options?: CallOptions,
  ): Promise<DueTimers> {
    const checked = parseDueRead(places, lookAheadMs, limit);
    const { done, failed } = await this.#router.callEachLiving(
      'places',
      checked,
      (store, its) => store.readDueTimers(its, lookAheadMs, limit, options),
      () => refuseClient(options),
    );
    const shards = new Map<number, DueShard>();
    const failures = new Map<number, TimerStoreError>();
    for (const { result } of done) {
      for (const shard of result.shards) {
        shards.set(shard.shardId, shard);
      }
      for (const [shardId, error] of result.failures ?? []) {
        failures.set(shardId, error);
      }
    }
    for (const { places: its, error } of failed) {
      for (const place of its) {
        failures.set((checked[place] as DuePlace).shardId, error);
      }
    }
    return {
      nowMs: Math.min(...done.map(({ result }) => result.nowMs)),
      shards: checked.flatMap(({ shardId }) => shards.get(shardId) ?? []),
      ...(failures.size > 0 && { failures }),
    };
  }

  /** One statement for each server. What is of a server that is away is `locked`, as long as another one answers. */
  async settleTimers(settlements: readonly Settlement[], options?: CallOptions): Promise<SettlementResult[]> {
    const { done, failed } = await this.#router.callEachLiving(
      'settlements',
      settlements,
      (store, its) => store.settleTimers(its, options),
      () => {
        refuseClient(options);
        parseSettlements(settlements, MAX_JSONB_SIZE);
      },
    );
    const locked = failed.map(({ places }) => ({ places, result: places.map(() => 'locked' as const) }));
    return inOrder<SettlementResult>([...done, ...locked]);
  }

  /** Null goes to each store of a range; those behind a function are not known. */
  async announceDueTimers(shardIds: readonly number[] | null, options?: CallOptions): Promise<void> {
    if (shardIds === null) {
      if (this.#router.ownedStores.size > 1) {
        refuseClient(options);
      }
      await Promise.all([...this.#router.ownedStores].map((store) => store.announceDueTimers(null, options)));
      return;
    }
    const shards = parseShardIds('shardIds', shardIds).map((shardId) => ({ shardId }));
    await this.#router.callEach(
      'shardIds',
      shards,
      (store, its) =>
        store.announceDueTimers(
          its.map(({ shardId }) => shardId),
          options,
        ),
      () => refuseClient(options),
    );
  }

  /** On each server. Only of ranges: the stores behind a function are not known before their shards are. */
  async listenForDueTimers(events: DueEvents, options?: PoolCallOptions): Promise<DueListener> {
    checkMethod('events', events, 'onDue');
    checkMethod('events', events, 'onLoss');
    if (this.#router.ownedStores.size === 0) {
      throw new InvalidArgumentError('shards', 'must be ranges, not a function, for listening to all stores');
    }
    const listeners: DueListener[] = [];
    const close = async () => {
      await Promise.all(listeners.map((listener) => listener.close()));
    };
    try {
      for (const store of this.#router.ownedStores) {
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
    return this.#router.call(shardId, (store) => store.rangeGetDeadTimers(shardId, range, limit, options));
  }

  reviveTimer(
    shardId: number,
    namespace: string,
    timerId: string,
    executeAt: Date,
    options?: CallOptions,
  ): Promise<Timer> {
    return this.#router.call(shardId, (store) =>
      store.reviveTimer(shardId, namespace, timerId, executeAt, options),
    );
  }

  deleteDeadTimer(shardId: number, namespace: string, timerId: string, options?: CallOptions): Promise<void> {
    return this.#router.call(shardId, (store) => store.deleteDeadTimer(shardId, namespace, timerId, options));
  }

  /** Finishes the calls that were accepted, refuses new ones, and closes each store that it was given with a range. */
  close(): Promise<void> {
    return this.#router.close();
  }
}

/** Shards of several servers cannot be written to in a transaction on one. */
function refuseClient(options: CallOptions | undefined): void {
  if (options?.client !== undefined) {
    throw new InvalidArgumentError(
      'options.client',
      'is in a transaction on one server, and the call is for shards on several',
    );
  }
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

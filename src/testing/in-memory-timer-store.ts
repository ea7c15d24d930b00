import { CallGate } from '../contract/call-gate';
import type { DueEvents, DueListener, DuePlace, DueTimers } from '../contract/due-timers';
import { CallAbortedError, InvalidArgumentError, TimerStoreError } from '../contract/errors';
import { newRevision } from '../contract/new-revision';
import { checkLimit, checkShardId, checkText, parseDate } from '../contract/scalars';
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
  StoreOptions,
  Timer,
  TimerBatch,
  TimerChanges,
  TimerRange,
} from '../contract/types';
import type { EngineClock } from '../engine/engine-clock';
import { activeTraceparent } from '../telemetry/instrument';
import { parseDueRead } from '../validation/due-places';
import { checkShard, checkTimerKey, parseShardIds } from '../validation/keys';
import { checkMethod, parseOptions } from '../validation/objects';
import { DEFAULT_MAX_PAYLOAD_BYTES, parseCallOptions, parseStoreOptions } from '../validation/options';
import { parseRange, parseShardMetadata } from '../validation/range';
import { parseSettlements } from '../validation/settlement';
import { type NewTimerDefaults, parseNewTimer, parseNewTimers, parseTimerChanges } from '../validation/timer';
import { parseTimerBatches, type TimerBatchValues } from '../validation/timer-batches';
import { DueListeners } from './memory/due-listeners';
import { MemoryShard } from './memory/memory-shard';
import { settle } from './memory/settle';
import { placeOf, toDeadTimer, toTimer } from './memory/timer-row';

/** By what clock a store in memory goes, and how large a payload may be. */
export interface InMemoryTimerStoreOptions extends Pick<StoreOptions, 'maxPayloadBytes'> {
  /** What the server's clock is to other stores: a `TestClock`. (Default: the time of this process) */
  readonly clock?: Pick<EngineClock, 'now'> | undefined;
}

/**
 * A timer store in the memory of this process, for tests: it answers, refuses and throws as `PostgresTimerStore` does.
 * What it cannot do is fail, and take part in a transaction: it refuses `client`.
 *
 * @example
 * const clock = new TestClock(new Date('2030-01-01T09:00:00Z'));
 * const inMemory = new InMemoryTimerStore({ clock });
 */
export class InMemoryTimerStore implements TimerStore {
  readonly #clock: { now(): number };
  readonly #maxPayloadBytes: number;
  readonly #shards = new Map<number, MemoryShard>();
  readonly #listeners = new DueListeners();
  readonly #gate = new CallGate();
  #closing: Promise<void> | undefined;

  /** @throws InvalidArgumentError */
  constructor(options: InMemoryTimerStoreOptions = {}) {
    const { clock = Date, maxPayloadBytes } = parseOptions('options', options, ['clock', 'maxPayloadBytes']);
    checkMethod('options.clock', clock, 'now');
    this.#clock = clock as { now(): number };
    this.#maxPayloadBytes =
      parseStoreOptions({ maxPayloadBytes }).maxPayloadBytes ?? DEFAULT_MAX_PAYLOAD_BYTES;
  }

  async claimShardOwnership(shardId: number, ownerAddr: string, options?: CallOptions): Promise<ShardClaim> {
    checkShardId(shardId);
    checkText('ownerAddr', ownerAddr);
    return await this.#call('claimShardOwnership', options, () => {
      const shard = this.#shard(shardId);
      const previous = shard.info;
      shard.claim(ownerAddr, this.#now());
      return { previous: copyOf(previous), current: copyOf(shard.info as ShardInfo) };
    });
  }

  async getShard(shardId: number, options?: CallOptions): Promise<ShardInfo | null> {
    checkShardId(shardId);
    return await this.#call('getShard', options, () => copyOf(this.#shard(shardId).info));
  }

  async updateShardMetadata(
    shardId: number,
    shardVersion: number,
    metadata: ShardMetadata,
    options?: CallOptions,
  ): Promise<void> {
    checkShard(shardId, shardVersion);
    const parsed = parseShardMetadata(metadata);
    await this.#call('updateShardMetadata', options, () => {
      const shard = this.#shard(shardId);
      shard.info = { ...shard.requireFence(shardVersion), metadata: parsed };
    });
  }

  async createTimer<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    shardVersion: number,
    timer: NewTimer<P | JsonValue>,
    options?: CallOptions,
  ): Promise<void> {
    checkShard(shardId, shardVersion);
    await this.#createOne('createTimer', shardId, shardVersion, timer, options);
  }

  async createTimerNoLock<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    timer: NewTimer<P | JsonValue>,
    options?: CallOptions,
  ): Promise<void> {
    checkShardId(shardId);
    await this.#createOne('createTimerNoLock', shardId, undefined, timer, options);
  }

  async createTimers<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    shardVersion: number,
    timers: readonly NewTimer<P | JsonValue>[],
    options?: CallOptions,
  ): Promise<void> {
    checkShard(shardId, shardVersion);
    await this.#createAll('createTimers', shardId, shardVersion, timers, options);
  }

  async createTimersNoLock<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    timers: readonly NewTimer<P | JsonValue>[],
    options?: CallOptions,
  ): Promise<void> {
    checkShardId(shardId);
    await this.#createAll('createTimersNoLock', shardId, undefined, timers, options);
  }

  async createTimersOfShards<P extends JsonCompatible<P> = JsonValue>(
    batches: readonly TimerBatch<NewTimer<P | JsonValue>>[],
    options?: CallOptions,
  ): Promise<(TimerStoreError | null)[]> {
    const defaults = this.#defaults();
    return await this.#call('createTimersOfShards', options, async () => {
      const values = await parseTimerBatches(batches, this.#maxPayloadBytes, defaults);
      return values.map((batch) => this.#createBatch(batch));
    });
  }

  async updateTimer<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    shardVersion: number,
    namespace: string,
    timerId: string,
    changes: TimerChanges<P | JsonValue>,
    options?: CallOptions,
  ): Promise<Timer> {
    checkShard(shardId, shardVersion);
    return await this.#update('updateTimer', shardId, shardVersion, namespace, timerId, changes, options);
  }

  async updateTimerNoLock<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    namespace: string,
    timerId: string,
    changes: TimerChanges<P | JsonValue>,
    options?: CallOptions,
  ): Promise<Timer> {
    checkShardId(shardId);
    return await this.#update('updateTimerNoLock', shardId, undefined, namespace, timerId, changes, options);
  }

  async deleteTimer(
    shardId: number,
    shardVersion: number,
    namespace: string,
    timerId: string,
    options?: CallOptions,
  ): Promise<void> {
    checkShard(shardId, shardVersion);
    checkTimerKey(namespace, timerId);
    await this.#call('deleteTimer', options, () =>
      this.#fenced(shardId, shardVersion).delete('living', namespace, timerId),
    );
  }

  async deleteTimerNoLock(
    shardId: number,
    namespace: string,
    timerId: string,
    options?: CallOptions,
  ): Promise<void> {
    checkShardId(shardId);
    checkTimerKey(namespace, timerId);
    await this.#call('deleteTimerNoLock', options, () =>
      this.#shard(shardId).delete('living', namespace, timerId),
    );
  }

  async rangeDeleteWithLimit(
    shardId: number,
    shardVersion: number,
    range: TimerRange,
    limit: number,
    options?: CallOptions,
  ): Promise<RangeDeleteResult> {
    checkShard(shardId, shardVersion);
    const parsed = parseRange(range);
    checkLimit(limit);
    return await this.#call('rangeDeleteWithLimit', options, () => ({
      deletedCount: this.#fenced(shardId, shardVersion).deleteRange(parsed, limit),
    }));
  }

  async rangeDeleteWithLimitNoLock(
    shardId: number,
    range: TimerRange,
    limit: number,
    options?: CallOptions,
  ): Promise<RangeDeleteResult> {
    checkShardId(shardId);
    const parsed = parseRange(range);
    checkLimit(limit);
    return await this.#call('rangeDeleteWithLimitNoLock', options, () => ({
      deletedCount: this.#shard(shardId).deleteRange(parsed, limit),
    }));
  }

  async rangeDeleteWithBatchInsertTxn<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    shardVersion: number,
    range: TimerRange,
    timersToInsert: readonly NewTimer<P | JsonValue>[],
    options?: CallOptions,
  ): Promise<RangeDeleteResult> {
    checkShard(shardId, shardVersion);
    const parsed = parseRange(range);
    return await this.#call('rangeDeleteWithBatchInsertTxn', options, async () => {
      const values = await this.#parseTimers('timersToInsert', timersToInsert);
      const shard = this.#fenced(shardId, shardVersion);
      return { deletedCount: shard.replaceRange(parsed, values, newRevision()) };
    });
  }

  async getTimer(
    shardId: number,
    namespace: string,
    timerId: string,
    options?: CallOptions,
  ): Promise<Timer | null> {
    checkShardId(shardId);
    checkTimerKey(namespace, timerId);
    return await this.#call('getTimer', options, () => {
      const row = this.#shard(shardId).living.get(namespace, timerId);
      return row === undefined ? null : toTimer(row);
    });
  }

  async rangeGetTimers(
    shardId: number,
    range: TimerRange,
    limit: number,
    options?: CallOptions,
  ): Promise<Timer[]> {
    checkShardId(shardId);
    const { after, upTo } = parseRange(range);
    checkLimit(limit);
    return await this.#call('rangeGetTimers', options, () =>
      this.#shard(shardId).living.range(placeOf(after), placeOf(upTo), limit).map(toTimer),
    );
  }

  async readDueTimers(
    places: readonly DuePlace[],
    lookAheadMs: number,
    limit: number,
    options?: CallOptions,
  ): Promise<DueTimers> {
    const afters = parseDueRead(places, lookAheadMs, limit);
    return await this.#call('readDueTimers', options, () => {
      const nowMs = this.#clock.now();
      const shards = afters.map(({ shardId, after }) =>
        this.#shard(shardId).due(placeOf(after), nowMs + lookAheadMs, limit),
      );
      return { nowMs, shards };
    });
  }

  async settleTimers(settlements: readonly Settlement[], options?: CallOptions): Promise<SettlementResult[]> {
    const values = parseSettlements(settlements, this.#maxPayloadBytes);
    return await this.#call('settleTimers', options, () =>
      settle(values, (shardId) => this.#shard(shardId), this.#now().getTime()),
    );
  }

  async announceDueTimers(shardIds: readonly number[] | null, options?: CallOptions): Promise<void> {
    const announced = shardIds === null ? null : parseShardIds('shardIds', shardIds);
    await this.#call('announceDueTimers', options, () => {
      if (announced?.length !== 0) {
        this.#listeners.announce(announced);
      }
    });
  }

  async listenForDueTimers(events: DueEvents, options?: PoolCallOptions): Promise<DueListener> {
    checkMethod('events', events, 'onDue');
    checkMethod('events', events, 'onLoss');
    return await this.#call('listenForDueTimers', options, () => this.#listeners.add(events));
  }

  async rangeGetDeadTimers(
    shardId: number,
    range: TimerRange,
    limit: number,
    options?: CallOptions,
  ): Promise<DeadTimer[]> {
    checkShardId(shardId);
    const { after, upTo } = parseRange(range);
    checkLimit(limit);
    return await this.#call('rangeGetDeadTimers', options, () =>
      this.#shard(shardId).dead.range(placeOf(after), placeOf(upTo), limit).map(toDeadTimer),
    );
  }

  async reviveTimer(
    shardId: number,
    namespace: string,
    timerId: string,
    executeAt: Date,
    options?: CallOptions,
  ): Promise<Timer> {
    checkShardId(shardId);
    checkTimerKey(namespace, timerId);
    const due = parseDate('executeAt', executeAt);
    return await this.#call('reviveTimer', options, () =>
      toTimer(this.#shard(shardId).revive(namespace, timerId, due, this.#now().getTime(), newRevision())),
    );
  }

  async deleteDeadTimer(
    shardId: number,
    namespace: string,
    timerId: string,
    options?: CallOptions,
  ): Promise<void> {
    checkShardId(shardId);
    checkTimerKey(namespace, timerId);
    await this.#call('deleteDeadTimer', options, () =>
      this.#shard(shardId).delete('dead', namespace, timerId),
    );
  }

  close(): Promise<void> {
    this.#closing ??= this.#gate.close().then(() => this.#listeners.clear());
    return this.#closing;
  }

  async #createOne(
    operation: string,
    shardId: number,
    shardVersion: number | undefined,
    timer: unknown,
    options: CallOptions | undefined,
  ): Promise<void> {
    const defaults = this.#defaults();
    await this.#call(operation, options, () => {
      const values = parseNewTimer('timer', timer, this.#maxPayloadBytes, defaults);
      this.#fenced(shardId, shardVersion).createOne(values, newRevision());
    });
  }

  async #createAll(
    operation: string,
    shardId: number,
    shardVersion: number | undefined,
    timers: unknown,
    options: CallOptions | undefined,
  ): Promise<void> {
    await this.#call(operation, options, async () => {
      const values = await this.#parseTimers('timers', timers);
      if (values.length > 0) {
        this.#fenced(shardId, shardVersion).create(values, newRevision());
      }
    });
  }

  #createBatch({ shardId, shardVersion, timers }: TimerBatchValues): TimerStoreError | null {
    if (timers.length === 0) {
      return null;
    }
    try {
      this.#fenced(shardId, shardVersion).create(timers, newRevision());
      return null;
    } catch (error) {
      if (error instanceof TimerStoreError) {
        return error;
      }
      throw error;
    }
  }

  async #update(
    operation: string,
    shardId: number,
    shardVersion: number | undefined,
    namespace: string,
    timerId: string,
    changes: unknown,
    options: CallOptions | undefined,
  ): Promise<Timer> {
    checkTimerKey(namespace, timerId);
    const values = parseTimerChanges(changes, this.#maxPayloadBytes);
    return await this.#call(operation, options, () => {
      const shard = this.#fenced(shardId, shardVersion);
      return toTimer(shard.update(namespace, timerId, values, this.#now().getTime(), newRevision()));
    });
  }

  #parseTimers(argument: string, timers: unknown) {
    return parseNewTimers(argument, timers, this.#maxPayloadBytes, undefined, this.#defaults());
  }

  /** What a new timer has, where it says nothing itself, in the context of the caller. */
  #defaults(): NewTimerDefaults {
    return { now: () => this.#now(), traceparent: activeTraceparent() };
  }

  /** Whole milliseconds, which is what stores keep. */
  #now(): Date {
    return new Date(Math.floor(this.#clock.now()));
  }

  #shard(shardId: number): MemoryShard {
    const shard = this.#shards.get(shardId) ?? new MemoryShard(shardId);
    this.#shards.set(shardId, shard);
    return shard;
  }

  /** @throws ShardConditionFailedError */
  #fenced(shardId: number, shardVersion: number | undefined): MemoryShard {
    const shard = this.#shard(shardId);
    if (shardVersion !== undefined) {
      shard.requireFence(shardVersion);
    }
    return shard;
  }

  async #call<T>(
    operation: string,
    options: CallOptions | undefined,
    work: () => T | Promise<T>,
  ): Promise<T> {
    const { client, signal } = parseCallOptions(options);
    if (client !== undefined) {
      throw new InvalidArgumentError(
        'options.client',
        'is not for a store in memory, which has no transactions',
      );
    }
    this.#gate.enter();
    try {
      if (signal?.aborted) {
        throw new CallAbortedError(operation, true, { cause: signal.reason });
      }
      return await work();
    } finally {
      this.#gate.leave();
    }
  }
}

/** The caller may change what it gets. */
function copyOf<T extends ShardInfo | null>(info: T): T;
function copyOf(info: ShardInfo | null): ShardInfo | null {
  if (info === null) {
    return null;
  }
  const { metadata, claimedAt } = info;
  return { ...info, metadata: parseShardMetadata(metadata), claimedAt: new Date(claimedAt) };
}

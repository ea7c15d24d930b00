import type { DueEvents, DueListener, DuePlace, DueTimers } from './due-timers';
import type { TimerStoreError } from './errors';
import type { Settlement, SettlementResult } from './settlement';
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
} from './types';

/**
 * Timers and the ownership of their shards.
 *
 * Each method that takes a `shardVersion` is fenced: it changes something only while the shard is at that
 * version, and otherwise throws `ShardConditionFailedError`. The methods named `…NoLock` are for processes
 * that do not own the shard.
 *
 * Every method throws `InvalidArgumentError` before anything is sent, `CallTimeoutError` and
 * `CallAbortedError` as its options say, `StoreUnavailableError`, and `StoreClosedError` after `close()`; a
 * write also `OutcomeUnknownError`; a claim, `getShard` and a write without the fence also `ShardMovedError`, for a
 * shard that `moveShard` has taken from this server. Where the database is not as it should be, any throws
 * `AccessDeniedError`, `SchemaMismatchError` or `UnexpectedServerError`, and one that returns a shard or one timer
 * `UnreadableRowError`. What follows names only the errors beyond those.
 *
 * Leave what you give to a call as it is until the call has ended: a long list is read bit by bit, and what waits behind
 * very many others, once it is its turn.
 */
export interface TimerStore {
  /**
   * Makes `ownerAddr` the owner of a shard and adds 1 to its version (the first claim makes it 1). Keeps the
   * metadata. Returns the owner before and the owner now.
   *
   * @throws ShardConditionFailedError another process claimed the shard at the same moment.
   */
  claimShardOwnership(shardId: number, ownerAddr: string, options?: CallOptions): Promise<ShardClaim>;

  /** The shard's owner and state; null for a shard that was never claimed. */
  getShard(shardId: number, options?: CallOptions): Promise<ShardInfo | null>;

  /** Replaces the shard's metadata. Fenced. */
  updateShardMetadata(
    shardId: number,
    shardVersion: number,
    metadata: ShardMetadata,
    options?: CallOptions,
  ): Promise<void>;

  /** Creates a timer, or replaces every field of the one with the same namespace and id. Fenced. */
  createTimer<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    shardVersion: number,
    timer: NewTimer<P | JsonValue>,
    options?: CallOptions,
  ): Promise<void>;

  /** Like `createTimer` for many: all of them or none, in one statement. An empty list sends nothing. Fenced. */
  createTimers<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    shardVersion: number,
    timers: readonly NewTimer<P | JsonValue>[],
    options?: CallOptions,
  ): Promise<void>;

  /**
   * Creates timers of many shards: of each batch all or none, and each fenced or not for itself. One statement,
   * whatever the number of shards, where they are on one server, and all of them have been claimed before.
   *
   * @returns what came of each batch, in their order: null, or its error. Once the arguments are checked, a failure of
   *   all is that of each; but with `client`, what spoils its transaction is thrown.
   * @throws InvalidArgumentError also for two batches of one shard.
   */
  createTimersOfShards<P extends JsonCompatible<P> = JsonValue>(
    batches: readonly TimerBatch<NewTimer<P | JsonValue>>[],
    options?: CallOptions,
  ): Promise<(TimerStoreError | null)[]>;

  /**
   * Changes the fields that are given and returns the timer as it is then. Never creates one. Fenced.
   *
   * Concurrent calls may share a statement, and so may those of `deleteTimer`: each fails or succeeds by itself, and
   * waits for no other one's row. A call that times out or is aborted when its statement was sent, and others share it,
   * cannot know whether it was applied.
   *
   * @throws TimerNotFoundError there is no such timer.
   */
  updateTimer<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    shardVersion: number,
    namespace: string,
    timerId: string,
    changes: TimerChanges<P | JsonValue>,
    options?: CallOptions,
  ): Promise<Timer>;

  /**
   * Deletes a timer. Fenced.
   *
   * @throws TimerNotFoundError there is no such timer.
   */
  deleteTimer(
    shardId: number,
    shardVersion: number,
    namespace: string,
    timerId: string,
    options?: CallOptions,
  ): Promise<void>;

  /**
   * Deletes the first timers of a range, at most `limit`. Fewer than `limit`: the range is empty, unless a timer was
   * moved, or another call deleted some, while the delete ran. Fenced. It also deletes what was created in the range since it was
   * read, which is lost then: it is safe where nothing is created there any longer. What was delivered is settled by
   * its key, by `settleTimers`.
   */
  rangeDeleteWithLimit(
    shardId: number,
    shardVersion: number,
    range: TimerRange,
    limit: number,
    options?: CallOptions,
  ): Promise<RangeDeleteResult>;

  /**
   * Deletes every timer of a range, then creates `timersToInsert`, both or neither, in one statement. A timer
   * that is in both survives as it is given here. Fenced. Like `rangeDeleteWithLimit`, it deletes what nobody has read.
   */
  rangeDeleteWithBatchInsertTxn<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    shardVersion: number,
    range: TimerRange,
    timersToInsert: readonly NewTimer<P | JsonValue>[],
    options?: CallOptions,
  ): Promise<RangeDeleteResult>;

  /** `createTimer` without the fence. Several statements for a shard that was never claimed and has no timer. */
  createTimerNoLock<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    timer: NewTimer<P | JsonValue>,
    options?: CallOptions,
  ): Promise<void>;

  /** `createTimers` without the fence. Several statements for a shard that was never claimed and has no timer. */
  createTimersNoLock<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    timers: readonly NewTimer<P | JsonValue>[],
    options?: CallOptions,
  ): Promise<void>;

  /**
   * `updateTimer` without the fence.
   *
   * @throws TimerNotFoundError there is no such timer.
   */
  updateTimerNoLock<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    namespace: string,
    timerId: string,
    changes: TimerChanges<P | JsonValue>,
    options?: CallOptions,
  ): Promise<Timer>;

  /**
   * `deleteTimer` without the fence.
   *
   * @throws TimerNotFoundError there is no such timer.
   */
  deleteTimerNoLock(
    shardId: number,
    namespace: string,
    timerId: string,
    options?: CallOptions,
  ): Promise<void>;

  /** `rangeDeleteWithLimit` without the fence. */
  rangeDeleteWithLimitNoLock(
    shardId: number,
    range: TimerRange,
    limit: number,
    options?: CallOptions,
  ): Promise<RangeDeleteResult>;

  /** One timer by its id, if it is pending; null if there is none. */
  getTimer(shardId: number, namespace: string, timerId: string, options?: CallOptions): Promise<Timer | null>;

  /** The first timers of a range, at most `limit`, in order of `executeAt`, then `uuid`. */
  rangeGetTimers(shardId: number, range: TimerRange, limit: number, options?: CallOptions): Promise<Timer[]>;

  /**
   * What is the same for shards of one server, or of one worker of Citus, where the store has several: an engine lets one that is
   * silent keep neither reads nor settlements of another's shards waiting. Absent: it has one.
   */
  serverOf?(shardId: number): unknown;

  /**
   * What is due in many shards, up to the server's time and `lookAheadMs` more: one statement, whatever the number of
   * shards, where they are on one server.
   *
   * @param places at least one, and each shard once.
   * @param limit timers of each shard, at most.
   */
  readDueTimers(
    places: readonly DuePlace[],
    lookAheadMs: number,
    limit: number,
    options?: CallOptions,
  ): Promise<DueTimers>;

  /**
   * Says what became of timers that were delivered. Fenced by the shard of each, and only of timers that are still what
   * was delivered, by their `revision`: one that was replaced, changed or deleted meanwhile is left alone. One
   * statement, whatever the number of shards, where they are on one server; a shard that was lost fails alone.
   *
   * @returns what came of each, in their order.
   * @throws InvalidArgumentError also for a timer that would come to the time and uuid of another one: nothing of the
   *   statement was applied then.
   */
  settleTimers(settlements: readonly Settlement[], options?: CallOptions): Promise<SettlementResult[]>;

  /**
   * Tells those who listen that timers of these shards are due soon; null: that something has changed in any. With
   * `client`, when its transaction commits. A notification takes a lock that all commits of the database share, so
   * announce what cannot wait, and no more.
   */
  announceDueTimers(shardIds: readonly number[] | null, options?: CallOptions): Promise<void>;

  /**
   * Listens to what is announced, on a connection of its own. Announcements can be lost, while that connection is: they
   * make looks at the database sooner, and do not replace them.
   *
   * @throws StoreUnavailableError there is no connection, or a pooler does not let one listen.
   */
  listenForDueTimers(events: DueEvents, options?: PoolCallOptions): Promise<DueListener>;

  /** The first dead timers of a range, in order. */
  rangeGetDeadTimers(
    shardId: number,
    range: TimerRange,
    limit: number,
    options?: CallOptions,
  ): Promise<DeadTimer[]>;

  /**
   * Makes a dead timer one that is due at `executeAt`, with no attempts.
   *
   * @throws TimerNotFoundError there is no such dead timer.
   * @throws InvalidArgumentError its id lives again: delete or keep the one or the other.
   */
  reviveTimer(
    shardId: number,
    namespace: string,
    timerId: string,
    executeAt: Date,
    options?: CallOptions,
  ): Promise<Timer>;

  /**
   * Deletes a dead timer.
   *
   * @throws TimerNotFoundError there is no such dead timer.
   */
  deleteDeadTimer(shardId: number, namespace: string, timerId: string, options?: CallOptions): Promise<void>;

  /** Finishes the calls that were accepted, refuses new ones, and closes the pool if the store owns it. Idempotent. */
  close(): Promise<void>;
}

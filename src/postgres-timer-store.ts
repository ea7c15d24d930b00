import type { PreparedQuery } from '@pgtyped/runtime';
import type { ClientBase, Pool } from 'pg';
import {
  checkLimit,
  checkMethod,
  checkShardId,
  checkShardVersion,
  checkText,
} from './arguments/check-scalar';
import { readCallOptions, readStoreOptions } from './arguments/read-options';
import { readRange, readShardMetadata } from './arguments/read-range';
import { readNewTimer, readNewTimers, readTimerChanges, type TimerValues } from './arguments/read-timer';
import { CallDeadline, type Deadline, endlessDeadline } from './call-deadline';
import { CallGate } from './call-gate';
import { checkServer } from './check-server';
import { type PostgresConnectConfig, readConnectConfig } from './connect-config';
import { CreateQueue, type CreateTarget } from './create-queue';
import {
  InvalidArgumentError,
  SchemaMismatchError,
  ShardConditionFailedError,
  ShardMovedError,
  TimerNotFoundError,
  UnreadableRowError,
  UnsupportedServerError,
} from './errors';
import { claimNewShard, claimShardOwnership, getShard, updateShardMetadata } from './generated/claim.queries';
import {
  deleteTimer,
  deleteTimerNoLock,
  rangeDeleteWithBatchInsertTxn,
  rangeDeleteWithLimit,
  rangeDeleteWithLimitNoLock,
} from './generated/delete.queries';
import { createTimer, createTimerNoLock, createTimers, createTimersNoLock } from './generated/insert.queries';
import { getTimer, rangeGetTimers } from './generated/range-select.queries';
import { readRequirements } from './generated/schema-check.queries';
import { updateTimer, updateTimerNoLock } from './generated/update.queries';
import { schemaFaults, serverFaults } from './judge-requirements';
import { openPool } from './open-pool';
import type { StatementResult } from './run-query';
import type { ServerReport } from './server-report';
import { metadataText, toShardInfo } from './shard-row';
import { StatementRunner } from './statement-runner';
import { shareStatements } from './store-statements';
import { changeParams, rangeParams, timerArrays } from './timer-params';
import { type TimerRow, toTimer } from './timer-row';
import type { TimerStore } from './timer-store';
import type {
  CallOptions,
  NewTimer,
  RangeDeleteResult,
  ShardClaim,
  ShardInfo,
  ShardMetadata,
  StoreOptions,
  Timer,
  TimerChanges,
  TimerRange,
} from './timer-store-types';
import type { StatementKind } from './translate-error';

/** The timer service's own. */
const DEFAULT_MAX_PAYLOAD_BYTES = 100 * 1024;

/** The timer store on PostgreSQL. Each method is one statement and one round trip, but for what says otherwise. */
export class PostgresTimerStore implements TimerStore {
  readonly #runner: StatementRunner;
  readonly #creates: CreateQueue | undefined;
  readonly #onUnreadableRow: (error: UnreadableRowError) => void;
  readonly #maxPayloadBytes: number;
  readonly #gate = new CallGate();
  readonly #ownedPool: Pool | undefined;
  #closing: Promise<void> | undefined;

  private constructor(runner: StatementRunner, options: StoreOptions, ownedPool: Pool | undefined) {
    const {
      batchCreates = true,
      maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES,
      onUnreadableRow = warn,
    } = options;
    this.#runner = runner;
    this.#creates = batchCreates
      ? new CreateQueue((target, timers, deadline) =>
          this.#createTimers(target, timers, { operation: target.operation, deadline, client: undefined }),
        )
      : undefined;
    this.#onUnreadableRow = onUnreadableRow;
    this.#maxPayloadBytes = maxPayloadBytes;
    this.#ownedPool = ownedPool;
    shareStatements(this, this.#run.bind(this));
  }

  /**
   * Connects to a server with a pool of its own, and checks that its version, its encoding and the schema will do.
   *
   * @param config a connection string, or fields; what is absent is taken from the `PG*` environment.
   * @throws InvalidArgumentError
   * @throws StoreUnavailableError no connection within `connect_timeout` of the connection string or
   *   `PGCONNECT_TIMEOUT`. (Default: 10 seconds)
   * @throws UnsupportedServerError older than PostgreSQL 14, or not in UTF8.
   * @throws SchemaMismatchError the database is not migrated.
   */
  static async connect(config: string | PostgresConnectConfig = {}): Promise<PostgresTimerStore> {
    const { poolConfig, sslMode, maxIdleConns, storeOptions } = readConnectConfig(config);
    const pool = await openPool(poolConfig, sslMode);
    const runner = new StatementRunner(pool, maxIdleConns, storeOptions.preparedStatements);
    const store = new PostgresTimerStore(runner, storeOptions, pool);
    try {
      await store.#checkRequirements();
    } catch (error) {
      await store.close();
      throw error;
    }
    return store;
  }

  /**
   * A store on a pool that the caller owns: `close()` leaves the pool open, and the caller listens to the
   * pool's `error` events. Nothing is checked; a missing schema shows on the first call.
   *
   * @throws InvalidArgumentError
   */
  static fromPool(pool: Pool, options: StoreOptions = {}): PostgresTimerStore {
    checkMethod('pool', pool, 'connect');
    const storeOptions = readStoreOptions(options);
    const runner = new StatementRunner(pool, Number.POSITIVE_INFINITY, storeOptions.preparedStatements);
    return new PostgresTimerStore(runner, storeOptions, undefined);
  }

  async claimShardOwnership(shardId: number, ownerAddr: string, options?: CallOptions): Promise<ShardClaim> {
    checkShardId(shardId);
    checkText('ownerAddr', ownerAddr);
    return await this.#call('claimShardOwnership', options, (call) =>
      this.#claimShard(shardId, ownerAddr, call),
    );
  }

  async #claimShard(shardId: number, ownerAddr: string, call: Call): Promise<ShardClaim> {
    const { rows } = await this.#runner.run({
      ...call,
      kind: 'write',
      query: claimShardOwnership,
      params: { shardId, ownerAddr },
    });
    const claim = rows[0];
    if (claim === undefined) {
      return this.#claimNewShard(shardId, ownerAddr, call);
    }
    if (claim.previousVersion === null) {
      return this.#refuseSealed(shardId, call);
    }
    if (claim.shardVersion === null) {
      throw new ShardConditionFailedError(shardId, claim.previousVersion);
    }
    const current = toShardInfo(shardId, { ...claim, shardVersion: claim.shardVersion });
    const previous = toShardInfo(shardId, {
      shardVersion: claim.previousVersion,
      ownerAddr: claim.previousOwnerAddr,
      claimedAtMs: claim.previousClaimedAtMs,
      metadata: claim.metadata,
    });
    return { previous, current };
  }

  async #claimNewShard(shardId: number, ownerAddr: string, call: Call): Promise<ShardClaim> {
    const { rows } = await this.#runner.run({
      ...call,
      kind: 'write',
      query: claimNewShard,
      params: { shardId, ownerAddr },
    });
    const claim = rows[0];
    if (claim === undefined) {
      throw new ShardConditionFailedError(shardId, 0);
    }
    return { previous: null, current: toShardInfo(shardId, claim) };
  }

  async getShard(shardId: number, options?: CallOptions): Promise<ShardInfo | null> {
    checkShardId(shardId);
    const { rows } = await this.#read('getShard', getShard, { shardId }, options);
    return rows[0] === undefined ? null : toShardInfo(shardId, rows[0]);
  }

  async updateShardMetadata(
    shardId: number,
    shardVersion: number,
    metadata: ShardMetadata,
    options?: CallOptions,
  ): Promise<void> {
    checkShard(shardId, shardVersion);
    const params = { shardId, shardVersion, metadata: metadataText(readShardMetadata(metadata)) };
    const { rowCount } = await this.#write('updateShardMetadata', updateShardMetadata, params, options);
    requireFence(rowCount > 0, shardId, shardVersion);
  }

  async createTimer(
    shardId: number,
    shardVersion: number,
    timer: NewTimer,
    options?: CallOptions,
  ): Promise<void> {
    checkShard(shardId, shardVersion);
    await this.#createTimer({ operation: 'createTimer', shardId, shardVersion }, timer, options);
  }

  async createTimerNoLock(shardId: number, timer: NewTimer, options?: CallOptions): Promise<void> {
    checkShardId(shardId);
    const target = { operation: 'createTimerNoLock', shardId, shardVersion: undefined };
    await this.#createTimer(target, timer, options);
  }

  #createTimer(target: CreateTarget, timer: NewTimer, options?: CallOptions): Promise<void> {
    const readTimer = () => readNewTimer('timer', timer, this.#maxPayloadBytes);
    return this.#call(target.operation, options, (call) =>
      this.#creates === undefined || call.client !== undefined
        ? this.#createTimers(target, [readTimer()], call)
        : this.#creates.add(target, readTimer, call.deadline),
    );
  }

  async createTimers(
    shardId: number,
    shardVersion: number,
    timers: readonly NewTimer[],
    options?: CallOptions,
  ): Promise<void> {
    checkShard(shardId, shardVersion);
    const values = readNewTimers('timers', timers, this.#maxPayloadBytes);
    const target = { operation: 'createTimers', shardId, shardVersion };
    await this.#call(target.operation, options, (call) => this.#createTimers(target, values, call));
  }

  async createTimersNoLock(
    shardId: number,
    timers: readonly NewTimer[],
    options?: CallOptions,
  ): Promise<void> {
    checkShardId(shardId);
    const values = readNewTimers('timers', timers, this.#maxPayloadBytes);
    const target = { operation: 'createTimersNoLock', shardId, shardVersion: undefined };
    await this.#call(target.operation, options, (call) => this.#createTimers(target, values, call));
  }

  async #createTimers(
    { shardId, shardVersion }: CreateTarget,
    timers: readonly TimerValues[],
    call: Call,
  ): Promise<void> {
    const [timer] = timers;
    if (timer === undefined) {
      return;
    }
    const write = <TParams>(query: PreparedQuery<TParams, void>, params: TParams) =>
      this.#runner.run({ ...call, kind: 'write', query, params });
    // A statement of its own for one timer: arrays of one element take the server longer.
    const isOne = timers.length === 1;
    if (shardVersion === undefined) {
      const { rowCount } = await (isOne
        ? write(createTimerNoLock, { shardId, ...timer })
        : write(createTimersNoLock, { shardId, ...timerArrays(timers) }));
      if (rowCount === 0) {
        return this.#refuseSealed(shardId, call);
      }
      return;
    }
    const { rowCount } = await (isOne
      ? write(createTimer, { shardId, shardVersion, ...timer })
      : write(createTimers, { shardId, shardVersion, ...timerArrays(timers) }));
    requireFence(rowCount > 0, shardId, shardVersion);
  }

  async updateTimer(
    shardId: number,
    shardVersion: number,
    namespace: string,
    timerId: string,
    changes: TimerChanges,
    options?: CallOptions,
  ): Promise<Timer> {
    checkShard(shardId, shardVersion);
    checkTimerKey(namespace, timerId);
    const values = readTimerChanges(changes, this.#maxPayloadBytes);
    const params = { shardId, shardVersion, namespace, timerId, ...changeParams(values) };
    const { rows } = await this.#write('updateTimer', updateTimer, params, options);
    requireFence(rows[0] !== undefined, shardId, shardVersion);
    if (rows[0].id === null) {
      throw new TimerNotFoundError(shardId, namespace, timerId);
    }
    return toTimer(shardId, { ...rows[0], id: rows[0].id });
  }

  async updateTimerNoLock(
    shardId: number,
    namespace: string,
    timerId: string,
    changes: TimerChanges,
    options?: CallOptions,
  ): Promise<Timer> {
    checkShardId(shardId);
    checkTimerKey(namespace, timerId);
    const values = readTimerChanges(changes, this.#maxPayloadBytes);
    const params = { shardId, namespace, timerId, ...changeParams(values) };
    const { rows } = await this.#writeUnsealed('updateTimerNoLock', updateTimerNoLock, params, options);
    if (rows[0] === undefined) {
      throw new TimerNotFoundError(shardId, namespace, timerId);
    }
    return toTimer(shardId, rows[0]);
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
    const params = { shardId, shardVersion, namespace, timerId };
    const { rows } = await this.#write('deleteTimer', deleteTimer, params, options);
    requireFence(rows[0] !== undefined, shardId, shardVersion);
    if (rows[0].deletedCount === 0) {
      throw new TimerNotFoundError(shardId, namespace, timerId);
    }
  }

  async deleteTimerNoLock(
    shardId: number,
    namespace: string,
    timerId: string,
    options?: CallOptions,
  ): Promise<void> {
    checkShardId(shardId);
    checkTimerKey(namespace, timerId);
    const params = { shardId, namespace, timerId };
    const { rowCount } = await this.#writeUnsealed('deleteTimerNoLock', deleteTimerNoLock, params, options);
    if (rowCount === 0) {
      throw new TimerNotFoundError(shardId, namespace, timerId);
    }
  }

  async rangeDeleteWithLimit(
    shardId: number,
    shardVersion: number,
    range: TimerRange,
    limit: number,
    options?: CallOptions,
  ): Promise<RangeDeleteResult> {
    checkShard(shardId, shardVersion);
    const checkedRange = readRange(range);
    checkLimit(limit);
    const params = { shardId, shardVersion, limit, ...rangeParams(checkedRange) };
    return await this.#call('rangeDeleteWithLimit', options, async (call) => {
      const { rowCount } = await this.#runner.run({
        ...call,
        kind: 'write',
        query: rangeDeleteWithLimit,
        params,
      });
      if (rowCount === 0) {
        // Versions only rise: a shard that is still at this one was at it when nothing was deleted.
        const { rows } = await this.#runner.run({
          ...call,
          kind: 'read',
          query: getShard,
          params: { shardId },
        });
        requireFence(rows[0]?.shardVersion === shardVersion, shardId, shardVersion);
      }
      return { deletedCount: rowCount };
    });
  }

  async rangeDeleteWithLimitNoLock(
    shardId: number,
    range: TimerRange,
    limit: number,
    options?: CallOptions,
  ): Promise<RangeDeleteResult> {
    checkShardId(shardId);
    const checkedRange = readRange(range);
    checkLimit(limit);
    const params = { shardId, limit, ...rangeParams(checkedRange) };
    const { rowCount } = await this.#writeUnsealed(
      'rangeDeleteWithLimitNoLock',
      rangeDeleteWithLimitNoLock,
      params,
      options,
    );
    return { deletedCount: rowCount };
  }

  async rangeDeleteWithBatchInsertTxn(
    shardId: number,
    shardVersion: number,
    range: TimerRange,
    timersToInsert: readonly NewTimer[],
    options?: CallOptions,
  ): Promise<RangeDeleteResult> {
    checkShard(shardId, shardVersion);
    const checkedRange = readRange(range);
    const values = readNewTimers('timersToInsert', timersToInsert, this.#maxPayloadBytes);
    const params = {
      shardId,
      shardVersion,
      ...rangeParams(checkedRange),
      ...timerArrays(values),
    };
    const { rows } = await this.#write(
      'rangeDeleteWithBatchInsertTxn',
      rangeDeleteWithBatchInsertTxn,
      params,
      options,
    );
    requireFence(rows[0] !== undefined, shardId, shardVersion);
    return { deletedCount: rows[0].deletedCount };
  }

  async getTimer(
    shardId: number,
    namespace: string,
    timerId: string,
    options?: CallOptions,
  ): Promise<Timer | null> {
    checkShardId(shardId);
    checkTimerKey(namespace, timerId);
    const { rows } = await this.#read('getTimer', getTimer, { shardId, namespace, timerId }, options);
    return rows[0] === undefined ? null : toTimer(shardId, rows[0]);
  }

  async rangeGetTimers(
    shardId: number,
    range: TimerRange,
    limit: number,
    options?: CallOptions,
  ): Promise<Timer[]> {
    checkShardId(shardId);
    const checkedRange = readRange(range);
    checkLimit(limit);
    return await this.#call('rangeGetTimers', options, async (call) => {
      const timers: Timer[] = [];
      let { after } = checkedRange;
      for (;;) {
        // Once, unless there were rows that cannot be read: a short page must mean that the range has no more.
        const missing = limit - timers.length;
        const { rows } = await this.#runner.run({
          ...call,
          kind: 'read',
          query: rangeGetTimers,
          params: { shardId, limit: missing, ...rangeParams({ after, upTo: checkedRange.upTo }) },
        });
        for (const row of rows) {
          const timer = this.#readTimer(shardId, row);
          if (timer !== undefined) {
            timers.push(timer);
          }
        }
        const last = rows.at(-1);
        if (last === undefined || rows.length < missing || timers.length === limit) {
          return timers;
        }
        // A row between two cursors has a time that a cursor can have.
        after = { executeAt: new Date(last.executeAtMs as number), uuid: last.uuid };
      }
    });
  }

  /** Undefined for a row that cannot be read, which is reported. */
  #readTimer(shardId: number, row: TimerRow): Timer | undefined {
    try {
      return toTimer(shardId, row);
    } catch (error) {
      if (!(error instanceof UnreadableRowError)) {
        throw error;
      }
      this.#onUnreadableRow(error);
      return undefined;
    }
  }

  /**
   * Looks at what the store's promises and its speed rest on: version and settings of the server, schema, privileges,
   * clocks, what a pooler does to prepared statements, and how each query would run on the table as it is. For the
   * start of a service, and for operators. Writes nothing, and takes some 30 round trips on one or two connections.
   *
   * What is wrong with the server is in the report; an error is thrown only if the server cannot be asked.
   *
   * @throws StoreUnavailableError
   */
  checkServer(options?: CallOptions): Promise<ServerReport> {
    return this.#call('checkServer', options, async ({ deadline, client }) => {
      if (client !== undefined) {
        throw new InvalidArgumentError(
          'options.client',
          'is not for checkServer, which needs connections of its own',
        );
      }
      return await checkServer(this.#runner, deadline);
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#gate.close().then(() => this.#ownedPool?.end());
    return this.#closing;
  }

  async #checkRequirements(): Promise<void> {
    const { rows } = await this.#read('connect', readRequirements, undefined);
    for (const requirements of rows) {
      const unsupported = serverFaults(requirements);
      if (unsupported.length > 0) {
        throw new UnsupportedServerError(unsupported);
      }
      const missing = schemaFaults(requirements);
      if (missing.length > 0) {
        throw new SchemaMismatchError(missing);
      }
    }
  }

  #read<TParams, TRow>(
    operation: string,
    query: PreparedQuery<TParams, TRow>,
    params: TParams,
    options?: CallOptions,
  ) {
    return this.#run('read', operation, query, params, options);
  }

  #write<TParams, TRow>(
    operation: string,
    query: PreparedQuery<TParams, TRow>,
    params: TParams,
    options?: CallOptions,
  ) {
    return this.#run('write', operation, query, params, options);
  }

  /**
   * For a write without a fence, which leaves a sealed shard alone. Nothing written can mean that, so it is asked for
   * then.
   */
  #writeUnsealed<TParams extends { shardId: number }, TRow>(
    operation: string,
    query: PreparedQuery<TParams, TRow>,
    params: TParams,
    options?: CallOptions,
  ): Promise<StatementResult<TRow>> {
    return this.#call(operation, options, async (call) => {
      const result = await this.#runner.run({ ...call, kind: 'write', query, params });
      if (result.rowCount === 0) {
        await this.#checkUnsealed(params.shardId, call);
      }
      return result;
    });
  }

  /** @throws ShardMovedError, UnreadableRowError */
  async #checkUnsealed(shardId: number, call: Call): Promise<void> {
    const { rows } = await this.#runner.run({ ...call, kind: 'read', query: getShard, params: { shardId } });
    if (rows[0]?.shardVersion === null) {
      toShardInfo(shardId, rows[0]);
    }
  }

  /** For a shard that was seen sealed. Once more, by the whole row: another program may have spoilt it. */
  async #refuseSealed(shardId: number, call: Call): Promise<never> {
    await this.#checkUnsealed(shardId, call);
    // The move has ended in between.
    throw new ShardMovedError(shardId);
  }

  #run<TParams, TRow>(
    kind: StatementKind,
    operation: string,
    query: PreparedQuery<TParams, TRow>,
    params: TParams,
    options: CallOptions | undefined,
  ): Promise<StatementResult<TRow>> {
    return this.#call(operation, options, (call) => this.#runner.run({ ...call, kind, query, params }));
  }

  /** Lets a call in, and gives it its time. */
  async #call<T>(
    operation: string,
    options: CallOptions | undefined,
    run: (call: Call) => Promise<T>,
  ): Promise<T> {
    const { client, ...callOptions } = readCallOptions(options);
    this.#gate.enter();
    const deadline = client === undefined ? new CallDeadline(operation, callOptions) : undefined;
    try {
      return await run({ operation, deadline: deadline ?? endlessDeadline(operation), client });
    } finally {
      deadline?.dispose();
      this.#gate.leave();
    }
  }
}

/** What every statement of one call is run with. */
interface Call {
  readonly operation: string;
  readonly deadline: Deadline;
  readonly client: ClientBase | undefined;
}

function warn({ message, name, code }: UnreadableRowError): void {
  process.emitWarning(message, { type: name, code });
}

function checkShard(shardId: number, shardVersion: number): void {
  checkShardId(shardId);
  checkShardVersion(shardVersion);
}

function checkTimerKey(namespace: string, timerId: string): void {
  checkText('namespace', namespace);
  checkText('timerId', timerId);
}

function requireFence(held: boolean, shardId: number, shardVersion: number): asserts held {
  if (!held) {
    throw new ShardConditionFailedError(shardId, shardVersion);
  }
}

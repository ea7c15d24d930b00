import type { Pool } from 'pg';
import { type PostgresConnectConfig, parseConnectConfig } from '../connection/connect-config';
import { openPool } from '../connection/open-pool';
import { withoutPlanSettings } from '../connection/plan-settings';
import { CallGate } from '../contract/call-gate';
import {
  InvalidArgumentError,
  SchemaMismatchError,
  TimerNotFoundError,
  type UnreadableRowError,
  UnsupportedServerError,
} from '../contract/errors';
import { checkLimit, checkShardId, checkShardVersion, checkText } from '../contract/scalars';
import type { TimerStore } from '../contract/timer-store';
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
} from '../contract/types';
import { checkServer } from '../diagnostics/check-server';
import { schemaFaults, serverFaults } from '../diagnostics/judge-requirements';
import type { ServerReport } from '../diagnostics/server-report';
import { checkResultsFormat } from '../driver/check-results-format';
import { CallDeadline, endlessDeadline } from '../driver/deadline';
import { StatementRunner } from '../driver/statement-runner';
import { getShard, updateShardMetadata } from '../generated/claim.queries';
import {
  deleteTimer,
  deleteTimerNoLock,
  rangeDeleteWithBatchInsertTxn,
  rangeDeleteWithLimit,
  rangeDeleteWithLimitNoLock,
} from '../generated/delete.queries';
import { getTimer } from '../generated/range-select.queries';
import { type ReadRequirementsResult, readRequirements } from '../generated/schema-check.queries';
import { updateTimer, updateTimerNoLock } from '../generated/update.queries';
import { checkMethod } from '../validation/objects';
import { parseCallOptions, parseStoreOptions } from '../validation/options';
import { parseRange, parseShardMetadata } from '../validation/range';
import { parseNewTimer, parseNewTimers, parseTimerChanges } from '../validation/timer';
import { claimShard } from './claim-shard';
import { CreateQueue, type CreateTarget } from './create-queue';
import { readTimers } from './read-timers';
import { requireFence } from './require-fence';
import { metadataText, toShardInfo } from './shard-row';
import { StoreCall } from './store-call';
import { shareStatements } from './store-statements';
import { changeParams, rangeParams, timerArrays } from './timer-params';
import { toTimer } from './timer-row';
import { writeTimers } from './write-timers';
import { writeUnsealed } from './write-unsealed';

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
          writeTimers(new StoreCall(runner, target.operation, deadline), target, timers),
        )
      : undefined;
    this.#onUnreadableRow = onUnreadableRow;
    this.#maxPayloadBytes = maxPayloadBytes;
    this.#ownedPool = ownedPool;
    shareStatements(this, (kind, operation, query, params, callOptions) =>
      this.#call(operation, callOptions, (call) => call.run(kind, query, params)),
    );
  }

  /**
   * Connects to a server with a pool of its own, and checks that its version, its encoding and the schema will do.
   *
   * @param config a connection string, or fields; what is absent is taken from the `PG*` environment.
   * @throws InvalidArgumentError
   * @throws StoreUnavailableError at once where nobody listens; after `connect_timeout` of the connection string, or
   *   `PGCONNECT_TIMEOUT`, where nobody answers. (Default: 10 seconds)
   * @throws UnsupportedServerError older than PostgreSQL 14, or not in UTF8.
   * @throws SchemaMismatchError the database is not migrated.
   */
  static async connect(config: string | PostgresConnectConfig = {}): Promise<PostgresTimerStore> {
    const { poolConfig, sslMode, storeOptions } = parseConnectConfig(config);
    const open = async (options: string | undefined) => {
      const pool = await openPool({ ...poolConfig, options }, sslMode);
      const runner = new StatementRunner(pool, storeOptions.preparedStatements);
      return new PostgresTimerStore(runner, storeOptions, pool);
    };
    const store = await open(poolConfig.options);
    try {
      const { hasCitus } = await store.#checkRequirements();
      const options = withoutPlanSettings(poolConfig.options);
      if (!hasCitus || options === (poolConfig.options ?? '')) {
        return store;
      }
      await store.close();
      return await open(options);
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /**
   * A store on a pool that the caller owns: `close()` leaves the pool open, and the caller listens to the
   * pool's `error` events. Nothing is checked; a missing schema shows on the first call.
   *
   * @throws InvalidArgumentError
   */
  static fromPool(pool: Pool, options: StoreOptions = {}): PostgresTimerStore {
    checkMethod('pool', pool, 'connect');
    checkResultsFormat('pool', pool);
    const storeOptions = parseStoreOptions(options);
    const runner = new StatementRunner(pool, storeOptions.preparedStatements);
    return new PostgresTimerStore(runner, storeOptions, undefined);
  }

  async claimShardOwnership(shardId: number, ownerAddr: string, options?: CallOptions): Promise<ShardClaim> {
    checkShardId(shardId);
    checkText('ownerAddr', ownerAddr);
    return await this.#call('claimShardOwnership', options, (call) => claimShard(call, shardId, ownerAddr));
  }

  async getShard(shardId: number, options?: CallOptions): Promise<ShardInfo | null> {
    checkShardId(shardId);
    const { rows } = await this.#call('getShard', options, (call) => call.read(getShard, { shardId }));
    return rows[0] === undefined ? null : toShardInfo(shardId, rows[0]);
  }

  async updateShardMetadata(
    shardId: number,
    shardVersion: number,
    metadata: ShardMetadata,
    options?: CallOptions,
  ): Promise<void> {
    checkShard(shardId, shardVersion);
    const params = { shardId, shardVersion, metadata: metadataText(parseShardMetadata(metadata)) };
    const { rowCount } = await this.#call('updateShardMetadata', options, (call) =>
      call.write(updateShardMetadata, params),
    );
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
    const parseTimer = () => parseNewTimer('timer', timer, this.#maxPayloadBytes);
    return this.#call(target.operation, options, (call) =>
      this.#creates === undefined || call.client !== undefined
        ? writeTimers(call, target, [parseTimer()])
        : this.#creates.add(target, parseTimer, call.deadline),
    );
  }

  async createTimers(
    shardId: number,
    shardVersion: number,
    timers: readonly NewTimer[],
    options?: CallOptions,
  ): Promise<void> {
    checkShard(shardId, shardVersion);
    const values = parseNewTimers('timers', timers, this.#maxPayloadBytes);
    const target = { operation: 'createTimers', shardId, shardVersion };
    await this.#call(target.operation, options, (call) => writeTimers(call, target, values));
  }

  async createTimersNoLock(
    shardId: number,
    timers: readonly NewTimer[],
    options?: CallOptions,
  ): Promise<void> {
    checkShardId(shardId);
    const values = parseNewTimers('timers', timers, this.#maxPayloadBytes);
    const target = { operation: 'createTimersNoLock', shardId, shardVersion: undefined };
    await this.#call(target.operation, options, (call) => writeTimers(call, target, values));
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
    const values = parseTimerChanges(changes, this.#maxPayloadBytes);
    const params = { shardId, shardVersion, namespace, timerId, ...changeParams(values) };
    const { rows } = await this.#call('updateTimer', options, (call) => call.write(updateTimer, params));
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
    const values = parseTimerChanges(changes, this.#maxPayloadBytes);
    const params = { shardId, namespace, timerId, ...changeParams(values) };
    const { rows } = await this.#call('updateTimerNoLock', options, (call) =>
      writeUnsealed(call, updateTimerNoLock, params),
    );
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
    const { rows } = await this.#call('deleteTimer', options, (call) => call.write(deleteTimer, params));
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
    const { rowCount } = await this.#call('deleteTimerNoLock', options, (call) =>
      writeUnsealed(call, deleteTimerNoLock, params),
    );
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
    const checkedRange = parseRange(range);
    checkLimit(limit);
    const params = { shardId, shardVersion, limit, ...rangeParams(checkedRange) };
    return await this.#call('rangeDeleteWithLimit', options, async (call) => {
      const { rowCount } = await call.write(rangeDeleteWithLimit, params);
      if (rowCount === 0) {
        // Versions only rise: a shard that is still at this one was at it when nothing was deleted.
        const { rows } = await call.read(getShard, { shardId });
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
    const checkedRange = parseRange(range);
    checkLimit(limit);
    const params = { shardId, limit, ...rangeParams(checkedRange) };
    const { rowCount } = await this.#call('rangeDeleteWithLimitNoLock', options, (call) =>
      writeUnsealed(call, rangeDeleteWithLimitNoLock, params),
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
    const checkedRange = parseRange(range);
    const values = parseNewTimers('timersToInsert', timersToInsert, this.#maxPayloadBytes);
    const params = {
      shardId,
      shardVersion,
      ...rangeParams(checkedRange),
      ...timerArrays(values),
    };
    const { rows } = await this.#call('rangeDeleteWithBatchInsertTxn', options, (call) =>
      call.write(rangeDeleteWithBatchInsertTxn, params),
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
    const { rows } = await this.#call('getTimer', options, (call) =>
      call.read(getTimer, { shardId, namespace, timerId }),
    );
    return rows[0] === undefined ? null : toTimer(shardId, rows[0]);
  }

  async rangeGetTimers(
    shardId: number,
    range: TimerRange,
    limit: number,
    options?: CallOptions,
  ): Promise<Timer[]> {
    checkShardId(shardId);
    const checkedRange = parseRange(range);
    checkLimit(limit);
    return await this.#call('rangeGetTimers', options, (call) =>
      readTimers(call, shardId, checkedRange, limit, this.#onUnreadableRow),
    );
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

  async #checkRequirements(): Promise<ReadRequirementsResult> {
    const { rows } = await this.#call('connect', undefined, (call) => call.read(readRequirements, undefined));
    const requirements = rows[0] as ReadRequirementsResult;
    const unsupported = serverFaults(requirements);
    if (unsupported.length > 0) {
      throw new UnsupportedServerError(unsupported);
    }
    const missing = schemaFaults(requirements);
    if (missing.length > 0) {
      throw new SchemaMismatchError(missing);
    }
    return requirements;
  }

  /** Lets a call in, and gives it its time. */
  async #call<T>(
    operation: string,
    options: CallOptions | undefined,
    run: (call: StoreCall) => Promise<T>,
  ): Promise<T> {
    const { client, ...callOptions } = parseCallOptions(options);
    this.#gate.enter();
    const deadline = client === undefined ? new CallDeadline(operation, callOptions) : undefined;
    try {
      return await run(
        new StoreCall(this.#runner, operation, deadline ?? endlessDeadline(operation), client),
      );
    } finally {
      deadline?.dispose();
      this.#gate.leave();
    }
  }
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

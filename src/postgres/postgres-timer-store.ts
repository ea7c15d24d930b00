import type { Pool } from 'pg';
import type { PostgresConnectConfig } from '../connection/connect-config';
import { openPool } from '../connection/open-pool';
import { parseConnectConfig } from '../connection/parse-connect-config';
import { citusOptions } from '../connection/plan-settings';
import type { DueEvents, DueListener, DuePlace, DueTimers } from '../contract/due-timers';
import { InvalidArgumentError, type TimerStoreError } from '../contract/errors';
import type { ListFilter, ListPosition, NamespaceCount, TimerPage } from '../contract/lists';
import type { PostgresPool } from '../contract/postgres-pool';
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
  StoreOptions,
  Timer,
  TimerBatch,
  TimerChanges,
  TimerRange,
} from '../contract/types';
import { checkServer } from '../diagnostics/check-server';
import type { ServerReport } from '../diagnostics/server-report';
import { checkResultsFormat } from '../driver/check-results-format';
import { checkMethod } from '../validation/objects';
import { parseStoreOptions } from '../validation/options';
import * as claims from './claims';
import * as creates from './creates';
import * as deadTimers from './dead-timers';
import * as deletes from './deletes';
import * as dueTimers from './due-timers';
import { listenForDueTimers } from './listen-for-due-timers';
import * as lists from './lists';
import * as reads from './reads';
import { requireSchema } from './require-schema';
import * as settlements from './settlements';
import { StoreContext } from './store-context';
import { shareStatements } from './store-statements';
import { shareVitals } from './store-vitals';
import * as updates from './updates';

/**
 * The timer store on PostgreSQL. Each method is one statement and one round trip, but for what says otherwise.
 *
 * @example
 * const timers = await PostgresTimerStore.connect(process.env.DATABASE_URL);
 * const { current } = await timers.claimShardOwnership(9, 'host-a:7000');
 * await timers.createTimer(9, current.shardVersion, { id: 'order-42', namespace: 'reminders', executeAt: inAnHour });
 * await timers.close();
 */
export class PostgresTimerStore implements TimerStore {
  readonly #context: StoreContext;

  private constructor(pool: Pool, ownsPool: boolean, options: StoreOptions) {
    const context = new StoreContext(pool, ownsPool, options);
    this.#context = context;
    shareStatements(this, (kind, operation, query, params, callOptions) =>
      context.call(operation, callOptions, (call) => call.run(kind, query, params)),
    );
    shareVitals(this, () => context.vitals());
  }

  /**
   * Connects to a server with a pool of its own, and checks that its version, its encoding and the schema will do.
   *
   * @param config a connection string, or fields; what is absent is taken from the `PG*` environment.
   * @throws InvalidArgumentError
   * @throws StoreUnavailableError at once where nobody listens; after `connect_timeout` of the connection string, or
   *   `PGCONNECT_TIMEOUT`, where nobody answers. (Default: 10 seconds)
   * @throws AccessDeniedError a wrong password, no such role or database.
   * @throws UnsupportedServerError older than PostgreSQL 14, or not in UTF8.
   * @throws SchemaMismatchError the database is not migrated.
   */
  static async connect(config: string | PostgresConnectConfig = {}): Promise<PostgresTimerStore> {
    const { poolConfig, endpoints, searchPath, storeOptions } = parseConnectConfig(config);
    const open = async (options: string | undefined, hasCitus?: boolean) => {
      const pool = await openPool({ ...poolConfig, options }, endpoints);
      const opened = new PostgresTimerStore(pool, true, storeOptions);
      opened.#context.citus.answer = hasCitus;
      return opened;
    };
    const store = await open(poolConfig.options);
    try {
      const { hasCitus } = await requireSchema(store.#context, searchPath);
      store.#context.citus.answer = hasCitus;
      // A pooler may have refused them.
      const takesOptions = store.#context.pool.options.options === poolConfig.options;
      if (!hasCitus || !takesOptions) {
        return store;
      }
      await store.close();
      return await open(citusOptions(poolConfig.options), hasCitus);
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
  static fromPool(pool: PostgresPool, options: StoreOptions = {}): PostgresTimerStore {
    checkMethod('pool', pool, 'connect');
    checkResultsFormat('pool', pool);
    const storeOptions = parseStoreOptions(options);
    return new PostgresTimerStore(pool as Pool, false, storeOptions);
  }

  /** On Citus, its worker, as far as is known. */
  serverOf(shardId: number): unknown {
    checkShardId(shardId);
    return this.#context.citus.workerOf(shardId) ?? this;
  }

  claimShardOwnership(shardId: number, ownerAddr: string, options?: CallOptions): Promise<ShardClaim> {
    return claims.claimShardOwnership(this.#context, shardId, ownerAddr, options);
  }

  getShard(shardId: number, options?: CallOptions): Promise<ShardInfo | null> {
    return claims.getShard(this.#context, shardId, options);
  }

  updateShardMetadata(
    shardId: number,
    shardVersion: number,
    metadata: ShardMetadata,
    options?: CallOptions,
  ): Promise<void> {
    return claims.updateShardMetadata(this.#context, shardId, shardVersion, metadata, options);
  }

  createTimer<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    shardVersion: number,
    timer: NewTimer<P | JsonValue>,
    options?: CallOptions,
  ): Promise<void> {
    return creates.createTimer(this.#context, shardId, shardVersion, timer, options);
  }

  createTimers<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    shardVersion: number,
    timers: readonly NewTimer<P | JsonValue>[],
    options?: CallOptions,
  ): Promise<void> {
    return creates.createTimers(this.#context, shardId, shardVersion, timers, options);
  }

  createTimersOfShards<P extends JsonCompatible<P> = JsonValue>(
    batches: readonly TimerBatch<NewTimer<P | JsonValue>>[],
    options?: CallOptions,
  ): Promise<(TimerStoreError | null)[]> {
    return creates.createTimersOfShards(this.#context, batches, options);
  }

  updateTimer<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    shardVersion: number,
    namespace: string,
    timerId: string,
    changes: TimerChanges<P | JsonValue>,
    options?: CallOptions,
  ): Promise<Timer> {
    return updates.updateTimer(this.#context, shardId, shardVersion, namespace, timerId, changes, options);
  }

  deleteTimer(
    shardId: number,
    shardVersion: number,
    namespace: string,
    timerId: string,
    options?: CallOptions,
  ): Promise<void> {
    return deletes.deleteTimer(this.#context, shardId, shardVersion, namespace, timerId, options);
  }

  rangeDeleteWithLimit(
    shardId: number,
    shardVersion: number,
    range: TimerRange,
    limit: number,
    options?: CallOptions,
  ): Promise<RangeDeleteResult> {
    return deletes.rangeDeleteWithLimit(this.#context, shardId, shardVersion, range, limit, options);
  }

  rangeDeleteWithBatchInsertTxn<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    shardVersion: number,
    range: TimerRange,
    timersToInsert: readonly NewTimer<P | JsonValue>[],
    options?: CallOptions,
  ): Promise<RangeDeleteResult> {
    return deletes.rangeDeleteWithBatchInsertTxn(
      this.#context,
      shardId,
      shardVersion,
      range,
      timersToInsert,
      options,
    );
  }

  createTimerNoLock<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    timer: NewTimer<P | JsonValue>,
    options?: CallOptions,
  ): Promise<void> {
    return creates.createTimerNoLock(this.#context, shardId, timer, options);
  }

  createTimersNoLock<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    timers: readonly NewTimer<P | JsonValue>[],
    options?: CallOptions,
  ): Promise<void> {
    return creates.createTimersNoLock(this.#context, shardId, timers, options);
  }

  updateTimerNoLock<P extends JsonCompatible<P> = JsonValue>(
    shardId: number,
    namespace: string,
    timerId: string,
    changes: TimerChanges<P | JsonValue>,
    options?: CallOptions,
  ): Promise<Timer> {
    return updates.updateTimerNoLock(this.#context, shardId, namespace, timerId, changes, options);
  }

  deleteTimerNoLock(
    shardId: number,
    namespace: string,
    timerId: string,
    options?: CallOptions,
  ): Promise<void> {
    return deletes.deleteTimerNoLock(this.#context, shardId, namespace, timerId, options);
  }

  rangeDeleteWithLimitNoLock(
    shardId: number,
    range: TimerRange,
    limit: number,
    options?: CallOptions,
  ): Promise<RangeDeleteResult> {
    return deletes.rangeDeleteWithLimitNoLock(this.#context, shardId, range, limit, options);
  }

  getTimer(
    shardId: number,
    namespace: string,
    timerId: string,
    options?: CallOptions,
  ): Promise<Timer | null> {
    return reads.getTimer(this.#context, shardId, namespace, timerId, options);
  }

  rangeGetTimers(shardId: number, range: TimerRange, limit: number, options?: CallOptions): Promise<Timer[]> {
    return reads.rangeGetTimers(this.#context, shardId, range, limit, options);
  }

  readDueTimers(
    places: readonly DuePlace[],
    lookAheadMs: number,
    limit: number,
    options?: CallOptions,
  ): Promise<DueTimers> {
    return dueTimers.readDueTimers(this.#context, places, lookAheadMs, limit, options);
  }

  settleTimers(delivered: readonly Settlement[], options?: CallOptions): Promise<SettlementResult[]> {
    return settlements.settleTimers(this.#context, delivered, options);
  }

  announceDueTimers(shardIds: readonly number[] | null, options?: CallOptions): Promise<void> {
    return dueTimers.announceDueTimers(this.#context, shardIds, options);
  }

  listenForDueTimers(events: DueEvents, options?: PoolCallOptions): Promise<DueListener> {
    return listenForDueTimers(this.#context, events, options);
  }

  rangeGetDeadTimers(
    shardId: number,
    range: TimerRange,
    limit: number,
    options?: CallOptions,
  ): Promise<DeadTimer[]> {
    return deadTimers.rangeGetDeadTimers(this.#context, shardId, range, limit, options);
  }

  reviveTimer(
    shardId: number,
    namespace: string,
    timerId: string,
    executeAt: Date,
    options?: CallOptions,
  ): Promise<Timer> {
    return deadTimers.reviveTimer(this.#context, shardId, namespace, timerId, executeAt, options);
  }

  deleteDeadTimer(shardId: number, namespace: string, timerId: string, options?: CallOptions): Promise<void> {
    return deadTimers.deleteDeadTimer(this.#context, shardId, namespace, timerId, options);
  }

  /** A dead timer by its id; null if there is none. */
  getDeadTimer(
    shardId: number,
    namespace: string,
    timerId: string,
    options?: CallOptions,
  ): Promise<DeadTimer | null> {
    return deadTimers.getDeadTimer(this.#context, shardId, namespace, timerId, options);
  }

  /**
   * A page of a namespace's timers, of all shards from 0 on: for people and programs that look through them. Paging is
   * stable under writes: a timer that is there all the time, and whose time stays where a list is by time, comes exactly
   * once.
   *
   * @param limit timers of the page, at most: 1 to 10,000.
   * @param after `next` of the page before. (Default: null, for the first page)
   */
  listTimers(
    shardCount: number,
    filter: ListFilter,
    limit: number,
    after?: ListPosition | null,
    options?: PoolCallOptions,
  ): Promise<TimerPage> {
    return lists.listTimers(this.#context, shardCount, filter, limit, after, options);
  }

  /**
   * The namespaces that have timers, in the order of their bytes. Two statements for each.
   *
   * @param countLimit timers counted of each shard, at most.
   * @param after the last namespace of the page before.
   */
  listNamespaces(
    shardCount: number,
    countLimit: number,
    limit: number,
    after?: string,
    options?: PoolCallOptions,
  ): Promise<NamespaceCount[]> {
    return lists.listNamespaces(this.#context, shardCount, countLimit, limit, after, options);
  }

  /** How many timers a namespace has, counted as `listNamespaces` does. */
  countNamespace(
    shardCount: number,
    namespace: string,
    countLimit: number,
    options?: PoolCallOptions,
  ): Promise<NamespaceCount> {
    return lists.countNamespace(this.#context, shardCount, namespace, countLimit, options);
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
  checkServer(options?: PoolCallOptions): Promise<ServerReport> {
    return this.#context.call('checkServer', options, async ({ deadline, client }) => {
      if (client !== undefined) {
        throw new InvalidArgumentError(
          'options.client',
          'is not for checkServer, which needs connections of its own',
        );
      }
      return await checkServer(this.#context.runner, deadline);
    });
  }

  close(): Promise<void> {
    return this.#context.close();
  }
}

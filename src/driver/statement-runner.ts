import type { PreparedQuery } from '@pgtyped/runtime';
import type { ClientBase, Pool, PoolClient } from 'pg';
import { OutcomeUnknownError } from '../contract/errors';
import { uuidTaken } from '../validation/refusals';
import { afterWaiting } from './after-waiting';
import { checkClientFormat } from './check-results-format';
import type { Cluster } from './cluster';
import { Connections } from './connections';
import type { Deadline } from './deadline';
import { FencedTurns } from './fenced-turns';
import { hideData } from './hide-data';
import { cutConnection, forgetStatement, hasEnded, isReadTimeout, untilSettled } from './pg-internals';
import { ReplicationWait } from './replication-wait';
import { retryTransient } from './retry-transient';
import { encodeParams, runEncoded, runQuery, type StatementResult, statementOf } from './run-query';
import { SqlState, sqlStateOf } from './sqlstate';
import {
  isStaleStatement,
  type StatementKind,
  translateStatementError,
  translateTransactionError,
} from './translate-error';
import { isCancelledBeforeWorker } from './worker-failure';

/** How long a call waits, after its time, to hear what the server has made of the cancel. */
const CANCEL_GRACE_MS = 80;

/** How long a cancelled statement may take to end before its connection is cut. */
const CUT_AFTER_MS = 2000;

/** A statement that lost a race for a unique key is run again. One that fails more often than that has lost no race. */
const MAX_RUNS = 3;

/** What connections are used for. */
export interface ConnectionUse {
  /** The store method, for error messages. */
  readonly operation: string;
  readonly kind: StatementKind;
  readonly deadline: Deadline;
}

/** One statement of one call. */
export interface Statement<TParams, TRow> extends ConnectionUse {
  readonly query: PreparedQuery<TParams, TRow>;
  readonly params: NoInfer<TParams>;
  /** The client in whose transaction it runs. Undefined: it runs on a connection of the pool. */
  readonly client?: ClientBase | undefined;
  /** Whether it is not tried again. */
  readonly isOnce?: boolean;
}

/** One connection, and a second one where it could be had at once. */
type Clients = readonly [PoolClient, PoolClient?];

/** Runs statements on a pool's connections, each within its deadline. */
export class StatementRunner {
  readonly #connections: Connections;
  readonly preparedStatements: boolean;
  readonly cluster: Cluster;
  readonly #turns = new FencedTurns();

  constructor(pool: Pool, cluster: Cluster, preparedStatements = true) {
    this.#connections = new Connections(pool);
    this.cluster = cluster;
    this.preparedStatements = preparedStatements;
  }

  /** How many connections the pool may open. Undefined: it does not tell. */
  get maxConnections(): number | undefined {
    return this.#connections.max;
  }

  /** Ends the pool. */
  end(): Promise<void> {
    return this.#connections.end();
  }

  async run<TParams, TRow>(statement: Statement<TParams, TRow>): Promise<StatementResult<TRow>> {
    const { query, params, deadline, client } = statement;
    if (client !== undefined) {
      return await this.#runInTransaction(client, statement);
    }
    // Before the statement has its turn and a connection: while the server works on one, the next is put together.
    const values = await encodeParams(query, params);
    const shardIds = statementOf(query).isFenced ? shardsOf(params) : [];
    const hasTurn = shardIds.length > 0 || deadline.onOutlasted !== undefined;
    const attempt = hasTurn
      ? () => this.#turns.run(shardIds, deadline, (onSent) => this.#connectAndRun(statement, values, onSent))
      : () => this.#connectAndRun(statement, values);
    return statement.isOnce ? await attempt() : await retryTransient(deadline, attempt);
  }

  async #runInTransaction<TParams, TRow>(
    client: ClientBase,
    { operation, query, params }: Statement<TParams, TRow>,
  ): Promise<StatementResult<TRow>> {
    checkClientFormat('options.client', client);
    try {
      await this.cluster.checkSession(client);
      return await runQuery(client, query, params, this.preparedStatements);
    } catch (error) {
      hideData(error);
      if (!isReadTimeout(error)) {
        await untilSettled(client);
      }
      if (isStaleStatement(error)) {
        forgetStatement(client, statementOf(query).name);
      }
      throw translateTransactionError(error, operation, hasEnded(client));
    }
  }

  async #connectAndRun<TParams, TRow>(
    statement: Statement<TParams, TRow>,
    values: readonly unknown[],
    onSent?: () => void,
  ): Promise<StatementResult<TRow>> {
    const client = await this.#connections.take(statement.deadline);
    onSent?.();
    return await this.#use([client], statement, async () => {
      await this.cluster.checkSession(client);
      return await this.#runWhereNothingApplied(client, statement, values);
    });
  }

  /**
   * Runs statements of one shard, with a fence, in a transaction of their own. All of it is run again if nothing was
   * applied and that helps.
   *
   * @param work runs the statements on the client that it is given, as in a transaction of a caller.
   */
  async transact<T>(
    shardId: number,
    { operation, deadline }: Omit<ConnectionUse, 'kind'>,
    work: (client: PoolClient) => Promise<T>,
  ): Promise<T> {
    const use: ConnectionUse = { operation, kind: 'write', deadline };
    let clashes = 0;
    return await retryTransient(deadline, () =>
      this.#turns.run([shardId], deadline, async (onSent) => {
        const client = await this.#connections.take(deadline);
        onSent();
        return await this.#use([client], use, async () => {
          const result = await this.#workInTransaction(client, deadline, work).catch((error: unknown) => {
            const isClash = sqlStateOf((error as Error).cause) === SqlState.UNIQUE_VIOLATION;
            throw isClash && ++clashes === MAX_RUNS ? uuidTaken({ cause: (error as Error).cause }) : error;
          });
          await client.query('COMMIT').catch((cause: unknown) => {
            hideData(cause);
            throw deadline.isOver
              ? deadline.error(false, cause)
              : new OutcomeUnknownError(operation, { cause });
          });
          return result;
        });
      }),
    );
  }

  /** Does all but the commit. @throws what nothing was applied with. */
  async #workInTransaction<T>(
    client: PoolClient,
    deadline: Deadline,
    work: (client: PoolClient) => Promise<T>,
  ): Promise<T> {
    await client.query('BEGIN');
    try {
      const result = await work(client);
      if (deadline.isOver) {
        throw deadline.error(true);
      }
      return result;
    } catch (error) {
      if (deadline.isOver) {
        throw deadline.error(true, error);
      }
      // A connection that is lost has undone it.
      await client.query('ROLLBACK').catch(() => {});
      throw error;
    }
  }

  /** Does work that takes several statements. All of it is done again if the server could not do it for now. */
  useConnections<T>(use: ConnectionUse, work: (clients: Clients) => Promise<T>): Promise<T> {
    return retryTransient(use.deadline, async () => {
      const client = await this.#connections.take(use.deadline);
      const other = await this.#connections.takeAtOnce(use.deadline);
      return await this.#use(other === undefined ? [client] : [client, other], use, work);
    });
  }

  /** Settles when the work does or, if the server does not stop the work at the end of its time, without it. */
  #use<T>(connections: Clients, use: ConnectionUse, work: (clients: Clients) => Promise<T>): Promise<T> {
    const { kind, deadline } = use;
    const clients = connections.filter((client) => client !== undefined);
    const sentAt = performance.now();
    return new Promise((resolve, reject) => {
      let stopWaiting: (() => void) | undefined;
      let cut: NodeJS.Timeout | undefined;
      const stopListening = deadline.whenOver(() => {
        for (const client of clients) {
          this.#connections.cancel(client);
        }
        stopWaiting = afterWaiting(CANCEL_GRACE_MS, () => {
          this.#connections.doubt(sentAt);
          reject(deadline.error(kind === 'read'));
        });
        cut = setTimeout(() => clients.forEach(cutConnection), CUT_AFTER_MS);
      });
      this.#finish(clients, use, () => work(connections))
        .finally(() => {
          stopListening();
          stopWaiting?.();
          clearTimeout(cut);
        })
        .then(resolve, reject);
    });
  }

  /** Runs the work until it has ended on the server, too, and gives the connections back. */
  async #finish<T>(
    clients: readonly PoolClient[],
    { operation, kind, deadline }: ConnectionUse,
    work: () => Promise<T>,
  ): Promise<T> {
    const wait = kind === 'write' ? new ReplicationWait(clients) : undefined;
    let isSpoilt = false;
    try {
      const result = await work();
      // The cancel may have ended the wait for standbys, of which a server need not tell (client_min_messages).
      if (kind === 'write' && deadline.isOver) {
        throw deadline.error(false, wait?.cancelledBy);
      }
      if (wait?.cancelledBy !== undefined) {
        const reason = `The wait for synchronous standbys was cancelled during ${operation}: it was applied, but a failover may undo it`;
        throw new OutcomeUnknownError(operation, { cause: wait.cancelledBy }, reason);
      }
      return result;
    } catch (error) {
      hideData(error);
      const isUnread = isReadTimeout(error);
      if (isUnread) {
        // The driver has stopped reading; the statement would run on.
        for (const client of clients) {
          this.#connections.cancel(client);
        }
      } else {
        await Promise.all(clients.map(untilSettled));
      }
      const isLost = isUnread || clients.some(hasEnded);
      // After a failover, the next connection may find the server that takes writes.
      isSpoilt = isLost || sqlStateOf(error) === SqlState.READ_ONLY_TRANSACTION;
      const isInDoubt = kind === 'write' && this.cluster.answer !== false && isCancelledBeforeWorker(error);
      if (deadline.isOver && (isLost || sqlStateOf(error) === SqlState.QUERY_CANCELED)) {
        throw deadline.error(kind === 'read' || !(isLost || isInDoubt), error);
      }
      if (isInDoubt) {
        const reason = `${operation} was cancelled on the coordinator: a worker may have applied it, or may not`;
        throw new OutcomeUnknownError(operation, { cause: error }, reason);
      }
      throw translateStatementError(error, operation, kind, isLost);
    } finally {
      wait?.stopListening();
      for (const client of clients) {
        // After a cancel the connection is not used again: the cancel could still hit the next statement.
        this.#connections.giveBack(client, isSpoilt || deadline.isOver);
      }
    }
  }

  /**
   * Runs a statement again if nothing of it was applied, and running it again helps.
   *
   * Two upserts that insert one timer at the same moment meet at the primary key, which is not the key that ON CONFLICT
   * watches; one gets a unique violation. When it runs again, it sees the other's row and updates it.
   *
   * A prepared statement can be out of date. It runs without a name then, and is prepared anew the next time.
   */
  async #runWhereNothingApplied<TParams, TRow>(
    client: PoolClient,
    { query, deadline }: Statement<TParams, TRow>,
    values: readonly unknown[],
  ): Promise<StatementResult<TRow>> {
    let { preparedStatements } = this;
    for (let run = 1; ; run++) {
      try {
        return await runEncoded(client, query, values, preparedStatements);
      } catch (error) {
        if (deadline.isOver || run === MAX_RUNS) {
          throw error;
        }
        if (preparedStatements && isStaleStatement(error)) {
          forgetStatement(client, statementOf(query).name);
          preparedStatements = false;
        } else if (sqlStateOf(error) !== SqlState.UNIQUE_VIOLATION) {
          throw error;
        }
      }
    }
  }
}

/** The shards whose rows a statement locks: one, or those of a list that have a version beside them. */
function shardsOf(params: unknown): readonly number[] {
  const { shardId, shardIds, shardVersions } = params as {
    shardId?: number;
    shardIds?: readonly number[];
    shardVersions?: readonly (number | null)[];
  };
  return shardIds === undefined
    ? [shardId as number]
    : [...new Set(shardIds.filter((_, place) => shardVersions?.[place] !== null))];
}

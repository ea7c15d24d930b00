import type { PreparedQuery } from '@pgtyped/runtime';
import type { ClientBase, Pool, PoolClient } from 'pg';
import { cancelStatement } from './cancel-statement';
import { checkOut, giveBack } from './check-out';
import { checkClientFormat } from './check-results-format';
import type { Deadline } from './deadline';
import { FencedTurns } from './fenced-turns';
import { hideData } from './hide-data';
import { retryTransient } from './retry-transient';
import { encodeParams, runEncoded, runQuery, type StatementResult, statementOf } from './run-query';
import { SqlState, sqlStateOf } from './sqlstate';
import {
  isConnectionLoss,
  type StatementKind,
  translateConnectError,
  translateStatementError,
  translateTransactionError,
} from './translate-error';

/** How long a cancelled statement may take to end before its connection is cut. */
const CANCEL_GRACE_MS = 2000;

/** A lost race for a unique key is run again; more often than that, it is no race. */
const MAX_UPSERT_RUNS = 3;

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
  /** In a transaction of the caller. Undefined: one of the pool. */
  readonly client?: ClientBase | undefined;
}

/** The second is there if it was asked for, and could be had at once. */
type Connections = readonly [PoolClient, PoolClient?];

/** Runs statements on a pool's connections, each within its deadline. */
export class StatementRunner {
  readonly #pool: Pool;
  readonly preparedStatements: boolean;
  readonly #turns = new FencedTurns();
  /** When each connection was last heard. */
  readonly #heardAt = new WeakMap<PoolClient, number>();
  /** A connection that was asked then stayed silent. The others from before may be as dead: they get no statement. */
  #silentSince = Number.NEGATIVE_INFINITY;

  constructor(pool: Pool, preparedStatements = true) {
    this.#pool = pool;
    this.preparedStatements = preparedStatements;
  }

  /** How many connections the pool may open. */
  get maxConnections(): number {
    return this.#pool.options.max;
  }

  async run<TParams, TRow>(statement: Statement<TParams, TRow>): Promise<StatementResult<TRow>> {
    const { query, params, deadline, client } = statement;
    if (client !== undefined) {
      return await this.#runInTransaction(client, statement);
    }
    // Before it has its turn and a connection: while the server works on one statement, the next is put together.
    const values = await encodeParams(query, params);
    const shardIds = statementOf(query).isFenced ? shardsOf(params) : [];
    if (shardIds.length === 0 && deadline.onOutlasted === undefined) {
      return await retryTransient(deadline, () => this.#connectAndRun(statement, values));
    }
    return await retryTransient(deadline, () =>
      this.#turns.run(shardIds, deadline, (onSent) => this.#connectAndRun(statement, values, onSent)),
    );
  }

  async #runInTransaction<TParams, TRow>(
    client: ClientBase,
    { operation, query, params }: Statement<TParams, TRow>,
  ): Promise<StatementResult<TRow>> {
    checkClientFormat('options.client', client);
    try {
      return await runQuery(client, query, params, this.preparedStatements);
    } catch (error) {
      hideData(error);
      throw translateTransactionError(error, operation);
    }
  }

  async #connectAndRun<TParams, TRow>(
    statement: Statement<TParams, TRow>,
    values: readonly unknown[],
    onSent?: () => void,
  ): Promise<StatementResult<TRow>> {
    const client = await this.#connect(statement.deadline);
    onSent?.();
    return await this.#use([client], statement, () => this.#runAgainAfterLostRace(client, statement, values));
  }

  /** Does work that takes several statements; all of it is done again if the server could not do it for now. */
  useConnections<T>(use: ConnectionUse, work: (connections: Connections) => Promise<T>): Promise<T> {
    return retryTransient(use.deadline, async () => {
      const client = await this.#connect(use.deadline);
      const other = await this.#connectAtOnce(use.deadline);
      return await this.#use(other === undefined ? [client] : [client, other], use, work);
    });
  }

  #connect(deadline: Deadline): Promise<PoolClient> {
    return new Promise((resolve, reject) => {
      if (deadline.isOver) {
        reject(deadline.error(true));
        return;
      }
      const stopListening = deadline.whenOver(() => reject(deadline.error(true)));
      this.#checkOut()
        // The error is a connection's own, whether the call waits for it still or not.
        .finally(stopListening)
        .then(
          // A connection that comes too late goes straight back.
          (client) => (deadline.isOver ? giveBack(client, false) : resolve(client)),
          (error: unknown) => reject(translateConnectError(error)),
        );
    });
  }

  async #checkOut(): Promise<PoolClient> {
    for (;;) {
      const client = await checkOut(this.#pool);
      if ((this.#heardAt.get(client) ?? Number.POSITIVE_INFINITY) >= this.#silentSince) {
        return client;
      }
      cutConnection(client);
      giveBack(client, true);
    }
  }

  /** Does not wait for one that is in use: two that hold one each could wait for each other. */
  async #connectAtOnce(deadline: Deadline): Promise<PoolClient | undefined> {
    const { idleCount, totalCount } = this.#pool;
    if (idleCount === 0 && totalCount >= this.maxConnections) {
      return undefined;
    }
    // The server has none left, or not for this role.
    return await this.#connect(deadline).catch(() => undefined);
  }

  async #use<T>(
    connections: Connections,
    { operation, kind, deadline }: ConnectionUse,
    work: (connections: Connections) => Promise<T>,
  ): Promise<T> {
    const clients = connections.filter((client) => client !== undefined);
    const askedAt = performance.now();
    // The connection of a cancelled statement is not used again: the cancel could still hit the next one.
    let spoilt = false;
    let grace: NodeJS.Timeout | undefined;
    const stopListening = deadline.whenOver(() => {
      spoilt = true;
      clients.forEach(cancelStatement);
      grace = setTimeout(() => {
        this.#silentSince = Math.max(this.#silentSince, askedAt);
        clients.forEach(cutConnection);
      }, CANCEL_GRACE_MS);
    });
    try {
      return await work(connections);
    } catch (error) {
      hideData(error);
      const lost = isConnectionLoss(error);
      // After a failover, the next connection may find the server that takes writes.
      spoilt ||= lost || sqlStateOf(error) === SqlState.READ_ONLY_TRANSACTION;
      if (deadline.isOver && (lost || sqlStateOf(error) === SqlState.QUERY_CANCELED)) {
        throw deadline.error(!lost || kind === 'read', error);
      }
      throw translateStatementError(error, operation, kind);
    } finally {
      stopListening();
      clearTimeout(grace);
      for (const client of clients) {
        this.#heardAt.set(client, performance.now());
        giveBack(client, spoilt);
      }
    }
  }

  /**
   * Two upserts that insert one timer at the same moment meet at the primary key, which is not the key that
   * ON CONFLICT watches; one gets a unique violation. Nothing of it was applied, and when it runs again, it
   * sees the other's row and updates it.
   */
  async #runAgainAfterLostRace<TParams, TRow>(
    client: PoolClient,
    { query, deadline }: Statement<TParams, TRow>,
    values: readonly unknown[],
  ): Promise<StatementResult<TRow>> {
    for (let run = 1; ; run++) {
      try {
        return await runEncoded(client, query, values, this.preparedStatements);
      } catch (error) {
        const lostRace = sqlStateOf(error) === SqlState.UNIQUE_VIOLATION;
        if (!lostRace || run === MAX_UPSERT_RUNS || deadline.isOver) {
          throw error;
        }
      }
    }
  }
}

/** The shards that a fenced statement is for: one, or each element of a list. */
function shardsOf(params: unknown): readonly number[] {
  const { shardId, shardIds } = params as { shardId?: number; shardIds?: readonly number[] };
  return shardIds === undefined ? [shardId as number] : [...new Set(shardIds)];
}

function cutConnection(client: PoolClient): void {
  // Not `client.end()`, which says goodbye politely to a server that does not answer.
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}

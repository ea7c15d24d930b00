/**
 * A `Pool` of `pg`, by what the store's types need of it: that of any version of `@types/pg` will do, and a program
 * that gives none needs no types of `pg`.
 */
export interface PostgresPool {
  /** Connections that are open. */
  readonly totalCount: number;
  /** Of these, the ones that nobody uses. */
  readonly idleCount: number;
  /** Callers that wait for a connection. */
  readonly waitingCount: number;
  /** Lends a connection, until `release` is called: with true or an error, it is ended instead of used again. */
  connect(): Promise<
    PostgresClient & {
      /** Gives it back. */
      release(destroy?: Error | boolean): void;
    }
  >;
}

/** A `Client` of `pg`, or one that its pool has lent, as {@link PostgresPool} is a `Pool`. */
export interface PostgresClient {
  /** Runs a statement with its parameters. */
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

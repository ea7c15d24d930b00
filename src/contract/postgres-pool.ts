/**
 * A `Pool` of `pg`, by what the store's types need of it: that of any version of `@types/pg` will do, and a program
 * that gives none needs no types of `pg`.
 */
export interface PostgresPool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  connect(): Promise<PostgresClient & { release(destroy?: Error | boolean): void }>;
}

/** A `Client` of `pg`, or one that its pool has lent, as {@link PostgresPool} is a `Pool`. */
export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

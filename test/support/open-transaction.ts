import { Client } from 'pg';
import type { PostgresTimerStore } from '../../src';

export interface OpenTransaction {
  /** Each call of it is part of the transaction. */
  readonly store: PostgresTimerStore;
  end(command: 'COMMIT' | 'ROLLBACK'): Promise<void>;
}

/** A transaction of a caller, in which calls of a store are made that take `client` as their last argument. */
export async function openTransaction(
  databaseUrl: string,
  store: PostgresTimerStore,
): Promise<OpenTransaction> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('BEGIN');
  return {
    store: new Proxy(store, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as (...args: unknown[]) => unknown;
        return (...args: unknown[]) => method.call(target, ...args, { client });
      },
    }),
    async end(command) {
      await client.query(command);
      await client.end();
    },
  };
}

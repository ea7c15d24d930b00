import type { Pool, PoolClient } from 'pg';

type ConnectCallback = (error: Error | undefined, client: PoolClient | undefined, done: () => void) => void;

/** Resolves once a pool has failed to give so many connections, with the errors. */
export function untilRefused(pool: Pool, count: number): Promise<Error[]> {
  const connect = pool.connect.bind(pool) as (callback: ConnectCallback) => void;
  const errors: Error[] = [];
  return new Promise((resolve) => {
    const watched = (callback: ConnectCallback) =>
      connect((error, client, done) => {
        if (error !== undefined && errors.push(error) === count) {
          resolve([...errors]);
        }
        callback(error, client, done);
      });
    jest.spyOn(pool, 'connect').mockImplementation(watched as Pool['connect']);
  });
}

import { Pool } from 'pg';

/** A pool that counts the statements which are sent on its connections. */
export class CountedPool extends Pool {
  count = 0;

  constructor(connectionString: string) {
    super({ connectionString, max: 10 });
    this.on('connect', (client) => {
      const query = client.query.bind(client) as (...args: unknown[]) => unknown;
      client.query = (...args: unknown[]) => {
        this.count++;
        return query(...args) as never;
      };
    });
  }
}

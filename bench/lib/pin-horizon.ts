import { Client } from 'pg';
import { BenchError } from './report-failure';

/**
 * Holds a transaction open in a database, as a long report or a dump does. What it could still see, no VACUUM removes
 * and no index forgets. Returns the end of it.
 */
export async function pinHorizon(url: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: url });
  // Its database is dropped under it when the run is interrupted.
  client.on('error', () => {});
  await client.connect();
  await client.query('SET idle_in_transaction_session_timeout = 0');
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  // The snapshot is taken by the first query, not by BEGIN.
  await client.query('SELECT FROM timers LIMIT 1');
  return async () => {
    await client.query('COMMIT').catch((cause: Error) => {
      throw new BenchError(
        `The transaction that was to stay open has ended, so its figures are void: ${cause.message}`,
        { cause },
      );
    });
    await client.end();
  };
}

import { Client } from 'pg';
import { nodesOf } from './cluster-nodes';

const BOUND_MS = 15_000;

/** Resolves once so many statements of clients on a database wait for a lock: on its server, or on one of its workers. */
export async function untilBlocked(databaseUrl: string, count = 1): Promise<void> {
  const observers = nodesOf(databaseUrl).map((connectionString) => new Client({ connectionString }));
  await Promise.all(observers.map((observer) => observer.connect()));
  const deadline = Date.now() + BOUND_MS;
  try {
    for (;;) {
      const results = await Promise.all(
        observers.map((observer) =>
          observer.query(
            `SELECT count(*)::int AS blocked FROM pg_stat_activity
             WHERE datname = current_database() AND backend_type = 'client backend' AND wait_event_type = 'Lock'`,
          ),
        ),
      );
      const blocked = results.reduce((sum, { rows }) => sum + rows[0].blocked, 0);
      if (blocked >= count) {
        return;
      }
      if (Date.now() > deadline) {
        throw new Error(`${count} statements should wait for a lock by now, but ${blocked} do`);
      }
    }
  } finally {
    await Promise.all(observers.map((observer) => observer.end()));
  }
}

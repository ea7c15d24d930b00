import { Client } from 'pg';

const BOUND_MS = 15_000;

/** Resolves once so many statements of clients on a database wait for a lock. */
export async function untilBlocked(databaseUrl: string, count = 1): Promise<void> {
  const observer = new Client({ connectionString: databaseUrl });
  await observer.connect();
  const deadline = Date.now() + BOUND_MS;
  try {
    for (;;) {
      const { rows } = await observer.query(
        `SELECT count(*)::int AS blocked FROM pg_stat_activity
         WHERE datname = current_database() AND backend_type = 'client backend' AND wait_event_type = 'Lock'`,
      );
      if (rows[0].blocked >= count) {
        return;
      }
      if (Date.now() > deadline) {
        throw new Error(`${count} statements should wait for a lock by now, but ${rows[0].blocked} do`);
      }
    }
  } finally {
    await observer.end();
  }
}

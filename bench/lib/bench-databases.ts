import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { Layout } from '../../scripts/layouts.mjs' with { 'resolution-mode': 'import' };
import { type BenchServer, migrate, startBenchServer } from './bench-server';
import { BenchError } from './report-failure';

const PREFIX = 'pg_timer_store_bench_';

export interface BenchDatabases {
  /** The server, in a few words. */
  readonly server: string;
  readonly serverUrl: string;
  /** Undefined: the server is not ours. */
  readonly serverPid: number | undefined;
  /** Makes a migrated database and returns its connection string. */
  create(layout?: Layout): Promise<string>;
}

/**
 * Lends databases for benchmarks that need several, or one that nobody else works in, and drops them at the end,
 * also after a failure and on Ctrl-C.
 */
export async function withBenchDatabases<T>(
  work: (databases: BenchDatabases) => Promise<T>,
  settings: Record<string, string> = {},
): Promise<T> {
  const server = await startBenchServer(settings);
  try {
    return await lendDatabases(server, work);
  } finally {
    await server.stop();
  }
}

async function lendDatabases<T>(
  server: BenchServer,
  work: (databases: BenchDatabases) => Promise<T>,
): Promise<T> {
  const admin = new Client({ connectionString: server.url });
  await admin.connect().catch((cause: Error & { code?: string }) => {
    const reason = cause.message || cause.code; // Refused on each of several addresses: no message.
    throw new BenchError(`Cannot connect to ${server.description}: ${reason}`, { cause });
  });
  const interruption = awaitInterruption();
  const names: string[] = [];
  let creating: Promise<unknown> = Promise.resolve();

  const createDatabase = async (layout?: Layout) => {
    const name = PREFIX + randomBytes(6).toString('hex');
    names.push(name);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`).catch((cause: Error) => {
      throw new BenchError(`Cannot create a database on ${server.description}: ${cause.message}`, { cause });
    });
    const url = databaseUrl(server.url, name);
    await migrate(url, layout);
    return url;
  };
  try {
    if (server.isOurs) {
      await dropDatabases(admin, await findLeftovers(admin));
    }
    const databases = {
      server: server.description,
      serverUrl: server.url,
      serverPid: server.pid,
      create(layout?: Layout) {
        const created = createDatabase(layout);
        creating = created.catch(() => {});
        return created;
      },
    };
    // Work that is interrupted goes on until it finds its database dropped.
    return await Promise.race([work(databases), interruption.happens]);
  } finally {
    // Else the migration would make the database anew.
    await creating;
    await dropDatabases(admin, names);
    await admin.end();
    interruption.ignore();
  }
}

/** Databases of a run that was killed. */
async function findLeftovers(admin: Client): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    'SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)',
    [PREFIX],
  );
  return rows.map(({ name }) => name);
}

async function dropDatabases(admin: Client, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
}

function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  // dbmate would ask for TLS where node-postgres does not.
  if (!url.searchParams.has('sslmode')) {
    url.searchParams.set('sslmode', 'disable');
  }
  return url.href;
}

/** `happens` rejects on the first Ctrl-C. A second one ends the process at once. */
function awaitInterruption(): { happens: Promise<never>; ignore(): void } {
  let interrupt: (signal: NodeJS.Signals) => void = () => {};
  const happens = new Promise<never>((_, reject) => {
    let interrupted = false;
    interrupt = (signal) => {
      if (interrupted) {
        process.exit(1);
      }
      interrupted = true;
      reject(new BenchError(`Stopped by ${signal}: the databases of this run are dropped.`));
    };
  });
  happens.catch(() => {});
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  return {
    happens,
    ignore: () => {
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    },
  };
}

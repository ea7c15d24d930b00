import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { startEmbeddedServer } from '../../src/testing.js';

export interface ScratchDatabase {
  readonly url: string;
  readonly client: pg.Client;
}

/** Resolves to an empty database that is dropped when the work is done. */
export type CreateDatabase = () => Promise<ScratchDatabase>;

/**
 * Lends databases for some work: on the server of `CODEGEN_DATABASE_URL`, where nothing else is touched, or else on a
 * throw-away server.
 */
export async function withScratchDatabases<T>(work: (create: CreateDatabase) => Promise<T>): Promise<T> {
  const ownServer = process.env['CODEGEN_DATABASE_URL'];
  if (ownServer) return await lendDatabases(ownServer, work);
  const server = await startEmbeddedServer();
  try {
    return await lendDatabases(server.url(), work);
  } finally {
    await server.stop();
  }
}

async function lendDatabases<T>(serverUrl: string, work: (create: CreateDatabase) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: serverUrl });
  const lent: { database: string; client: pg.Client }[] = [];
  await admin.connect().catch((cause) => {
    const reason = cause.message || cause.code; // Refused on each of several addresses: no message.
    throw new Error(`Cannot connect to the server for scratch databases: ${reason}`, { cause });
  });
  const signals = holdSignals();
  try {
    const result = await work(async () => {
      const database = `pg_timer_store_scratch_${randomBytes(6).toString('hex')}`;
      await admin.query(`CREATE DATABASE ${database} TEMPLATE template0`);
      const url = databaseUrl(serverUrl, database);
      const client = new pg.Client({ connectionString: url });
      lent.push({ database, client });
      await client.connect();
      return { url, client };
    });
    if (signals.received) throw new Error(`Stopped by ${signals.received}.`);
    return result;
  } finally {
    for (const { database, client } of lent) {
      await client.end();
      await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
    }
    await admin.end();
    signals.release();
  }
}

function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  // dbmate would ask for TLS where node-postgres does not.
  if (!url.searchParams.has('sslmode')) url.searchParams.set('sslmode', 'disable');
  return url.href;
}

/** Keeps this process alive until the databases are dropped. A Ctrl-C reaches the programs that it runs by itself. */
function holdSignals() {
  const hold = {
    received: '',
    release: () => void process.off('SIGINT', receive).off('SIGTERM', receive),
  };
  const receive = (signal: NodeJS.Signals) => {
    hold.received = signal;
  };
  process.on('SIGINT', receive).on('SIGTERM', receive);
  return hold;
}

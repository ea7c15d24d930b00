import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { startEmbeddedServer } from '../src/testing/index.js';

/**
 * Lends empty databases and drops them afterwards: on the server of `CODEGEN_DATABASE_URL`, where nothing else is
 * touched, or else on a throw-away server.
 *
 * @template T
 * @param {(createDatabase: () => Promise<string>) => Promise<T>} work `createDatabase` resolves to a connection string.
 * @returns {Promise<T>}
 */
export async function withScratchDatabases(work) {
  const ownServer = process.env['CODEGEN_DATABASE_URL'];
  if (ownServer) return await lendDatabases(ownServer, work);
  const server = await startEmbeddedServer();
  try {
    return await lendDatabases(server.url(), work);
  } finally {
    await server.stop();
  }
}

/**
 * @template T
 * @param {string} serverUrl
 * @param {(createDatabase: () => Promise<string>) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function lendDatabases(serverUrl, work) {
  const admin = new pg.Client({ connectionString: serverUrl });
  /** @type {string[]} */
  const databases = [];
  await admin.connect().catch((cause) => {
    const reason = cause.message || cause.code; // Refused on each of several addresses: no message.
    throw new Error(`Cannot connect to the server for scratch databases: ${reason}`, { cause });
  });
  const signals = holdSignals();
  try {
    const result = await work(async () => {
      const database = `pg_timer_store_scratch_${randomBytes(6).toString('hex')}`;
      await admin.query(`CREATE DATABASE ${database} TEMPLATE template0`);
      databases.push(database);
      return databaseUrl(serverUrl, database);
    });
    if (signals.received) throw new Error(`Stopped by ${signals.received}.`);
    return result;
  } finally {
    for (const database of databases) await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
    await admin.end();
    signals.release();
  }
}

/**
 * @param {string} serverUrl
 * @param {string} database
 */
function databaseUrl(serverUrl, database) {
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
    release() {
      process.off('SIGINT', receive).off('SIGTERM', receive);
    },
  };
  const receive = (/** @type {NodeJS.Signals} */ signal) => {
    hold.received = signal;
  };
  process.on('SIGINT', receive).on('SIGTERM', receive);
  return hold;
}

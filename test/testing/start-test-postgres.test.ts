import fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { PostgresTimerStore } from '../../src';
import { buildTimer, startTestPostgres, type TestPostgres } from '../../src/testing';
import { TcpProxy } from '../support/tcp-proxy';
import { databaseUrl, onServer } from '../support/test-database';

// The server of these tests, as one that is given; that one is started where none is, test/testing/embedded-server shows.
let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres({ url: databaseUrl('postgres') });
});
afterAll(async () => await postgres.stop());

async function namesOnServer(): Promise<string[]> {
  let names: string[] = [];
  await onServer(async (admin) => {
    const { rows } = await admin.query('SELECT datname AS name FROM pg_database');
    names = rows.map(({ name }) => name);
  });
  return names;
}

test('a database is migrated, and of its own', async () => {
  const [first, second] = [await postgres.createDatabase(), await postgres.createDatabase()];
  const stores = [
    await PostgresTimerStore.connect(first.url),
    await PostgresTimerStore.connect(second.url),
  ] as const;
  await stores[0].createTimerNoLock(1, buildTimer({ id: 'a' }));
  expect(await stores[0].getTimer(1, 'tests', 'a')).not.toBeNull();
  expect(await stores[1].getTimer(1, 'tests', 'a')).toBeNull();
  await Promise.all(stores.map((store) => store.close()));
});

test('what is migrated is what dbmate makes', async () => {
  const { url } = await postgres.createDatabase();
  const columnsOf = async (connectionString: string) => {
    const client = new Client({ connectionString });
    await client.connect();
    const { rows } = await client.query(
      `SELECT attrelid::regclass::text AS table, attname, atttypid::regtype::text, atttypmod, attnotnull, attcollation::regcollation::text
       FROM pg_attribute WHERE attrelid IN ('timers'::regclass, 'timer_members'::regclass) AND attnum > 0
       ORDER BY attrelid::regclass::text, attnum`,
    );
    await client.end();
    return rows;
  };
  const schema = fs.readFileSync(path.join(__dirname, '../../db/schema.sql'), 'utf8');
  const { url: other } = await emptyDatabase(schema);
  expect(await columnsOf(url)).toEqual(await columnsOf(other));
});

async function emptyDatabase(schema: string): Promise<{ url: string }> {
  const { url } = await postgres.createDatabase();
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('DROP TABLE timers, timer_members');
  await client.query(schema);
  await client.end();
  return { url };
}

test('several processes may begin at once, and what one leaves is dropped when it stops', async () => {
  const servers = await Promise.all([1, 2, 3].map(() => startTestPostgres({ url: postgres.url })));
  const databases = await Promise.all(servers.map((server) => server.createDatabase()));
  expect(await namesOnServer()).toEqual(expect.arrayContaining(databases.map(({ name }) => name)));
  await databases[0]?.drop();
  await databases[0]?.drop();
  await Promise.all(servers.flatMap((server) => [server.stop(), server.stop()]));
  const left = await namesOnServer();
  expect(databases.filter(({ name }) => left.includes(name))).toEqual([]);
});

test('a database is dropped though something is still connected to it', async () => {
  const database = await postgres.createDatabase();
  const client = new Client({ connectionString: database.url });
  const lost = new Promise((resolve) => client.on('error', resolve));
  await client.connect();
  // The server first waits five seconds for it to leave.
  await database.drop();
  await lost;
  expect(await namesOnServer()).not.toContain(database.name);
});

test('a server that cannot be reached is the error of the driver', async () => {
  await expect(
    startTestPostgres({ url: 'postgres://postgres@/postgres?host=/nonexistent' }),
  ).rejects.toMatchObject({
    code: 'ENOENT',
  });
});

test('a connection that is lost in the middle fails the call, and nothing beside it', async () => {
  const proxy = await TcpProxy.open(postgres.url);
  const behind = await startTestPostgres({ url: proxy.url(postgres.url) });
  await onServer(async (admin) => {
    await admin.query("SELECT pg_advisory_lock(hashtext('pg_timer_store_template'))");
    const creating = behind.createDatabase();
    await Promise.race([creating, untilWaiting(admin)]);
    proxy.cut();
    await expect(creating).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
  await proxy.close();
});

async function untilWaiting(admin: Client): Promise<void> {
  for (;;) {
    const { rows } = await admin.query("SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
    if (rows.length > 0) return;
  }
}

test('a server that was started here stops, though its databases cannot be dropped', async () => {
  const { TEST_DATABASE_URL: given, ...environment } = process.env;
  process.env = environment;
  const started = await startTestPostgres().finally(() => {
    process.env = { ...environment, ...(given !== undefined && { TEST_DATABASE_URL: given }) };
  });
  await started.createDatabase();
  const admin = new Client({ connectionString: started.url });
  await admin.connect();
  const ended = new Promise((resolve) => admin.on('error', resolve));
  await admin.query('ALTER ROLE CURRENT_USER CONNECTION LIMIT 0; ALTER ROLE CURRENT_USER NOLOGIN');
  await expect(started.stop()).rejects.toMatchObject({ code: '28000' });
  await ended;
});

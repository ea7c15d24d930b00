import fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { PostgresTimerStore } from '../../src';
import { migrate } from '../support/dbmate';
import { newTimer } from '../support/new-timer';
import { ALL } from '../support/store-fixture';
import { createEmptyDatabase, databaseUrl, onServer, storeUrl } from '../support/test-database';

const GRANTS = fs.readFileSync(path.join(__dirname, '../../db/grants.sql'), 'utf8');
const COUNT = 300;
const IDS = Array.from({ length: COUNT }, (_, index) => `timer-${index}`);

/** Whether a database can sort as ICU does. In version 14, only a column can. */
const HAS_ICU = Number.parseInt(process.env['TEST_SERVER_VERSION'] ?? '', 10) >= 15;
const testWithIcu = HAS_ICU ? test : test.skip;
const LOCALE = HAS_ICU ? "LOCALE_PROVIDER icu ICU_LOCALE 'en' LOCALE 'C'" : "LOCALE 'C.UTF-8'";

/** What an upgrade of ICU does: the same locale sorts in another way, here numbers in texts by their value. */
async function changeCollation(admin: Client, name: string): Promise<void> {
  const { rows } = await admin.query(
    `SELECT attname AS column FROM pg_attribute
     WHERE attrelid = 'pg_database'::regclass AND attname IN ('daticulocale', 'datlocale')`,
  );
  for (const { column } of rows) {
    await admin.query(`UPDATE pg_database SET ${column} = 'en-u-kn-true' WHERE datname = $1`, [name]);
  }
}

/** Due at the same time, one that is there twice is refused by the primary key. */
const LATER = new Date('2031-01-01T00:00:00Z');

/** The table as it was before its collations were told. */
const OF_DATABASE = `ALTER TABLE timers
  ALTER timer_id TYPE varchar(255) COLLATE "default", ALTER timer_namespace TYPE varchar(255) COLLATE "default"`;

let name: string;
beforeEach(async () => {
  name = await createEmptyDatabase(`TEMPLATE template0 ENCODING 'UTF8' ${LOCALE}`);
  await migrate(databaseUrl(name));
  await direct(GRANTS.replaceAll('timer_user', new URL(storeUrl(name)).username));
});
afterEach(async () => {
  await onServer(async (admin) => void (await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)));
});

async function direct(sql: string) {
  const client = new Client({ connectionString: databaseUrl(name) });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function withStore<T>(work: (store: PostgresTimerStore) => Promise<T>): Promise<T> {
  const store = await PostgresTimerStore.connect(storeUrl(name));
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

async function createTimers(executeAt = new Date('2030-01-01T00:00:00Z')): Promise<void> {
  await withStore(async (store) => {
    const { current } = await store.claimShardOwnership(1, 'owner-1');
    await store.createTimers(
      1,
      current.shardVersion,
      IDS.map((id) => newTimer({ id, executeAt })),
    );
  });
}

async function foundTimers(): Promise<number> {
  return await withStore(async (store) => {
    const found = await Promise.all(IDS.map(async (id) => await store.getTimer(1, 'reminders', id)));
    return found.filter((timer) => timer !== null).length;
  });
}

async function collationChecks() {
  return await withStore(async (store) => {
    const { checks } = await store.checkServer();
    return checks.filter((check) => check.name === 'collation');
  });
}

testWithIcu(
  'timers are found, and none is created twice, after the collation of the database has changed',
  async () => {
    await createTimers();
    await onServer(async (admin) => await changeCollation(admin, name));
    expect(await foundTimers()).toBe(COUNT);
    await createTimers(LATER);
    expect(await withStore((store) => store.rangeGetTimers(1, ALL, 2 * COUNT))).toHaveLength(COUNT);
    const rows = await direct(
      'SELECT timer_id AS id FROM timers WHERE shard_id = 1 AND row_type = 2 ORDER BY timer_id',
    );
    expect(rows.map(({ id }) => id)).toEqual([...IDS].sort());
    expect(await collationChecks()).toMatchObject([{ status: 'ok' }]);
  },
);

testWithIcu(
  'a table that goes by the collation of the database is reported, with what mends it',
  async () => {
    await direct(OF_DATABASE);
    await createTimers();
    const warnings = await collationChecks();
    expect(warnings).toMatchObject([
      {
        status: 'warning',
        found: expect.stringContaining('timer_id is compared by the collation of the database'),
      },
      { status: 'warning', found: expect.stringContaining('timer_namespace') },
    ]);

    await onServer(async (admin) => {
      await changeCollation(admin, name);
      await admin.query(`UPDATE pg_database SET datcollversion = '1' WHERE datname = $1`, [name]);
    });
    expect(await foundTimers()).toBeLessThan(COUNT);
    expect(await collationChecks()).toMatchObject([
      { status: 'fault', found: expect.stringContaining('which has changed: timers may not be found') },
      { status: 'fault' },
    ]);

    const mending = /^ALTER TABLE [^.]*/.exec(warnings[0]?.advice ?? '')?.[0] ?? '';
    await direct(mending);
    expect(await foundTimers()).toBe(COUNT);
    expect(await collationChecks()).toMatchObject([{ status: 'ok' }]);
  },
);

testWithIcu('ids that have come to be there twice are found by the query of docs/scaling.md', async () => {
  await direct(OF_DATABASE);
  await createTimers();
  await onServer(async (admin) => await changeCollation(admin, name));
  await createTimers(LATER);
  const docs = fs.readFileSync(path.join(__dirname, '../../docs/scaling.md'), 'utf8');
  const query = /SELECT shard_id, timer_namespace[^;]*/.exec(docs)?.[0] ?? '';
  const [{ count }] = await direct('SELECT count(*)::int FROM timers WHERE row_type = 2');
  const doubles = await direct(query);
  expect(count).toBeGreaterThan(COUNT);
  expect(doubles).toHaveLength(count - COUNT);
});

test('a column with a collation of its own is reported by it', async () => {
  await direct('ALTER TABLE timers ALTER timer_id TYPE varchar(255) COLLATE "en-x-icu"');
  const found = 'column timer_id is compared by the collation en-x-icu';
  expect(await collationChecks()).toMatchObject([
    { status: 'warning', found: expect.stringContaining(found) },
  ]);
  await direct(`UPDATE pg_collation SET collversion = '1' WHERE collname = 'en-x-icu'`);
  expect(await collationChecks()).toMatchObject([{ status: 'fault', found: expect.stringContaining(found) }]);
});

import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { PostgresTimerStore } from '../../src';
import { migrate } from '../support/dbmate';
import { newTimer } from '../support/new-timer';
import { ALL } from '../support/store-fixture';
import { databaseUrl, onServer, storeUrl } from '../support/test-database';

const COUNT = 300;
const IDS = Array.from({ length: COUNT }, (_, index) => `timer-${index}`);

/**
 * A database that sorts as ICU does, where the server can be told to: version 14 cannot, and has a libc collation in
 * its place.
 */
async function createDatabase(admin: Client, name: string): Promise<void> {
  const { rows } = await admin.query("SELECT current_setting('server_version_num')::int >= 150000 AS yes");
  const locale = rows[0].yes ? "LOCALE_PROVIDER icu ICU_LOCALE 'en' LOCALE 'C'" : "LOCALE 'C.UTF-8'";
  await admin.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' ${locale}`);
}

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

test('timers are found, and none is created twice, after the collation of the database has changed', async () => {
  const name = `pg_timer_store_test_${randomBytes(6).toString('hex')}`;
  await onServer(async (admin) => await createDatabase(admin, name));
  await migrate(databaseUrl(name));
  const direct = async (sql: string) => {
    const client = new Client({ connectionString: databaseUrl(name) });
    await client.connect();
    const { rows } = await client.query(sql);
    await client.end();
    return rows;
  };
  await direct(`GRANT SELECT, INSERT, UPDATE, DELETE ON timers TO "${new URL(storeUrl(name)).username}"`);
  const connect = () => PostgresTimerStore.connect(storeUrl(name));
  const timers = IDS.map((id) => newTimer({ id }));

  let store = await connect();
  const { current } = await store.claimShardOwnership(1, 'owner-1');
  await store.createTimers(1, current.shardVersion, timers);
  await store.close();
  await onServer(async (admin) => await changeCollation(admin, name));

  store = await connect();
  const found = await Promise.all(IDS.map(async (id) => await store.getTimer(1, 'reminders', id)));
  expect(found.filter((timer) => timer !== null)).toHaveLength(COUNT);
  await store.createTimers(1, current.shardVersion, timers);
  expect(await store.rangeGetTimers(1, ALL, 2 * COUNT)).toHaveLength(COUNT);
  await store.close();

  const rows = await direct(
    'SELECT timer_id AS id FROM timers WHERE shard_id = 1 AND row_type = 2 ORDER BY timer_id',
  );
  expect(rows.map(({ id }) => id)).toEqual([...IDS].sort());
  await onServer(async (admin) => void (await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)));
});

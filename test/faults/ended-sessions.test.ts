/** Sessions that the server ends by its settings, each with a code of its own and severity FATAL. */
import { PostgresTimerStore } from '../../src';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { shardForCalls } from '../support/sample-calls';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture();
});
afterAll(async () => await fixture.close());

async function connectUnder(setting: string, value: string): Promise<PostgresTimerStore> {
  const { database, direct } = fixture;
  await direct.query(`ALTER DATABASE ${database.name} SET ${setting} = '${value}'`);
  const store = await PostgresTimerStore.connect({ connectionString: database.storeUrl, maxOpenConns: 1 });
  await store.getShard(1);
  await direct.query(`ALTER DATABASE ${database.name} RESET ${setting}`);
  return store;
}

test('transaction_timeout: the write has no known outcome, and the next call works', async () => {
  const { rows } = await fixture.direct.query('SHOW server_version_num');
  if (Number(rows[0].server_version_num) < 170_000) {
    // Older servers do not have the setting.
    return;
  }
  const { shardId, shardVersion } = await shardForCalls(fixture);
  const store = await connectUnder('transaction_timeout', '200ms');
  await fixture.direct.query('BEGIN; LOCK TABLE timers IN ACCESS EXCLUSIVE MODE');
  const error = await errorOf(store.createTimer(shardId, shardVersion, newTimer({ id: 'ended' })));
  await fixture.direct.query('COMMIT');
  expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: false, cause: { code: '25P04' } });
  await store.createTimer(shardId, shardVersion, newTimer({ id: 'next' }));
  expect(await store.getTimer(shardId, 'reminders', 'ended')).toBeNull();
  await store.close();
});

test('idle_session_timeout: the next call works', async () => {
  const { shardId, shardVersion } = await shardForCalls(fixture);
  const store = await connectUnder('idle_session_timeout', '100ms');
  for (;;) {
    const { rows } = await fixture.direct.query(
      `SELECT count(*)::int FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'pg-timer-store'`,
    );
    // That of the fixture, which the setting came too late for, stays.
    if (rows[0].count <= 2) {
      break;
    }
  }
  await store.createTimer(shardId, shardVersion, newTimer({ id: 'next' }));
  await store.close();
});

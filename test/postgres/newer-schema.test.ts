import { PostgresTimerStore } from '../../src';
import { newTimer } from '../support/new-timer';
import { SAMPLE_CALLS, shardForCalls } from '../support/sample-calls';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { STORE_OPTIONS } from '../support/store-options';

/** What a later version may add, so that this one still works on it while both run. */
const LATER_MIGRATION = [
  'ALTER TABLE timers ADD COLUMN timer_priority smallint NOT NULL DEFAULT 0, ADD COLUMN timer_tags text[]',
  'CREATE INDEX ON timers (shard_id, row_type, timer_priority)',
];

let fixture: StoreFixture;
beforeEach(async () => {
  fixture = await openStoreFixture({ batchCreates: false });
});
afterEach(async () => await fixture.close());

test('a store goes on, on its prepared statements, while the schema becomes one version newer', async () => {
  for (const migration of [[], LATER_MIGRATION]) {
    for (const statement of migration) {
      await fixture.direct.query(statement);
    }
    for (const [, , call] of SAMPLE_CALLS) {
      const { shardId, shardVersion } = await shardForCalls(fixture);
      await call(fixture.store, shardId, shardVersion);
    }
  }
});

test('a store of this version connects to a schema that is one version newer', async () => {
  for (const statement of LATER_MIGRATION) {
    await fixture.direct.query(statement);
  }
  const store = await PostgresTimerStore.connect({
    connectionString: fixture.database.storeUrl,
    ...STORE_OPTIONS,
  });
  const { shardId, shardVersion } = await fixture.claimedShard();
  await store.createTimer(shardId, shardVersion, newTimer());
  const timer = await store.getTimer(shardId, 'reminders', 'timer-1');
  expect(timer).toMatchObject(newTimer());
  expect(Object.keys(timer ?? {})).not.toContain('priority');
  const { checks } = await store.checkServer();
  expect(checks.filter(({ name }) => name === 'schema' || name === 'plans')).toMatchObject([
    {
      name: 'schema',
      status: 'ok',
      found: 'complete; of a newer version or another program: timer_priority, timer_tags',
    },
    { name: 'plans', status: 'ok' },
  ]);
  await store.close();
});

/** Locks that other programs hold: too long for the settings of the role, or against each other. */
import { Client } from 'pg';
import { PostgresTimerStore } from '../../src';
import { untilBlocked } from '../support/blocked-statements';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { ON_CITUS } from '../support/on-citus';
import { SAMPLE_CALLS, shardForCalls } from '../support/sample-calls';
import { ALL, openStoreFixture, type StoreFixture } from '../support/store-fixture';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture();
});
afterAll(async () => await fixture.close());

/** A store whose connections have a setting of the database. */
async function connectUnder(setting: string, value: string): Promise<PostgresTimerStore> {
  const { database, direct } = fixture;
  await direct.query(`ALTER DATABASE ${database.name} SET ${setting} = '${value}'`);
  const store = await PostgresTimerStore.connect(database.storeUrl);
  // Each call has a connection of its own, and brings the setting with it.
  await Promise.all(Array.from({ length: 10 }, () => store.getShard(1)));
  return store;
}

async function lockTable(): Promise<void> {
  await fixture.direct.query('BEGIN');
  await fixture.direct.query('LOCK TABLE timers IN ACCESS EXCLUSIVE MODE');
}

test('every call that meets lock_timeout is made again, until the lock is gone or its time is up', async () => {
  const { database, direct } = fixture;
  const shards = await Promise.all(SAMPLE_CALLS.map(() => shardForCalls(fixture)));
  const store = await connectUnder('lock_timeout', '50ms');
  await lockTable();
  const { shardId, shardVersion } = shards[0] as { shardId: number; shardVersion: number };
  const late = newTimer({ id: 'late' });
  const refused = await errorOf(store.createTimer(shardId, shardVersion, late, { timeoutMs: 500 }));
  expect(refused).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true, cause: { code: '55P03' } });
  const calls = SAMPLE_CALLS.map(([, , call], index) => {
    const shard = shards[index] as { shardId: number; shardVersion: number };
    return call(store, shard.shardId, shard.shardVersion);
  });
  await untilBlocked(database.url);
  await direct.query('COMMIT');
  await Promise.all(calls);
  expect(await store.getTimer(shardId, 'reminders', 'late')).toBeNull();
  await direct.query(`ALTER DATABASE ${database.name} RESET lock_timeout`);
  await store.close();
});

test('every call that meets statement_timeout fails at once, with nothing applied', async () => {
  const { database, direct } = fixture;
  const { shardId, shardVersion } = await shardForCalls(fixture);
  const before = await fixture.store.rangeGetTimers(shardId, ALL, 10);
  const store = await connectUnder('statement_timeout', '1s');
  await lockTable();
  const errors = await Promise.all(
    SAMPLE_CALLS.map(([, , call]) => errorOf(call(store, shardId, shardVersion))),
  );
  await direct.query('COMMIT');
  expect(errors).toMatchObject(
    SAMPLE_CALLS.map(([name, kind]) =>
      // Its transaction is not committed.
      ON_CITUS && kind === 'write' && name !== 'rangeDeleteWithBatchInsertTxn'
        ? { code: 'OUTCOME_UNKNOWN', retryable: false }
        : { code: 'STORE_UNAVAILABLE', retryable: true, cause: { code: '57014' } },
    ),
  );
  expect(await fixture.store.rangeGetTimers(shardId, ALL, 10)).toEqual(before);
  expect(await store.getShard(shardId)).toMatchObject({ shardVersion });
  await direct.query(`ALTER DATABASE ${database.name} RESET statement_timeout`);
  await store.close();
});

// Citus chooses the victim by itself.
const testOfVictim = ON_CITUS ? test.skip : test;
testOfVictim('a victim of a deadlock is made again, and the other program gets through too', async () => {
  const { database, direct } = fixture;
  const { shardId, shardVersion } = await fixture.claimedShard();
  await fixture.store.createTimers(shardId, shardVersion, [
    newTimer({ id: 'first' }),
    newTimer({ id: 'second', executeAt: new Date('2031-01-01T00:00:00.000Z') }),
  ]);
  // It looks for deadlocks first, so it is the victim.
  const store = await connectUnder('deadlock_timeout', '20ms');
  await direct.query(`ALTER DATABASE ${database.name} RESET deadlock_timeout`);
  const other = new Client({ connectionString: database.url });
  await other.connect();
  await other.query(`SET deadlock_timeout = '1min'`);
  const lockTimer = 'SELECT FROM timers WHERE shard_id = $1 AND timer_id = $2 FOR UPDATE';
  for (const [client, timerId] of [
    [direct, 'first'],
    [other, 'second'],
  ] as const) {
    await client.query('BEGIN');
    await client.query(lockTimer, [shardId, timerId]);
  }
  // The delete has the row of the shard, and waits for the first timer.
  const deleting = store.rangeDeleteWithLimit(shardId, shardVersion, ALL, 10);
  await untilBlocked(database.url);
  const updating = other.query(
    `UPDATE timers SET shard_owner_addr = 'other' WHERE shard_id = $1 AND row_type = 1`,
    [shardId],
  );
  await untilBlocked(database.url, 2);
  // Now it goes on to the second timer, whose holder waits for it.
  await direct.query('COMMIT');
  await updating;
  await other.query('COMMIT');
  expect(await deleting).toEqual({ deletedCount: 2 });
  expect(await store.getShard(shardId)).toMatchObject({ shardVersion, ownerAddr: 'other' });
  await other.end();
  await store.close();
});

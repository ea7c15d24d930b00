import { ShardConditionFailedError } from '../../src';
import { untilBlocked } from '../support/blocked-statements';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { allowTriggers } from '../support/on-citus';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture();
  await allowTriggers(fixture.direct);
  // Each update holds its lock on the shard for a while, so that several of them overlap for certain.
  await fixture.direct.query(`CREATE FUNCTION be_slow() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_sleep(0.02 + 0.02 * random()); RETURN NEW; END $$`);
  await fixture.direct.query(`CREATE TRIGGER be_slow BEFORE UPDATE ON timers FOR EACH ROW
    WHEN (NEW.row_type = 2) EXECUTE FUNCTION be_slow()`);
});
afterAll(async () => await fixture.close());

test('a claim comes through between writes that overlap without end', async () => {
  const { store } = fixture;
  const { shardId, shardVersion } = await fixture.claimedShard();
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  await store.createTimers(
    shardId,
    shardVersion,
    ids.map((id) => newTimer({ id })),
  );
  const stopAt = Date.now() + 10_000;
  let updates = 0;
  const writers = ids.map(async (id) => {
    while (Date.now() < stopAt) {
      await store.updateTimer(shardId, shardVersion, 'reminders', id, { attempts: ++updates });
    }
    throw new Error('the claim should have come through by now');
  });
  const endings = writers.map(errorOf);
  while (updates < 2 * ids.length) {
    await new Promise(setImmediate);
  }
  await store.claimShardOwnership(shardId, 'owner-2');
  for (const ending of await Promise.all(endings)) {
    expect(ending).toBeInstanceOf(ShardConditionFailedError);
  }
});

test('a statement that waits for a lock on its timer holds up none of the others of its shard', async () => {
  const { store, direct, database } = fixture;
  const { shardId, shardVersion } = await fixture.claimedShard();
  await store.createTimers(
    shardId,
    shardVersion,
    ['locked', 'y', 'z'].map((id) => newTimer({ id })),
  );
  await direct.query('BEGIN');
  await direct.query(`SELECT FROM timers WHERE shard_id = $1 AND timer_id = 'locked' FOR UPDATE`, [shardId]);
  const stop = new AbortController();
  const { signal } = stop;
  const locked = errorOf(
    store.updateTimer(shardId, shardVersion, 'reminders', 'locked', { attempts: 1 }, { signal }),
  );
  await untilBlocked(database.url);
  for (let round = 1; round <= 5; round++) {
    await Promise.all([
      store.updateTimer(shardId, shardVersion, 'reminders', 'y', { attempts: round }, { timeoutMs: 5000 }),
      store.createTimer(shardId, shardVersion, newTimer({ id: `new-${round}` }), { timeoutMs: 5000 }),
    ]);
  }
  await store.deleteTimer(shardId, shardVersion, 'reminders', 'z', { timeoutMs: 5000 });
  stop.abort();
  expect(await locked).toMatchObject({ code: 'CALL_ABORTED' });
  await direct.query('ROLLBACK');
});

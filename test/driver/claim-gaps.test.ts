import { ShardConditionFailedError } from '../../src';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture();
  // Each update holds its lock on the shard for a while, so that several of them overlap for certain.
  await fixture.direct.query(`
    CREATE FUNCTION be_slow() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_sleep(0.02 + 0.02 * random()); RETURN NEW; END $$;
    CREATE TRIGGER be_slow BEFORE UPDATE ON timers FOR EACH ROW WHEN (NEW.row_type = 2) EXECUTE FUNCTION be_slow();
  `);
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

test('a write that waits for such a gap ends at its time-out, having sent nothing', async () => {
  const { store } = fixture;
  const { shardId, shardVersion } = await fixture.claimedShard();
  await store.createTimers(shardId, shardVersion, [newTimer({ id: 'locked' }), newTimer({ id: 'waiting' })]);
  const { direct } = fixture;
  await direct.query('BEGIN');
  await direct.query(`SELECT FROM timers WHERE shard_id = $1 AND timer_id = 'locked' FOR UPDATE`, [shardId]);
  const stop = new AbortController();
  const { signal } = stop;
  const locked = errorOf(
    store.updateTimer(shardId, shardVersion, 'reminders', 'locked', { attempts: 1 }, { signal }),
  );
  // Overlaps with that one, and is over after the time for which writes may.
  await store.updateTimer(shardId, shardVersion, 'reminders', 'waiting', { attempts: 1 });
  const error = await errorOf(
    store.updateTimer(shardId, shardVersion, 'reminders', 'waiting', { attempts: 2 }, { timeoutMs: 20 }),
  );
  expect(error).toMatchObject({ code: 'CALL_TIMEOUT', retryable: true, cause: undefined });
  stop.abort();
  await locked;
  await direct.query('ROLLBACK');
  await store.updateTimer(shardId, shardVersion, 'reminders', 'waiting', { attempts: 3 });
});

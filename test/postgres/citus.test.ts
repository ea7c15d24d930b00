import { Pool } from 'pg';
import { PostgresTimerStore, ZERO_CURSOR } from '../../src';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { pretendCitus } from '../support/pretend-citus';
import { ALL, openStoreFixture, type StoreFixture } from '../support/store-fixture';

/** What differs where the server has Citus, on one that only seems to: what Citus itself does, test/citus tries. */
let fixture: StoreFixture;
let store: PostgresTimerStore;

beforeAll(async () => {
  fixture = await openStoreFixture();
  await pretendCitus(fixture.direct);
  store = await PostgresTimerStore.connect(fixture.database.storeUrl);
});
afterAll(async () => {
  await store.close();
  await fixture.close();
});

describe('rangeDeleteWithBatchInsertTxn, in a transaction of two statements', () => {
  const timers = ['a', 'b'].map((id) => newTimer({ id }));

  test('exchanges the range', async () => {
    const { shardId, shardVersion } = await fixture.claimedShard();
    await store.createTimers(shardId, shardVersion, [...timers, newTimer({ id: 'c' })]);
    const result = await store.rangeDeleteWithBatchInsertTxn(shardId, shardVersion, ALL, timers);
    expect(result).toEqual({ deletedCount: 3 });
    const left = await store.rangeGetTimers(shardId, ALL, 10);
    expect(left.map(({ id }) => id).sort()).toEqual(['a', 'b']);
  });

  test('does nothing under a version that is lost', async () => {
    const { shardId, shardVersion } = await fixture.claimedShard();
    await store.createTimers(shardId, shardVersion, timers);
    const exchange = store.rangeDeleteWithBatchInsertTxn(shardId, shardVersion + 1, ALL, []);
    expect(await errorOf(exchange)).toMatchObject({ code: 'SHARD_CONDITION_FAILED' });
    expect(await store.rangeGetTimers(shardId, ALL, 10)).toHaveLength(2);
  });

  test('undoes the delete when the insert is refused', async () => {
    const { shardId, shardVersion } = await fixture.claimedShard();
    await store.createTimers(shardId, shardVersion, timers);
    const uuid = '00000000-0000-0000-0000-000000000001';
    const clashing = ['x', 'y'].map((id) => newTimer({ id, uuid }));
    const exchange = store.rangeDeleteWithBatchInsertTxn(shardId, shardVersion, ALL, clashing);
    expect(await errorOf(exchange)).toMatchObject({ code: 'INVALID_ARGUMENT', cause: { code: '23505' } });
    expect(await store.rangeGetTimers(shardId, ALL, 10)).toHaveLength(2);
  });
});

test('settles and reads what is due by a statement for each shard', async () => {
  const shards = [await fixture.claimedShard(), await fixture.claimedShard()] as const;
  const executeAt = new Date(Date.now() - 1000);
  for (const { shardId, shardVersion } of shards) {
    await store.createTimers(shardId, shardVersion, [newTimer({ id: 'a', executeAt })]);
  }
  const places = shards.map(({ shardId }) => ({ shardId, after: ZERO_CURSOR }));
  const due = await store.readDueTimers(places, 0, 10);
  expect(due.shards.map(({ shardId, timers }) => [shardId, timers.length])).toEqual(
    shards.map(({ shardId }) => [shardId, 1]),
  );
  const settlements = shards.map(({ shardId, shardVersion }, place) => ({
    shardId,
    // The second one is lost.
    shardVersion: shardVersion + place,
    timer: due.shards[place]?.timers[0] as (typeof due.shards)[0]['timers'][0],
    outcome: 'done' as const,
  }));
  expect(await store.settleTimers(settlements)).toEqual(['settled', 'lost']);
  expect(await store.settleTimers(settlements.slice(0, 1))).toEqual(['changed']);
});

test.each(['connect', 'fromPool'])('a write of %s that is cancelled may have been applied', async (way) => {
  const pool = new Pool({ connectionString: fixture.database.url });
  const cancelled = way === 'connect' ? store : PostgresTimerStore.fromPool(pool);
  const { shardId, shardVersion } = await fixture.claimedShard();
  await fixture.direct.query('BEGIN');
  await fixture.direct.query('SELECT FROM timers WHERE shard_id = $1 FOR UPDATE', [shardId]);
  const create = cancelled.createTimer(shardId, shardVersion, newTimer(), { timeoutMs: 300 });
  const error = await errorOf(create);
  await fixture.direct.query('ROLLBACK');
  expect(error).toMatchObject({ code: 'CALL_TIMEOUT', retryable: false });
  await pool.end();
});

describe('a session in another DateStyle than ISO', () => {
  /** Beside the options that the URL has, such as the schema. */
  function withDateStyle(href: string): string {
    const url = new URL(href);
    url.searchParams.set('options', `${url.searchParams.get('options') ?? ''} -c datestyle=German`.trim());
    return url.href;
  }

  test('is refused before anything is sent', async () => {
    const pool = new Pool({ connectionString: withDateStyle(fixture.database.url) });
    const onPool = PostgresTimerStore.fromPool(pool);
    const error = await errorOf(onPool.createTimerNoLock(1, newTimer()));
    expect(error).toMatchObject({ code: 'UNSUPPORTED_SERVER', message: expect.stringContaining('German') });
    await pool.end();
  });

  test('is refused from when its setting was changed', async () => {
    const pool = new Pool({ connectionString: fixture.database.url, max: 1 });
    const onPool = PostgresTimerStore.fromPool(pool);
    await onPool.getShard(1);
    await pool.query('SET datestyle = SQL');
    expect(await errorOf(onPool.getShard(1))).toMatchObject({ code: 'UNSUPPORTED_SERVER' });
    await pool.query('SET datestyle = ISO');
    await onPool.getShard(1);
    await pool.end();
  });

  test('is not had by connect', async () => {
    const connected = await PostgresTimerStore.connect(withDateStyle(fixture.database.storeUrl));
    await connected.getShard(1);
    await connected.close();
  });
});

import { Client, Pool } from 'pg';
import {
  type NewTimer,
  PostgresTimerStore,
  ShardConditionFailedError,
  ShardMovedError,
  StoreUnavailableError,
  type TimerBatch,
} from '../../src';
import { untilBlocked } from '../support/blocked-statements';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { pretendCitus } from '../support/pretend-citus';
import { ALL, openStoreFixture, type StoreFixture } from '../support/store-fixture';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture();
});
afterAll(async () => await fixture.close());

/** Never claimed, unlike those of the fixture. */
let unclaimed = 1000;

interface Shard {
  readonly shardId: number;
  readonly shardVersion: number;
}

async function claimed(count: number): Promise<Shard[]> {
  return await Promise.all(Array.from({ length: count }, () => fixture.claimedShard()));
}

async function sealedShard(): Promise<Shard> {
  const shard = await fixture.claimedShard();
  const move = { move: { id: '00000000-0000-4000-8000-000000000001', to: 'elsewhere' } };
  await fixture.direct.query(
    'UPDATE timers SET shard_version = NULL, shard_metadata = $2 WHERE shard_id = $1 AND row_type = 1',
    [shard.shardId, JSON.stringify(move)],
  );
  return shard;
}

/** Ids of the timers of each of the shards. */
async function stored(...shards: readonly { readonly shardId: number }[]): Promise<string[][]> {
  return await Promise.all(
    shards.map(async ({ shardId }) =>
      (await fixture.store.rangeGetTimers(shardId, ALL, 100)).map(({ id }) => id).sort(),
    ),
  );
}

async function transactionCount(shards: readonly Shard[]): Promise<number> {
  const { rows } = await fixture.direct.query(
    'SELECT count(DISTINCT xmin::text)::int AS count FROM timers WHERE shard_id = ANY($1) AND row_type = 2',
    [shards.map(({ shardId }) => shardId)],
  );
  return rows[0].count;
}

function batch(shard: Shard, ...ids: string[]): TimerBatch {
  return { ...shard, timers: ids.map((id) => newTimer({ id })) };
}

function unfenced({ shardId }: { readonly shardId: number }, ...ids: string[]): TimerBatch {
  return { shardId, timers: ids.map((id) => newTimer({ id })) };
}

describe('createTimersOfShards', () => {
  test('creates timers with a fence and without by one statement', async () => {
    const shards = await claimed(6);
    const results = await fixture.store.createTimersOfShards(
      // In any order.
      shards
        .map((shard, index) => (index % 2 === 0 ? batch(shard, 'b', 'a') : unfenced(shard, 'b', 'a')))
        .reverse(),
    );
    expect(results).toEqual(shards.map(() => null));
    expect(await stored(...shards)).toEqual(shards.map(() => ['a', 'b']));
    expect(await transactionCount(shards)).toBe(1);
  });

  test('stores every field, and replaces what was there', async () => {
    const [one, other] = (await claimed(2)) as [Shard, Shard];
    const timer = newTimer({ payload: [1, null], retryPolicy: { maxAttempts: 3 }, attempts: 2 });
    await fixture.store.createTimersOfShards([batch(one, timer.id), batch(other, 'b')]);
    await fixture.store.createTimersOfShards([{ ...one, timers: [timer] }, batch(other, 'b')]);
    expect(await fixture.store.rangeGetTimers(one.shardId, ALL, 10)).toMatchObject([timer]);
  });

  test.each([
    ['in statements of its own', undefined],
    ['in a transaction of the caller', 'BEGIN'],
  ])('tells what came of each shard, %s', async (_, begin) => {
    const [held, open] = (await claimed(2)) as [Shard, Shard];
    const lost = await fixture.claimedShard();
    await fixture.store.claimShardOwnership(lost.shardId, 'another');
    const sealed = await sealedShard();
    const [neverA, neverB] = [{ shardId: ++unclaimed }, { shardId: ++unclaimed }];
    const client = new Client({ connectionString: fixture.database.url });
    await client.connect();
    await client.query(begin ?? 'SELECT');
    const results = await fixture.store.createTimersOfShards(
      [
        unfenced(sealed, 'x'),
        batch(lost, 'x'),
        batch(held, 'a'),
        unfenced(neverB, 'b'),
        { ...lost, shardId: ++unclaimed, timers: [newTimer()] },
        unfenced(open, 'a'),
        unfenced(neverA, 'a'),
        { ...lost, shardId: ++unclaimed, timers: [] },
      ],
      begin === undefined ? {} : { client },
    );
    await client.query('COMMIT');
    await client.end();
    expect(results).toEqual([
      expect.any(ShardMovedError),
      expect.any(ShardConditionFailedError),
      null,
      null,
      expect.any(ShardConditionFailedError),
      null,
      null,
      null,
    ]);
    expect(results[1]).toMatchObject({ shardId: lost.shardId, expectedVersion: lost.shardVersion });
    expect(await stored(sealed, lost, held, open, neverA, neverB)).toEqual([
      [],
      [],
      ['a'],
      ['a'],
      ['a'],
      ['b'],
    ]);
  });

  test('of a timer that the server refuses, refuses its batch and no other', async () => {
    const shards = await claimed(5);
    const uuid = '0190a5c8-0000-7000-8000-000000000001';
    const results = await fixture.store.createTimersOfShards(
      shards.map((shard, index) => ({
        ...shard,
        // Two at one time with one uuid.
        timers: ['a', 'b'].map((id) => newTimer({ id, ...(index === 3 && { uuid }) })),
      })),
    );
    expect(results.map((result) => result?.code)).toEqual([
      undefined,
      undefined,
      undefined,
      'INVALID_ARGUMENT',
      undefined,
    ]);
    expect((await stored(...shards)).map(({ length }) => length)).toEqual([2, 2, 2, 0, 2]);
  });

  test('throws what has spoilt the transaction of the caller', async () => {
    const [one, other] = (await claimed(2)) as [Shard, Shard];
    const client = new Client({ connectionString: fixture.database.url });
    await client.connect();
    await client.query('BEGIN');
    const uuid = '0190a5c8-0000-7000-8000-000000000001';
    const timers = ['a', 'b'].map((id) => newTimer({ id, uuid }));
    const creating = fixture.store.createTimersOfShards([batch(one, 'a'), { ...other, timers }], { client });
    await expect(creating).rejects.toThrow(StoreUnavailableError);
    await client.query('ROLLBACK');
    await client.end();
    expect(await stored(one, other)).toEqual([[], []]);
  });

  test('tells a failure of all of them for each', async () => {
    const [one, other] = (await claimed(2)) as [Shard, Shard];
    const pool = new Pool({ host: '127.0.0.1', port: 1 });
    const store = PostgresTimerStore.fromPool(pool);
    const results = await store.createTimersOfShards([batch(one, 'a'), batch(other, 'a')], {
      timeoutMs: 300,
    });
    expect(results).toEqual([expect.any(StoreUnavailableError), expect.any(StoreUnavailableError)]);
    await store.close();
    await pool.end();
  });

  test('of nothing sends nothing', async () => {
    expect(await fixture.store.createTimersOfShards([])).toEqual([]);
    expect(await fixture.store.createTimersOfShards([{ shardId: ++unclaimed, timers: [] }])).toEqual([null]);
  });

  test.each<[argument: string, batches: unknown]>([
    ['batches', 'all'],
    ['batches[0]', [7]],
    ['batches[0].shardId', [{ shardId: 1.5, timers: [] }]],
    ['batches[0].shardVersion', [{ shardId: 1, shardVersion: 0, timers: [] }]],
    ['batches[0].timers', [{ shardId: 1 }]],
    ['batches[0].version', [{ shardId: 1, version: 1, timers: [] }]],
    ['batches[1].timers[1].id', [unfenced({ shardId: 1 }), unfenced({ shardId: 2 }, 'a', '')]],
    ['batches[0].timers[1]', [unfenced({ shardId: 1 }, 'a', 'a')]],
    ['batches[2].shardId', [1, 2, 1].map((shardId) => unfenced({ shardId }))],
  ])('refuses a wrong %s by name', async (argument, batches) => {
    const creating = fixture.store.createTimersOfShards(batches as TimerBatch[]);
    expect(await errorOf(creating)).toMatchObject({ code: 'INVALID_ARGUMENT', argument });
  });
});

describe.each([true, false])('concurrent creates of many shards, fenced: %s,', (isFenced) => {
  const create = (shard: Shard, timer: NewTimer, store = fixture.store) =>
    isFenced
      ? store.createTimer(shard.shardId, shard.shardVersion, timer)
      : store.createTimerNoLock(shard.shardId, timer);

  test('share statements', async () => {
    const shards = await claimed(40);
    await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        create(shards[index % shards.length] as Shard, newTimer({ id: `timer-${index}` })),
      ),
    );
    expect((await stored(...shards)).map(({ length }) => length)).toEqual(shards.map(() => 5));
    // The first goes out at once, the rest when it is done, or in halves.
    expect(await transactionCount(shards)).toBeLessThanOrEqual(6);
  });

  test('succeed and fail each by itself', async () => {
    const shards = await claimed(10);
    const [lost, sealed] = [shards[3] as Shard, await sealedShard()];
    await fixture.store.claimShardOwnership(lost.shardId, 'another');
    const never = { shardId: ++unclaimed, shardVersion: 1 };
    const all = [...shards, sealed, never];
    const uuid = '0190a5c8-0000-7000-8000-000000000001';
    await create(shards[7] as Shard, newTimer({ id: 'holder', uuid }));
    const results = await Promise.allSettled(
      all.flatMap((shard, index) => [
        create(shard, newTimer({ id: 'a' })),
        create(shard, newTimer({ id: 'b', ...(index === 7 && { uuid }) })),
        create(shard, newTimer({ id: 'a', attempts: 2 })),
      ]),
    );
    const codes = all.map((_, index) =>
      results
        .slice(3 * index, 3 * index + 3)
        .map((result) => (result.status === 'rejected' ? result.reason.code : 'ok')),
    );
    const failed = (code: string) => [code, code, code];
    const expected = all.map(() => failed('ok'));
    expected[7] = ['ok', 'INVALID_ARGUMENT', 'ok'];
    expected[10] = failed(isFenced ? 'SHARD_CONDITION_FAILED' : 'SHARD_MOVED');
    if (isFenced) {
      expected[3] = failed('SHARD_CONDITION_FAILED');
      expected[11] = failed('SHARD_CONDITION_FAILED');
    }
    expect(codes).toEqual(expected);
    expect(await fixture.store.getTimer((shards[0] as Shard).shardId, 'reminders', 'a')).toMatchObject({
      attempts: 2,
    });
  });

  test('on Citus share statements with those of their own shard alone', async () => {
    const citus = await openStoreFixture();
    await pretendCitus(citus.direct);
    const pool = new Pool({ connectionString: citus.database.url });
    const stores = [
      await PostgresTimerStore.connect({ connectionString: citus.database.storeUrl }),
      PostgresTimerStore.fromPool(pool),
    ];
    for (const [index, store] of stores.entries()) {
      const shards = await Promise.all([citus.claimedShard(), citus.claimedShard()]);
      for (const round of [1, 2]) {
        await Promise.all(
          Array.from({ length: 20 }, (_, n) =>
            create(shards[n % 2] as Shard, newTimer({ id: `${index}-${round}-${n}` }), store),
          ),
        );
      }
      await store.createTimersOfShards(shards.map((shard) => batch(shard, 'x', 'y')));
      const { rows } = await citus.direct.query(
        `SELECT count(DISTINCT shard_id)::int AS shards FROM timers
         WHERE row_type = 2 AND shard_id = ANY($1) GROUP BY xmin::text`,
        [shards.map(({ shardId }) => shardId)],
      );
      expect(rows.length).toBeGreaterThan(3);
      expect(rows.filter((row) => row.shards > 1)).toEqual([]);
      await store.close();
    }
    await pool.end();
    await citus.close();
  });

  test('on a pool of the caller share statements as soon as it is known that there is no Citus', async () => {
    const pool = new Pool({ connectionString: fixture.database.url });
    const store = PostgresTimerStore.fromPool(pool);
    const [first, ...shards] = await claimed(20);
    await store.createTimersOfShards([batch(first as Shard, 'a'), batch(shards[0] as Shard, 'first')]);
    await Promise.all(shards.slice(1).map((shard) => create(shard, newTimer(), store)));
    expect(await transactionCount(shards.slice(1))).toBeLessThanOrEqual(3);
    await store.close();
    await pool.end();
  });
});

test('a shard that is being claimed holds up no calls of the others that come later', async () => {
  const [locked, other] = (await claimed(2)) as [Shard, Shard];
  const create = ({ shardId, shardVersion }: Shard, id: string) =>
    fixture.store.createTimer(shardId, shardVersion, newTimer({ id }));
  await fixture.direct.query('BEGIN');
  await fixture.direct.query(
    'UPDATE timers SET shard_version = shard_version + 1 WHERE shard_id = $1 AND row_type = 1',
    [locked.shardId],
  );
  // The first goes out at once, and the next two share a statement when it has taken too long, or later.
  const failing = ['a', 'b', 'c'].map((id) => errorOf(create(locked, id)));
  const sharing = create(other, 'sharing');
  await untilBlocked(fixture.database.url);
  for (const id of ['1', '2', '3']) {
    failing.push(errorOf(create(locked, id)));
    await create(other, id);
  }
  await fixture.direct.query('COMMIT');
  await sharing;
  for (const error of await Promise.all(failing)) {
    expect(error).toBeInstanceOf(ShardConditionFailedError);
  }
  // The lanes are one again.
  await Promise.all(['4', '5', '6', '7'].map((id) => create(other, id)));
  expect(await stored(locked, other)).toEqual([[], ['1', '2', '3', '4', '5', '6', '7', 'sharing']]);
});

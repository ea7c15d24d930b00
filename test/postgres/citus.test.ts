import { Client, Pool } from 'pg';
import { PostgresTimerStore, ZERO_CURSOR } from '../../src';
import { CitusParts, hashInt4 } from '../../src/postgres/citus-parts';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { pretendCitus } from '../support/pretend-citus';
import { ALL, openStoreFixture, type StoreFixture } from '../support/store-fixture';

/** What differs where the server has Citus, on one that only seems to: what Citus itself does, test/citus tries. */
const PART_STARTS = [-(2 ** 31), -(2 ** 30), 0, 2 ** 30];
/** The first two are on the first worker. */
const workerOf = (part: number) => 1 + Math.floor(part / 2);
const PARTS = new CitusParts(PART_STARTS.map((from, part) => ({ from, worker: workerOf(part) })));

let fixture: StoreFixture;
let store: PostgresTimerStore;

beforeAll(async () => {
  fixture = await openStoreFixture();
  await pretendCitus(fixture.direct);
  for (const [part, start] of PART_STARTS.entries()) {
    await fixture.direct.query("INSERT INTO pg_dist_shard VALUES ('timers'::regclass, $1, $2)", [
      part,
      String(start),
    ]);
    await fixture.direct.query('INSERT INTO pg_dist_placement VALUES ($1, $2)', [part, workerOf(part)]);
  }
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

test('a shard is in the part that has its hash', async () => {
  const { rows } = await fixture.direct.query(
    `SELECT shard_id, hashint4(shard_id) AS hash
     FROM (SELECT generate_series(-500, 500) UNION SELECT unnest('{-2147483648,2147483647,123456789}'::int[])) AS s (shard_id)`,
  );
  expect(rows.map(({ shard_id }) => hashInt4(shard_id))).toEqual(rows.map(({ hash }) => hash));
  const partOf = (hash: number) => PART_STARTS.findLastIndex((start) => start <= hash);
  expect(rows.map(({ shard_id }) => PARTS.partOf(shard_id))).toEqual(rows.map(({ hash }) => partOf(hash)));
  expect(new CitusParts([]).partOf(1)).toBeUndefined();
});

test('the store tells which shards are on one worker', async () => {
  const shardIds = Array.from({ length: 20 }, (_, shardId) => shardId);
  const onFirst = (shardId: number) => workerOf(PARTS.partOf(shardId) as number) === 1;
  const first = shardIds.find(onFirst) as number;
  expect(shardIds.filter((shardId) => store.serverOf(shardId) === store.serverOf(first))).toEqual(
    shardIds.filter(onFirst),
  );
  expect(() => store.serverOf(1.5)).toThrow('shardId');
});

describe('shards of one part share statements', () => {
  type Shard = Awaited<ReturnType<StoreFixture['claimedShard']>>;

  /** Three of one part, and one of another. */
  async function claimedShards(): Promise<[Shard, Shard, Shard, Shard]> {
    const first = await fixture.claimedShard();
    const beside: Shard[] = [];
    const apart: Shard[] = [];
    while (beside.length < 2 || apart.length < 1) {
      const shard = await fixture.claimedShard();
      (PARTS.partOf(shard.shardId) === PARTS.partOf(first.shardId) ? beside : apart).push(shard);
    }
    return [first, beside[0] as Shard, beside[1] as Shard, apart[0] as Shard];
  }

  /** How many statements wrote the timers that are there. */
  async function statementCount(shards: readonly Shard[], rowType = 2): Promise<number> {
    const { rows } = await fixture.direct.query(
      'SELECT count(DISTINCT xmin::text)::int AS count FROM timers WHERE row_type = $2 AND shard_id = ANY ($1)',
      [shards.map(({ shardId }) => shardId), rowType],
    );
    return rows[0].count;
  }

  test('in createTimersOfShards, each fenced for itself; without a fence, each takes its own', async () => {
    const shards = await claimedShards();
    const results = await store.createTimersOfShards(
      shards.map(({ shardId, shardVersion }, place) => ({
        shardId,
        // The second one is lost.
        ...(place < 3 && { shardVersion: shardVersion + (place === 1 ? 1 : 0) }),
        timers: [newTimer({ id: 'a' }), newTimer({ id: 'b' })],
      })),
    );
    expect(results.map((error) => error?.code)).toEqual([
      undefined,
      'SHARD_CONDITION_FAILED',
      undefined,
      undefined,
    ]);
    const counts = shards.map(async ({ shardId }) => (await store.rangeGetTimers(shardId, ALL, 10)).length);
    expect(await Promise.all(counts)).toEqual([2, 0, 2, 2]);
    expect(await statementCount(shards)).toBe(2);
  });

  test('in createTimer, of calls that are made at once', async () => {
    const shards = (await claimedShards()).slice(0, 3);
    const creates = shards.flatMap(({ shardId, shardVersion }) =>
      ['a', 'b', 'c', 'd'].map((id) => store.createTimer(shardId, shardVersion, newTimer({ id }))),
    );
    // By a version that is not that of its neighbours.
    const [{ shardId, shardVersion }] = shards as [Shard];
    const late = errorOf(store.createTimer(shardId, shardVersion + 1, newTimer({ id: 'late' })));
    await Promise.all(creates);
    expect(await late).toMatchObject({ code: 'SHARD_CONDITION_FAILED', expectedVersion: shardVersion + 1 });
    // The first goes out at once, and the rest together when it is done.
    expect(await statementCount(shards)).toBe(2);
  });

  test('but not with a timer that the server refuses', async () => {
    const shards = (await claimedShards()).slice(0, 3);
    const uuid = '00000000-0000-0000-0000-000000000001';
    const executeAt = new Date();
    await store.createTimer(shards[1]?.shardId as number, shards[1]?.shardVersion as number, {
      ...newTimer({ id: 'has the uuid', executeAt }),
      uuid,
    });
    const results = await store.createTimersOfShards(
      shards.map((shard) => ({ ...shard, timers: [{ ...newTimer({ id: 'a', executeAt }), uuid }] })),
    );
    expect(results.map((error) => error?.code ?? null)).toEqual([null, 'INVALID_ARGUMENT', null]);
  });

  test('in readDueTimers and settleTimers', async () => {
    const shards = await claimedShards();
    const executeAt = new Date(Date.now() - 1000);
    for (const { shardId, shardVersion } of shards) {
      await store.createTimers(shardId, shardVersion, [
        newTimer({ id: 'a', executeAt }),
        newTimer({ id: 'b', executeAt }),
      ]);
    }
    const places = shards.map(({ shardId }) => ({ shardId, after: ZERO_CURSOR }));
    const due = await store.readDueTimers(places, 0, 10);
    expect(
      due.shards.map(({ shardId, shardVersion, timers }) => [shardId, shardVersion, timers.length]),
    ).toEqual(shards.map(({ shardId, shardVersion }) => [shardId, shardVersion, 2]));
    const settlements = due.shards.map(({ shardId, shardVersion, timers }, place) => ({
      shardId,
      // The second one is lost.
      shardVersion: (shardVersion as number) + (place === 1 ? 1 : 0),
      timer: timers[0] as (typeof timers)[0],
      outcome: 'dead' as const,
      firstAttemptAt: executeAt,
      attempts: 1,
      lastError: 'refused',
    }));
    expect(await store.settleTimers(settlements)).toEqual(['settled', 'lost', 'settled', 'settled']);
    expect(await store.settleTimers(settlements.slice(0, 1))).toEqual(['changed']);
    // Of the three of one part, the two that were not lost.
    expect(await statementCount(shards.slice(0, 3), 3)).toBe(1);

    const done = due.shards.map(({ shardId, shardVersion, timers }, place) => ({
      shardId,
      shardVersion: (shardVersion as number) + (place === 1 ? 1 : 0),
      timer: timers[1] as (typeof timers)[0],
      outcome: 'done' as const,
    }));
    expect(await store.settleTimers(done)).toEqual(['settled', 'lost', 'settled', 'settled']);
    expect(await store.settleTimers(done.slice(0, 1))).toEqual(['changed']);
    const left = shards.map(async ({ shardId }) => (await store.rangeGetTimers(shardId, ALL, 10)).length);
    expect(await Promise.all(left)).toEqual([0, 2, 0, 0]);
  });

  test('each takes its own again where Citus refuses them, as after a part was split', async () => {
    const shards = (await claimedShards()).slice(0, 3);
    await fixture.direct.query(`
      CREATE FUNCTION refuse_many() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF (SELECT count(DISTINCT shard_id) > 1 FROM written) THEN
            RAISE 'could not run distributed query' USING ERRCODE = 'feature_not_supported';
          END IF;
          RETURN NULL;
        END $$;
      CREATE TRIGGER refuse_many AFTER INSERT ON timers REFERENCING NEW TABLE AS written
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_many()`);
    const batches = shards.map((shard) => ({ ...shard, timers: [newTimer({ id: 'a' })] }));
    expect(await store.createTimersOfShards(batches)).toEqual([null, null, null]);
    await fixture.direct.query('DROP TRIGGER refuse_many ON timers');
    expect(await statementCount(shards)).toBe(3);
  });
});

describe('a create without a fence in a shard that was never claimed', () => {
  /** Never claimed, unlike those of the fixture. */
  let unclaimed = 1000;
  const idsOf = async (shardId: number) => (await store.rangeGetTimers(shardId, ALL, 10)).map(({ id }) => id);

  test('stores one timer, and several', async () => {
    const [one, several] = [++unclaimed, ++unclaimed];
    await store.createTimerNoLock(one, newTimer({ id: 'a' }));
    expect(await idsOf(one)).toEqual(['a']);
    const timers = ['c', 'a', 'b'].map((id) => newTimer({ id, payload: { id } }));
    await store.createTimersNoLock(several, timers);
    await store.createTimersNoLock(several, timers);
    expect((await idsOf(several)).sort()).toEqual(['a', 'b', 'c']);
    expect(await store.getTimer(several, 'reminders', 'a')).toMatchObject({ payload: { id: 'a' } });
    expect(await store.getShard(several)).toBeNull();
  });

  test('takes further statements only as long as the shard has no row', async () => {
    const shardId = ++unclaimed;
    const timers = ['a', 'b'].map((id) => newTimer({ id }));
    const client = new Client({ connectionString: fixture.database.url });
    await client.connect();
    const query = jest.spyOn(client, 'query');
    const statementCount = async () => {
      query.mockClear();
      await store.createTimersNoLock(shardId, timers, { client });
      return query.mock.calls.length;
    };
    await client.query('BEGIN');
    await store.getShard(shardId, { client });
    expect(await statementCount()).toBe(4);
    expect(await statementCount()).toBe(1);
    await client.query('COMMIT');
    await client.end();
    await fixture.store.claimShardOwnership(shardId, 'owner');
    await store.createTimersNoLock(shardId, [newTimer({ id: 'c' }), newTimer({ id: 'd' })]);
    expect((await idsOf(shardId)).sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  test('stores none where the server refuses one', async () => {
    const shardId = ++unclaimed;
    const uuid = '00000000-0000-0000-0000-000000000001';
    const clashing = ['a', 'x', 'y'].map((id) => newTimer({ id, ...(id !== 'a' && { uuid }) }));
    const error = await errorOf(store.createTimersNoLock(shardId, clashing));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', cause: { code: '23505' } });
    expect(await idsOf(shardId)).toEqual([]);
  });

  test('stores none where the shard was moved away before its table came to Citus', async () => {
    const { shardId } = await fixture.claimedShard();
    await fixture.direct.query(
      `UPDATE timers SET shard_version = NULL, shard_metadata = '{"move": {}}' WHERE shard_id = $1 AND row_type = 1`,
      [shardId],
    );
    for (const timers of [[newTimer()], [newTimer({ id: 'a' }), newTimer({ id: 'b' })]]) {
      const error = await errorOf(store.createTimersNoLock(shardId, timers));
      expect(error).toMatchObject({ code: 'SHARD_MOVED' });
    }
    expect(await idsOf(shardId)).toEqual([]);
  });
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

import { Client, Pool } from 'pg';
import { cursorAtEndOf, type NewTimer, PostgresTimerStore, ZERO_CURSOR } from '../../src';
import { newTimer } from '../support/new-timer';
import { ON_CITUS } from '../support/on-citus';
import { ALL, openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { STORE_OPTIONS } from '../support/store-options';

/** Zones with offsets of half an hour; the client's has daylight-saving time and, before 1935, odd seconds. */
const SERVER_ZONE = 'Asia/Kolkata';
const CLIENT_ZONE = 'America/St_Johns';

let fixture: StoreFixture;
let store: PostgresTimerStore;
beforeAll(async () => {
  fixture = await openStoreFixture();
  const { direct, database } = fixture;
  await direct.query(`ALTER DATABASE ${database.name} SET timezone = '${SERVER_ZONE}'`);
  await direct.query(`ALTER DATABASE ${database.name} SET datestyle = 'SQL, DMY'`);
  await direct.query(`ALTER DATABASE ${database.name} SET intervalstyle = 'sql_standard'`);
  store = await PostgresTimerStore.connect({ connectionString: database.storeUrl, ...STORE_OPTIONS });
});
afterAll(async () => {
  await store.close();
  await fixture.close();
});

test('client and server are in the zones that these tests are about', async () => {
  expect(Intl.DateTimeFormat().resolvedOptions().timeZone).toBe(CLIENT_ZONE);
  expect(new Date('2026-07-01T00:00:00Z').getTimezoneOffset()).toBe(150);
  const fresh = new Client({ connectionString: fixture.database.url });
  await fresh.connect();
  expect((await fresh.query('SHOW timezone')).rows).toEqual([{ TimeZone: SERVER_ZONE }]);
  await fresh.end();
});

const INSTANTS = [
  ['now', new Date().toISOString()],
  ['the first millisecond that can be stored', '0001-01-01T00:00:00.000Z'],
  ['the last millisecond that can be stored', '9999-12-31T23:59:59.999Z'],
  ['before the Gregorian calendar', '1582-10-04T23:59:59.999Z'],
  ['before the zones were in whole minutes', '1883-11-18T12:03:58.001Z'],
  ['the last odd offset of the client', '1935-03-30T03:30:51.999Z'],
  ['just before 1970', '1969-12-31T23:59:59.999Z'],
  ['1970', '1970-01-01T00:00:00.000Z'],
  ['the time of the shard rows', '1970-01-01T00:00:01.000Z'],
  ['a leap day', '2028-02-29T18:30:00.123Z'],
  ['past the end of 32-bit seconds', '2038-01-19T03:14:08.000Z'],
  ['a year in which rounding of a double would show', '9000-06-15T12:34:56.789Z'],
  // The clocks of the client go forward at 2026-03-08 02:00 (05:30 UTC), back at 2026-11-01 02:00 (04:30 UTC).
  ['the last millisecond of standard time', '2026-03-08T05:29:59.999Z'],
  ['the first millisecond of summer time', '2026-03-08T05:30:00.000Z'],
  ['the hour that comes twice, the first time', '2026-11-01T03:45:00.500Z'],
  ['the hour that comes twice, the second time', '2026-11-01T04:45:00.500Z'],
] as const;

describe.each(INSTANTS)('%s', (_, iso) => {
  test('is kept to the millisecond in every statement that creates timers', async () => {
    const { shardId, shardVersion } = await fixture.claimedShard();
    const executeAt = new Date(iso);
    const [a, b, c, d, e, f, g] = [...'abcdefg'].map((id) =>
      newTimer({ id, executeAt, createdAt: executeAt }),
    );
    await store.createTimer(shardId, shardVersion, a as NewTimer);
    await store.createTimerNoLock(shardId, b as NewTimer);
    await store.createTimers(shardId, shardVersion, [c, d] as NewTimer[]);
    await store.createTimersNoLock(shardId, [e, f] as NewTimer[]);
    const nothing = { after: cursorAtEndOf(executeAt), upTo: cursorAtEndOf(executeAt) };
    await store.rangeDeleteWithBatchInsertTxn(shardId, shardVersion, nothing, [g] as NewTimer[]);
    const { rows } = await fixture.direct.query(
      `SELECT timer_id AS id, timer_execute_at = $2 AND timer_created_at = $2 AS exact
       FROM timers WHERE shard_id = $1 AND row_type = 2 ORDER BY timer_id`,
      [shardId, iso],
    );
    expect(rows).toEqual([...'abcdefg'].map((id) => ({ id, exact: true })));
  });

  test('is kept to the millisecond, as executeAt, createdAt, cursor and committed offset', async () => {
    const { shardId, shardVersion } = await fixture.claimedShard();
    const instant = new Date(iso);
    await store.createTimer(shardId, shardVersion, newTimer({ executeAt: instant, createdAt: instant }));
    const timer = await store.getTimer(shardId, 'reminders', 'timer-1');
    expect(timer?.executeAt.toISOString()).toBe(iso);
    expect(timer?.createdAt.toISOString()).toBe(iso);
    expect(
      await store.rangeGetTimers(shardId, { after: ZERO_CURSOR, upTo: cursorAtEndOf(instant) }, 10),
    ).toEqual([timer]);
    expect(await store.rangeGetTimers(shardId, { ...ALL, after: cursorAtEndOf(instant) }, 10)).toEqual([]);

    const moved = new Date(instant.getTime() === Date.parse(INSTANTS[1][1]) ? 0 : instant.getTime() - 1);
    const updated = await store.updateTimer(shardId, shardVersion, 'reminders', 'timer-1', {
      executeAt: moved,
    });
    expect(updated.executeAt).toEqual(moved);

    const metadata = { committedOffset: cursorAtEndOf(instant) };
    await store.updateShardMetadata(shardId, shardVersion, metadata);
    expect((await store.getShard(shardId))?.metadata).toEqual(metadata);

    // As anyone else sees it, in UTC.
    const { rows } = await fixture.direct.query(
      `SELECT to_char(timer_created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS utc
       FROM timers WHERE shard_id = $1 AND row_type = 2`,
      [shardId],
    );
    expect(rows).toEqual([{ utc: iso }]);
  });
});

test('timers across a change of the clocks fire in the order of their instants', async () => {
  const { shardId, shardVersion } = await fixture.claimedShard();
  const start = Date.parse('2026-11-01T02:30:00.000Z');
  const timers = Array.from({ length: 13 }, (_, index) =>
    newTimer({ id: `timer-${index}`, executeAt: new Date(start + index * 15 * 60_000) }),
  );
  await store.createTimers(shardId, shardVersion, timers.toReversed());
  const stored = await store.rangeGetTimers(shardId, ALL, 100);
  expect(stored.map((timer) => timer.id)).toEqual(timers.map((timer) => timer.id));
});

test('processes whose sessions are in different zones see one shard row and the same instants', async () => {
  const { shardId, shardVersion } = await fixture.claimedShard();
  await store.createTimer(shardId, shardVersion, newTimer());
  const pools = ['Pacific/Kiritimati', 'Pacific/Pago_Pago'].map(
    // Not through a pooler: it takes no options.
    (zone) =>
      new Pool({
        connectionString: fixture.database.url,
        // Citus takes no other DateStyle: test/postgres/citus.
        options: `-c timezone=${zone}${ON_CITUS ? ' -c datestyle=ISO' : ''}`,
      }),
  );
  try {
    const seen = await Promise.all(
      pools.map(async (pool) => {
        const elsewhere = PostgresTimerStore.fromPool(pool);
        return [await elsewhere.getShard(shardId), await elsewhere.getTimer(shardId, 'reminders', 'timer-1')];
      }),
    );
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]?.[1]).toMatchObject({ executeAt: newTimer().executeAt });
    const [east, west] = pools.map((pool) => PostgresTimerStore.fromPool(pool));
    expect((await east?.claimShardOwnership(shardId, 'east'))?.current.shardVersion).toBe(shardVersion + 1);
    expect((await west?.claimShardOwnership(shardId, 'west'))?.current.shardVersion).toBe(shardVersion + 2);
    const { rows } = await fixture.direct.query(
      'SELECT count(*)::int AS shard_rows FROM timers WHERE shard_id = $1 AND row_type = 1',
      [shardId],
    );
    expect(rows).toEqual([{ shard_rows: 1 }]);
  } finally {
    await Promise.all(pools.map((pool) => pool.end()));
  }
});

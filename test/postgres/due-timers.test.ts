import { setImmediate as turn } from 'node:timers/promises';
import { type Client, Pool, type PoolClient } from 'pg';
import { type DueEvents, PostgresTimerStore, ZERO_CURSOR } from '../../src';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { ON_CITUS } from '../support/on-citus';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { STORE_OPTIONS } from '../support/store-options';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture();
});
afterAll(async () => await fixture.close());

const MINUTE = 60_000;

describe('readDueTimers', () => {
  test('reads what is due in each shard, in order, and when the next is due', async () => {
    const [full, later, empty] = [
      await fixture.claimedShard(),
      await fixture.claimedShard(),
      await fixture.claimedShard(),
    ];
    const now = Date.now();
    const at = (ms: number, id: string) => newTimer({ id, executeAt: new Date(now + ms) });
    await fixture.store.createTimers(full.shardId, full.shardVersion, [
      at(-2 * MINUTE, 'b'),
      at(-MINUTE, 'c'),
      at(-3 * MINUTE, 'a'),
      at(MINUTE, 'soon'),
      at(2 * MINUTE, 'later'),
    ]);
    await fixture.store.createTimers(later.shardId, later.shardVersion, [at(MINUTE, 'soon')]);
    const places = [later, empty, full].map(({ shardId }) => ({ shardId, after: ZERO_CURSOR }));
    const due = await fixture.store.readDueTimers(places, 100, 10);
    expect(Math.abs(due.nowMs - Date.now())).toBeLessThan(MINUTE);
    expect(due.shards.map(({ shardId, timers }) => [shardId, timers.map(({ id }) => id)])).toEqual([
      [later.shardId, []],
      [empty.shardId, []],
      [full.shardId, ['a', 'b', 'c']],
    ]);
    expect(due.shards.map(({ nextExecuteAt }) => nextExecuteAt)).toEqual([
      new Date(now + MINUTE),
      null,
      new Date(now + MINUTE),
    ]);
  });

  // On Citus it is the time of a worker's statement, which goes on in a transaction.
  const testOfOneClock = ON_CITUS ? test.skip : test;
  testOfOneClock('reads up to the very millisecond that it looks ahead to, and no further', async () => {
    const { shardId } = await fixture.claimedShard();
    const { direct, store } = fixture;
    // In a transaction the server's time stands still; one of a thousand begins at a whole millisecond.
    let nowUs = 1;
    while (nowUs % 1000 > 0) {
      await direct.query('ROLLBACK; BEGIN');
      const { rows } = await direct.query('SELECT (extract(epoch FROM now()) * 1000000)::float8 AS us');
      nowUs = rows[0].us;
    }
    const horizon = nowUs / 1000 + 100;
    const at = (executeAt: number) => newTimer({ id: `${executeAt}`, executeAt: new Date(executeAt) });
    const options = { client: direct };
    await store.createTimersNoLock(shardId, [at(horizon), at(horizon + 1)], options);
    const { shards } = await store.readDueTimers([{ shardId, after: ZERO_CURSOR }], 100, 10, options);
    await direct.query('ROLLBACK');
    expect(shards[0]?.timers.map(({ id }) => id)).toEqual([`${horizon}`]);
    expect(shards[0]?.nextExecuteAt).toEqual(new Date(horizon + 1));
  });

  test("tells what the server's clock says, which goes on in a statement and in a transaction", async () => {
    const { shardId } = await fixture.claimedShard();
    const { direct, store } = fixture;
    await direct.query('BEGIN');
    const before = await clockOf(direct);
    const { nowMs } = await store.readDueTimers([{ shardId, after: ZERO_CURSOR }], 0, 1, { client: direct });
    const after = await clockOf(direct);
    await direct.query('ROLLBACK');
    expect(nowMs).toBeGreaterThanOrEqual(before);
    expect(nowMs).toBeLessThanOrEqual(after);
  });

  test('goes on after a place, and says where it was cut', async () => {
    const { shardId, shardVersion } = await fixture.claimedShard();
    const timers = Array.from({ length: 5 }, (_, index) =>
      newTimer({ id: `timer-${index}`, executeAt: new Date(1000 + index) }),
    );
    await fixture.store.createTimers(shardId, shardVersion, timers);
    let after = ZERO_CURSOR;
    const read: string[] = [];
    for (const isCut of [true, true, false]) {
      const { shards } = await fixture.store.readDueTimers([{ shardId, after }], 0, 2);
      expect(shards[0]?.isCut).toBe(isCut);
      read.push(...(shards[0]?.timers ?? []).map(({ id }) => id));
      after = shards[0]?.last ?? after;
    }
    expect(read).toEqual(timers.map(({ id }) => id));
  });

  test.each(['10000-01-01 00:00:00+00', '294276-12-31 23:59:59+00', 'infinity'])(
    'expects nothing of a row whose time no timer has: %s',
    async (executeAt) => {
      const { shardId } = await fixture.claimedShard();
      await fixture.direct.query(
        'INSERT INTO timers (shard_id, row_type, timer_execute_at, timer_uuid) VALUES ($1, 2, $2, gen_random_uuid())',
        [shardId, executeAt],
      );
      const { shards } = await fixture.store.readDueTimers([{ shardId, after: ZERO_CURSOR }], 0, 10);
      expect(shards).toMatchObject([{ timers: [], nextExecuteAt: null }]);
    },
  );

  test('passes over a row that cannot be read, and reports it', async () => {
    const reported: unknown[] = [];
    const own = await openStoreFixture({ onUnreadableRow: (error) => reported.push(error) });
    try {
      const { shardId, shardVersion } = await own.claimedShard();
      await own.store.createTimers(shardId, shardVersion, [newTimer({ id: 'a', executeAt: new Date(0) })]);
      await own.direct.query(`UPDATE timers SET timer_callback_timeout_seconds = NULL WHERE row_type = 2`);
      const { shards } = await own.store.readDueTimers([{ shardId, after: ZERO_CURSOR }], 0, 10);
      expect(shards).toMatchObject([{ timers: [], last: { executeAt: new Date(0) }, isCut: false }]);
      expect(reported).toMatchObject([{ code: 'UNREADABLE_ROW' }]);
    } finally {
      await own.close();
    }
  });
});

/** Collects what a listener is told, and waits for it. */
class Recorder implements DueEvents {
  readonly heard: (readonly number[] | null)[] = [];
  readonly losses: Error[] = [];
  onDue(shardIds: readonly number[] | null): void {
    this.heard.push(shardIds);
  }
  onLoss(error: Error): void {
    this.losses.push(error);
  }
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await turn();
    }
  }
}

describe('listenForDueTimers', () => {
  test('hears of the shards that are announced, by whatever store', async () => {
    const recorder = new Recorder();
    const listener = await fixture.store.listenForDueTimers(recorder);
    await fixture.store.announceDueTimers([3, 1]);
    await recorder.until(() => recorder.heard.length > 0);
    expect(recorder.heard).toEqual([[3, 1]]);
    await listener.close();
  });

  test('hears of those announced in a transaction when it commits', async () => {
    const recorder = new Recorder();
    const listener = await fixture.store.listenForDueTimers(recorder);
    const client = fixture.direct;
    await client.query('BEGIN');
    await fixture.store.announceDueTimers([5], { client });
    await fixture.store.announceDueTimers([6]);
    await recorder.until(() => recorder.heard.length > 0);
    expect(recorder.heard).toEqual([[6]]);
    await client.query('COMMIT');
    await recorder.until(() => recorder.heard.length > 1);
    expect(recorder.heard).toEqual([[6], [5]]);
    await listener.close();
  });

  test('listens anew when its session is ended, and says that any shard may have some', async () => {
    const recorder = new Recorder();
    const listener = await fixture.store.listenForDueTimers(recorder);
    await fixture.direct.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE query LIKE '%pg_listening_channels%' AND datname = current_database() AND pid <> pg_backend_pid()`,
    );
    await recorder.until(() => recorder.heard.length > 0);
    expect(recorder.losses.length).toBeGreaterThan(0);
    expect(recorder.heard).toEqual([null]);
    await fixture.store.announceDueTimers([7]);
    await recorder.until(() => recorder.heard.length > 1);
    expect(recorder.heard).toEqual([null, [7]]);
    await listener.close();
  });

  test('takes what names no shards for a word about any shard', async () => {
    const recorder = new Recorder();
    const listener = await fixture.store.listenForDueTimers(recorder);
    const words = ['', '7', 'seven', '7,x', '7,,8', '0.5', '-7,8'];
    for (const word of words) {
      await fixture.direct.query(
        "SELECT pg_notify('pg_timer_store_due_' || relnamespace, $1) FROM pg_class WHERE oid = to_regclass('timers')",
        [word],
      );
    }
    await recorder.until(() => recorder.heard.length === words.length);
    expect(recorder.heard).toEqual([null, [7], null, null, null, null, [-7, 8]]);
    await listener.close();
  });

  describe('while its pool has no connection left', () => {
    let pool: Pool;
    let store: PostgresTimerStore;
    let held: PoolClient[];
    beforeEach(async () => {
      pool = new Pool({ connectionString: fixture.database.storeUrl, max: 2 });
      store = PostgresTimerStore.fromPool(pool, STORE_OPTIONS);
      held = [await pool.connect(), await pool.connect()];
    });
    afterEach(async () => {
      for (const client of held) {
        client.release();
      }
      await store.close();
      await pool.end();
    });

    test('ends at its time', async () => {
      const listening = store.listenForDueTimers(new Recorder(), { timeoutMs: 50 });
      expect(await errorOf(listening)).toMatchObject({ code: 'CALL_TIMEOUT', retryable: true });
    });

    test('ends at its signal', async () => {
      const controller = new AbortController();
      const listening = store.listenForDueTimers(new Recorder(), { signal: controller.signal });
      controller.abort(new Error('enough'));
      expect(await errorOf(listening)).toMatchObject({ code: 'CALL_ABORTED', retryable: true });
    });

    test('does not begin under a signal that has fired', async () => {
      const listening = store.listenForDueTimers(new Recorder(), { signal: AbortSignal.abort() });
      expect(await errorOf(listening)).toMatchObject({ code: 'CALL_ABORTED', retryable: true });
      expect(pool.waitingCount).toBe(0);
    });

    test('refuses a pool that was ended', async () => {
      const ending = pool.end();
      expect(await errorOf(store.listenForDueTimers(new Recorder()))).toMatchObject({ code: 'STORE_CLOSED' });
      for (const client of held.splice(0)) {
        client.release();
      }
      await ending;
      pool = new Pool();
    });
  });
});

/** In milliseconds since 1970. */
async function clockOf(client: Client): Promise<number> {
  const { rows } = await client.query('SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms');
  return rows[0].ms;
}

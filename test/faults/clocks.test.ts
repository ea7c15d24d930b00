/** A process whose clock is an hour ahead of the server's, or behind. */
import { cursorAtEndOf, PostgresTimerStore, ZERO_CURSOR } from '../../src';
import { newTimer } from '../support/new-timer';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';

const HOUR_MS = 3_600_000;

/** All but Date goes on as it is. */
const NOT_THE_CLOCK = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture();
});
afterAll(async () => await fixture.close());

describe.each([
  ['ahead', HOUR_MS],
  ['behind', -HOUR_MS],
])('with the clock of the process an hour %s', (_, shiftMs) => {
  let shardId: number;
  let store: PostgresTimerStore;
  beforeEach(async () => {
    jest.useFakeTimers({ now: Date.now() + shiftMs, doNotFake: [...NOT_THE_CLOCK] });
    ({ shardId } = await fixture.claimedShard());
    store = await PostgresTimerStore.connect(fixture.database.storeUrl);
  });
  afterEach(async () => {
    await store.close();
    jest.useRealTimers();
  });

  async function serverNow(): Promise<number> {
    const { rows } = await fixture.direct.query(
      'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms',
    );
    return rows[0].ms;
  }

  test('a claim has the time of the server', async () => {
    const before = await serverNow();
    const { current } = await store.claimShardOwnership(shardId, 'next');
    // Whole milliseconds.
    expect(current.claimedAt.getTime()).toBeGreaterThanOrEqual(before - 1);
    expect(current.claimedAt.getTime()).toBeLessThanOrEqual((await serverNow()) + 1);
  });

  test('a timer has the times of the process, exactly, and is due by them', async () => {
    const executeAt = new Date();
    await store.createTimerNoLock(shardId, newTimer({ executeAt }));
    // The clock stands still.
    expect(await store.getTimer(shardId, 'reminders', 'timer-1')).toMatchObject({
      executeAt,
      createdAt: executeAt,
    });
    const dueAt = async (time: Date) =>
      await store.rangeGetTimers(shardId, { after: ZERO_CURSOR, upTo: cursorAtEndOf(time) }, 10);
    expect(await dueAt(new Date(executeAt.getTime() - 1))).toEqual([]);
    expect(await dueAt(executeAt)).toHaveLength(1);
  });
});

import { cursorAtEndOf, iterateTimers, PostgresTimerStore, type UnreadableRowError } from '../../src';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { ALL, openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { STORE_OPTIONS } from '../support/store-options';

let fixture: StoreFixture;
let store: PostgresTimerStore;
const reported: UnreadableRowError[] = [];
beforeAll(async () => {
  fixture = await openStoreFixture();
  store = await PostgresTimerStore.connect({
    ...STORE_OPTIONS,
    connectionString: fixture.database.storeUrl,
    onUnreadableRow: (error) => reported.push(error),
  });
});
beforeEach(() => {
  reported.length = 0;
});
afterAll(async () => {
  await store.close();
  await fixture.close();
});

const START = Date.UTC(2030, 0, 1);

/** A shard with the timers `timer-0`, `timer-1`, …, due a millisecond apart, some of which another program has spoilt. */
async function shardWithBadRows(count: number, bad: readonly number[]): Promise<number> {
  const { shardId, shardVersion } = await fixture.claimedShard();
  const timers = Array.from({ length: count }, (_, index) =>
    newTimer({ id: `timer-${index}`, executeAt: new Date(START + index) }),
  );
  await store.createTimers(shardId, shardVersion, timers);
  await fixture.direct.query(
    `UPDATE timers SET timer_callback_timeout_seconds = NULL WHERE shard_id = $1 AND timer_id = ANY ($2)`,
    [shardId, bad.map((index) => `timer-${index}`)],
  );
  return shardId;
}

function idsExcept(count: number, bad: readonly number[]): string[] {
  return Array.from({ length: count }, (_, index) => index)
    .filter((index) => !bad.includes(index))
    .map((index) => `timer-${index}`);
}

const INEXACT_PAYLOAD = 'its payload has a number that a JavaScript number does not keep';

test.each([
  ['timer_callback_timeout_seconds = NULL', 'its callbackTimeoutSeconds is NULL'],
  ['timer_namespace = NULL', 'its namespace is NULL'],
  [`timer_retry_policy = '[]'`, 'its retryPolicy is not a JSON object'],
  [`timer_payload = '9007199254740993'`, INEXACT_PAYLOAD],
  [`timer_payload = '-9223372036854775807'`, INEXACT_PAYLOAD],
  [`timer_payload = '1e400'`, INEXACT_PAYLOAD],
  [`timer_payload = '1e-400'`, INEXACT_PAYLOAD],
  [`timer_payload = '0.1234567890123456789'`, INEXACT_PAYLOAD],
  [`timer_payload = '{"\\"a": [{"b": "\\\\"}, 12345678901234567]}'`, INEXACT_PAYLOAD],
  [
    `timer_retry_policy = '{"maxAttempts": 9007199254740993}'`,
    'its retryPolicy has a number that a JavaScript number does not keep',
  ],
  [`timer_created_at = 'infinity'`, 'one of its times is outside the years 1 to 9999'],
  [`timer_created_at = '-infinity'`, 'one of its times is outside the years 1 to 9999'],
  [`timer_created_at = '294276-12-31'`, 'one of its times is outside the years 1 to 9999'],
  [`timer_created_at = '4713-01-01 BC'`, 'one of its times is outside the years 1 to 9999'],
  [`timer_due_at = '294276-12-31'`, 'one of its times is outside the years 1 to 9999'],
  [`timer_updated_at = 'infinity'`, 'one of its times is outside the years 1 to 9999'],
  [`timer_first_attempt_at = '-infinity'`, 'one of its times is outside the years 1 to 9999'],
])('a row with %s is reported by its key, and its neighbours arrive', async (change, reason) => {
  const shardId = await shardWithBadRows(3, []);
  await fixture.direct.query(`UPDATE timers SET ${change} WHERE shard_id = $1 AND timer_id = 'timer-1'`, [
    shardId,
  ]);
  const page = await store.rangeGetTimers(shardId, ALL, 10);
  expect(page.map((timer) => timer.id)).toEqual(['timer-0', 'timer-2']);
  expect(reported).toMatchObject([
    { code: 'UNREADABLE_ROW', shardId, reason, timer: { id: 'timer-1', executeAt: new Date(START + 1) } },
  ]);
});

test.each([
  ['9007199254740992', 2 ** 53],
  ['-9007199254740992.000', -(2 ** 53)],
  ['1.0', 1],
  ['1.50', 1.5],
  ['1e2', 100],
  ['1e308', 1e308],
  ['12345678901234567000', 12345678901234567000],
  ['0.10000000000000001', 0.1],
  ['0.1000000000000000055511151231257827021181583404541015625', 0.1],
  ['0.0000000000000000', 0],
  ['{"9007199254740993": "9007199254740993, \\"9007199254740993\\", \\\\"}', expect.any(Object)],
])('a payload of another program that a JavaScript number keeps is read: %s', async (payload, value) => {
  const shardId = await shardWithBadRows(1, []);
  await fixture.direct.query('UPDATE timers SET timer_payload = $2 WHERE shard_id = $1 AND row_type = 2', [
    shardId,
    payload,
  ]);
  expect(await store.rangeGetTimers(shardId, ALL, 10)).toMatchObject([{ payload: value }]);
});

test("a number in the metadata of a shard that this version does not know stands in nobody's way", async () => {
  const { shardId } = await fixture.claimedShard();
  const committedOffset = {
    executeAt: '2030-01-01T00:00:00.000Z',
    uuid: '00000000-0000-0000-0000-000000000001',
  };
  await fixture.direct.query(
    `UPDATE timers SET shard_metadata = jsonb_build_object('committedOffset', $2::jsonb, 'more', 9007199254740993)
     WHERE shard_id = $1 AND row_type = 1`,
    [shardId, committedOffset],
  );
  expect(await store.getShard(shardId)).toMatchObject({
    metadata: { committedOffset: { executeAt: new Date(committedOffset.executeAt) } },
  });
});

test.each([
  `timer_execute_at = 'infinity'`,
  `timer_execute_at = '-infinity'`,
  `timer_execute_at = '294276-12-31'`,
])('a row with %s is in no range, and is reported when it is asked for', async (change) => {
  const shardId = await shardWithBadRows(2, []);
  await fixture.direct.query(`UPDATE timers SET ${change} WHERE shard_id = $1 AND timer_id = 'timer-1'`, [
    shardId,
  ]);
  expect(await store.rangeGetTimers(shardId, ALL, 10)).toHaveLength(1);
  expect(reported).toEqual([]);
  expect(await errorOf(store.getTimer(shardId, 'reminders', 'timer-1'))).toMatchObject({
    code: 'UNREADABLE_ROW',
    timer: { id: 'timer-1', namespace: 'reminders', executeAt: null },
  });
});

test.each([
  ['at its start', [0, 1, 2]],
  ['at its end', [7, 8, 9]],
  ['on both sides of a page', [3, 4, 5]],
  ['everywhere', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
])('bad rows %s make no page shorter: a short one still means that the range has no more', async (_, bad) => {
  const shardId = await shardWithBadRows(10, bad);
  const good = idsExcept(10, bad);
  for (const limit of [0, 1, 3, 4, 10, 11]) {
    const page = await store.rangeGetTimers(shardId, ALL, limit);
    expect(page.map((timer) => timer.id)).toEqual(good.slice(0, limit));
  }
});

test('iterating passes over bad rows, and reports each', async () => {
  const bad = [0, 5, 6, 7, 8, 9, 20, 24];
  const shardId = await shardWithBadRows(25, bad);
  const ids: string[] = [];
  for await (const timer of iterateTimers(store, shardId, ALL, { pageSize: 4 })) {
    ids.push(timer.id);
  }
  expect(ids).toEqual(idsExcept(25, bad));
  expect(new Set(reported.map((error) => error.timer?.id))).toEqual(
    new Set(bad.map((index) => `timer-${index}`)),
  );
});

test('without onUnreadableRow, the process is warned', async () => {
  const shardId = await shardWithBadRows(2, [0]);
  // jest gives its tests a process of their own, which hears no warnings.
  const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation();
  expect(await fixture.store.rangeGetTimers(shardId, ALL, 10)).toHaveLength(1);
  expect(emitWarning).toHaveBeenCalledWith(
    expect.stringContaining('timer "timer-0" in namespace "reminders"'),
    { type: 'UnreadableRowError', code: 'UNREADABLE_ROW' },
  );
  emitWarning.mockRestore();
});

test('what onUnreadableRow throws, the call throws', async () => {
  const strict = await PostgresTimerStore.connect({
    ...STORE_OPTIONS,
    connectionString: fixture.database.storeUrl,
    onUnreadableRow: (error) => {
      throw error;
    },
  });
  const shardId = await shardWithBadRows(2, [1]);
  expect(await errorOf(strict.rangeGetTimers(shardId, ALL, 10))).toMatchObject({ code: 'UNREADABLE_ROW' });
  const upToTheGoodOne = { ...ALL, upTo: cursorAtEndOf(new Date(START)) };
  expect(await strict.rangeGetTimers(shardId, upToTheGoodOne, 10)).toHaveLength(1);
  await strict.close();
});

test('an update that cannot return its timer was applied', async () => {
  const shardId = await shardWithBadRows(1, [0]);
  const updating = store.updateTimerNoLock(shardId, 'reminders', 'timer-0', { attempts: 3 });
  expect(await errorOf(updating)).toMatchObject({ code: 'UNREADABLE_ROW', timer: { id: 'timer-0' } });
  await store.updateTimerNoLock(shardId, 'reminders', 'timer-0', { callbackTimeoutSeconds: 30 });
  expect(await store.getTimer(shardId, 'reminders', 'timer-0')).toMatchObject({ attempts: 3 });
});

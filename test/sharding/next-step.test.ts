/** How a move goes on by the rows that both servers have, and where it refuses to. */
import { moveShard, PostgresTimerStore, type TimerStore } from '../../src';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { type MovingServers, moveUpTo, openMovingServers, rawShard, rawTimers } from './moving-servers';

let servers: MovingServers;
let c: StoreFixture;
beforeAll(async () => {
  [servers, c] = await Promise.all([openMovingServers(), openStoreFixture()]);
});
afterAll(async () => await Promise.all([servers.close(), c.close()]));

async function shardWithTimer() {
  const { shardId, shardVersion } = await servers.claimedShard();
  await servers.a.store.createTimer(shardId, shardVersion, newTimer());
  return shardId;
}

/** That a move is refused, and changes no timer and no shard row that counts. */
async function expectRefusal(shardId: number, from: StoreFixture, to: StoreFixture, reason: RegExp) {
  const state = async () => {
    const rows: unknown[] = [];
    for (const server of [from, to]) {
      rows.push(await rawShard(server, shardId), await rawTimers(server, shardId));
    }
    return rows;
  };
  const before = await state();
  expect(await errorOf(moveShard(shardId, from.store, to.store))).toMatchObject({
    code: 'SHARD_MOVE_FAILED',
    shardId,
    reason: expect.stringMatching(reason),
    retryable: false,
  });
  expect(await state()).toEqual(before);
}

test('to a server that has the shard already is refused', async () => {
  const { a, b } = servers;
  const shardId = await shardWithTimer();
  await b.store.claimShardOwnership(shardId, 'other');
  await expectRefusal(shardId, a, b, /the target has it already, at version 1/);
});

test('to a server that has timers of the shard, which was never claimed there, is refused, and leaves them', async () => {
  const { a, b } = servers;
  const shardId = await shardWithTimer();
  await b.store.createTimerNoLock(shardId, newTimer({ id: 'acknowledged here' }));
  await expectRefusal(shardId, a, b, /the target has timers of it, though it was never claimed there/);
  await b.direct.query('UPDATE timers SET row_type = 3 WHERE shard_id = $1', [shardId]);
  await expectRefusal(shardId, a, b, /the target has timers of it/);
  await b.store.deleteDeadTimer(shardId, 'reminders', 'acknowledged here');
  await moveShard(shardId, a.store, b.store);
  expect(await rawTimers(b, shardId)).toHaveLength(1);
});

test('of a shard that was never claimed, to a server that has it, is refused', async () => {
  const { a, b } = servers;
  await b.store.claimShardOwnership(-5, 'other');
  await expectRefusal(-5, a, b, /the target has it already/);
});

test('to the same database by another store is refused', async () => {
  const { a } = servers;
  const shardId = await shardWithTimer();
  const again = await PostgresTimerStore.connect(a.database.storeUrl);
  await expectRefusal(shardId, a, { ...a, store: again }, /the target has it already/);
  await again.close();
});

test.each(['merge', 'activate', 'delete'] as const)(
  'that ended when it began to %s, to another target than before, is refused',
  async (phase) => {
    const { a, b } = servers;
    const shardId = await shardWithTimer();
    await moveUpTo(shardId, a, b, phase);
    await expectRefusal(shardId, a, c, /it has left the source for another server/);
    await c.store.claimShardOwnership(shardId, 'by mistake');
    await expectRefusal(shardId, a, c, /it has left the source for another server/);
    await moveShard(shardId, a.store, b.store);
    expect(await rawTimers(b, shardId)).toHaveLength(1);
  },
);

test('from a server on which it has only half arrived is refused', async () => {
  const { a, b } = servers;
  const shardId = await shardWithTimer();
  await moveUpTo(shardId, a, b, 'merge');
  await expectRefusal(shardId, b, c, /is being moved there/);
  await expectRefusal(shardId, b, a, /is being moved there/);
});

test('from a server that it has left for another one is refused', async () => {
  const { a, b } = servers;
  const shardId = await shardWithTimer();
  await moveShard(shardId, a.store, b.store);
  await moveShard(shardId, b.store, c.store);
  await expectRefusal(shardId, a, c, /it has left the source for another server/);
  await expectRefusal(shardId, a, b, /it has left the source for another server/);
});

test('to a server that it has left, at a higher version than the source has, is refused', async () => {
  const { a, b } = servers;
  const shardId = await shardWithTimer();
  await a.store.claimShardOwnership(shardId, 'owner-2');
  await moveShard(shardId, a.store, b.store);
  // Another shard of that number, which somebody claimed on a third server.
  await c.store.claimShardOwnership(shardId, 'by mistake');
  await expectRefusal(
    shardId,
    c,
    a,
    /it was at version 2 when it left the target, and is at 1 on the source/,
  );
});

test('that ended while it copied may go to another target instead, and later to the first', async () => {
  const { a, b } = servers;
  const shardId = await shardWithTimer();
  const timers = await rawTimers(a, shardId);
  await moveUpTo(shardId, a, c, 'seal');
  await moveShard(shardId, a.store, b.store);
  expect(await rawTimers(b, shardId)).toEqual(timers);
  await b.store.deleteTimerNoLock(shardId, 'reminders', 'timer-1');
  await moveShard(shardId, b.store, c.store);
  expect(await rawTimers(c, shardId)).toEqual([]);
  expect(await c.store.getShard(shardId)).toMatchObject({ shardVersion: 3 });
});

test('back, while the first move has timers left to delete, takes over from it', async () => {
  const { a, b } = servers;
  const shardId = await shardWithTimer();
  await moveUpTo(shardId, a, b, 'delete');
  await b.store.deleteTimerNoLock(shardId, 'reminders', 'timer-1');
  await b.store.createTimerNoLock(shardId, newTimer({ id: 'new' }));
  const timers = await rawTimers(b, shardId);
  await moveShard(shardId, b.store, a.store);
  expect(await rawTimers(a, shardId)).toEqual(timers);
  expect(await a.store.getShard(shardId)).toMatchObject({ shardVersion: 3 });
});

test.each([
  [`shard_metadata = '[]'`, 'UNREADABLE_ROW', 'its metadata'],
  ['shard_metadata = NULL', 'UNREADABLE_ROW', 'its metadata'],
  ['shard_version = 9007199254740992', 'UNREADABLE_ROW', 'its version'],
  ['shard_version = NULL', 'SHARD_MOVE_FAILED', 'spoilt by another program'],
])('of a shard in whose row another program set %s is refused', async (change, code, reason) => {
  const { a, b } = servers;
  const shardId = await shardWithTimer();
  await a.direct.query(`UPDATE timers SET ${change} WHERE shard_id = $1 AND row_type = 1`, [shardId]);
  const error = await errorOf(moveShard(shardId, a.store, b.store));
  expect(error).toMatchObject({ code, shardId, reason: expect.stringContaining(reason) });
  expect(await rawShard(b, shardId)).toBeUndefined();
});

test('to a server with a row that no move has sealed is refused', async () => {
  const { a, b } = servers;
  const shardId = await shardWithTimer();
  await b.store.claimShardOwnership(shardId, 'other');
  await b.direct.query('UPDATE timers SET shard_version = NULL WHERE shard_id = $1', [shardId]);
  await expectRefusal(shardId, a, b, /no move has made it so/);
});

describe('the arguments', () => {
  const notAStore = { claimShardOwnership() {} } as unknown as PostgresTimerStore;

  test.each<[string, (store: PostgresTimerStore, other: PostgresTimerStore) => Promise<unknown>]>([
    ['shardId', (store, other) => moveShard(1.5, store, other)],
    ['from', (_, other) => moveShard(1, notAStore, other)],
    ['to', (store) => moveShard(1, store, notAStore)],
    ['to', (store) => moveShard(1, store, null as unknown as PostgresTimerStore)],
    ['to', (store) => moveShard(1, store, store)],
    ['options.signal', (store, other) => moveShard(1, store, other, { signal: {} as AbortSignal })],
    ['options.onProgress', (store, other) => moveShard(1, store, other, { onProgress: 1 as never })],
    ['options.speed', (store, other) => moveShard(1, store, other, { speed: 1 } as object)],
  ])('are refused by name: %s', async (argument, call) => {
    const { a, b } = servers;
    expect(await errorOf(call(a.store, b.store))).toMatchObject({ code: 'INVALID_ARGUMENT', argument });
    const store: TimerStore = a.store;
    expect(await store.getShard(1)).toEqual(await store.getShard(1));
  });
});

import {
  InvalidArgumentError,
  type NewTimer,
  type Settlement,
  type Timer,
  TimerNotFoundError,
  timerUuid,
} from '../../src';
import { untilBlocked } from '../support/blocked-statements';
import { newTimer } from '../support/new-timer';
import { openTransaction } from '../support/open-transaction';
import { ALL, openStoreFixture, type StoreFixture } from '../support/store-fixture';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture();
});
afterAll(async () => await fixture.close());

interface Shard {
  readonly shardId: number;
  readonly shardVersion: number;
}

const FAILED_AT = new Date('2030-01-01T00:00:01.000Z');
const NEXT = new Date('2030-01-01T00:01:00.000Z');

async function timersOf({ shardId, shardVersion }: Shard, ...timers: NewTimer[]): Promise<Timer[]> {
  await fixture.store.createTimers(shardId, shardVersion, timers);
  return await fixture.store.rangeGetTimers(shardId, ALL, 100);
}

function done(shard: Shard, timer: Timer): Settlement {
  return { ...shard, timer, outcome: 'done' };
}

function again(shard: Shard, timer: Timer): Settlement {
  return {
    ...shard,
    timer,
    outcome: 'again',
    executeAt: NEXT,
    dueAt: timer.dueAt,
    firstAttemptAt: FAILED_AT,
    attempts: 1,
    lastError: 'HTTP 500',
  };
}

function dead(shard: Shard, timer: Timer, lastError = 'HTTP 410'): Settlement {
  return { ...shard, timer, outcome: 'dead', firstAttemptAt: FAILED_AT, attempts: 3, lastError };
}

describe('settleTimers', () => {
  test('deletes what is done, in many shards by one statement', async () => {
    const shards = await Promise.all(Array.from({ length: 5 }, () => fixture.claimedShard()));
    const timers = await Promise.all(
      shards.map((shard) => timersOf(shard, newTimer({ id: 'a' }), newTimer({ id: 'b' }))),
    );
    const settlements = shards.flatMap((shard, index) =>
      (timers[index] ?? []).map((timer) => done(shard, timer)),
    );
    expect(await fixture.store.settleTimers(settlements)).toEqual(settlements.map(() => 'settled'));
    for (const { shardId } of shards) {
      expect(await fixture.store.rangeGetTimers(shardId, ALL, 10)).toEqual([]);
    }
  });

  test('gives what is tried again the revision that its owner has drawn, by which it is settled then', async () => {
    const shard = await fixture.claimedShard();
    const [timer] = await timersOf(shard, newTimer());
    const moved = { ...(timer as Timer), executeAt: NEXT, revision: '-7' };
    const settlement = { ...again(shard, timer as Timer), revision: moved.revision };
    expect(await fixture.store.settleTimers([settlement])).toEqual(['settled']);
    expect(await fixture.store.settleTimers([done(shard, timer as Timer)])).toEqual(['changed']);
    expect(await fixture.store.settleTimers([done(shard, moved)])).toEqual(['settled']);
  });

  test('moves what is tried again, keeping what it was due at and its payload', async () => {
    const shard = await fixture.claimedShard();
    const [timer] = await timersOf(shard, newTimer({ payload: { order: 1 } }));
    expect(await fixture.store.settleTimers([again(shard, timer as Timer)])).toEqual(['settled']);
    const [moved] = await fixture.store.rangeGetTimers(shard.shardId, ALL, 10);
    expect(moved).toEqual({
      ...timer,
      executeAt: NEXT,
      dueAt: timer?.executeAt,
      firstAttemptAt: FAILED_AT,
      attempts: 1,
      lastError: 'HTTP 500',
      updatedAt: expect.any(Date),
      revision: expect.not.stringMatching(`^${timer?.revision}$`),
    });
  });

  test('replaces the payload of the next run, also by null', async () => {
    const shard = await fixture.claimedShard();
    const [first, second] = await timersOf(
      shard,
      newTimer({ id: 'a', payload: 1 }),
      newTimer({ id: 'b', payload: 1 }),
    );
    const next = { dueAt: null, firstAttemptAt: null, attempts: 0, lastError: null };
    await fixture.store.settleTimers([
      { ...again(shard, first as Timer), ...next, payload: { run: 2 } } as Settlement,
      { ...again(shard, second as Timer), ...next, payload: null } as Settlement,
    ]);
    const timers = await fixture.store.rangeGetTimers(shard.shardId, ALL, 10);
    expect(timers.map(({ payload, dueAt }) => [payload, dueAt])).toEqual(
      expect.arrayContaining([
        [{ run: 2 }, NEXT],
        [null, NEXT],
      ]),
    );
  });

  test('makes a dead timer of what is given up, in place of an earlier one', async () => {
    const shard = await fixture.claimedShard();
    for (const lastError of ['first', 'second']) {
      const [timer] = await timersOf(shard, newTimer({ payload: lastError }));
      expect(await fixture.store.settleTimers([dead(shard, timer as Timer, lastError)])).toEqual(['settled']);
    }
    expect(await fixture.store.rangeGetTimers(shard.shardId, ALL, 10)).toEqual([]);
    expect(await fixture.store.rangeGetDeadTimers(shard.shardId, ALL, 10)).toMatchObject([
      { id: 'timer-1', payload: 'second', lastError: 'second', attempts: 3, diedAt: expect.any(Date) },
    ]);
  });

  test('does all three at once', async () => {
    const shard = await fixture.claimedShard();
    const [a, b, c] = await timersOf(shard, ...['a', 'b', 'c'].map((id) => newTimer({ id })));
    const results = await fixture.store.settleTimers([
      done(shard, a as Timer),
      again(shard, b as Timer),
      dead(shard, c as Timer),
    ]);
    expect(results).toEqual(['settled', 'settled', 'settled']);
    const [living, buried] = await Promise.all([
      fixture.store.rangeGetTimers(shard.shardId, ALL, 10),
      fixture.store.rangeGetDeadTimers(shard.shardId, ALL, 10),
    ]);
    expect([living, buried].map((timers) => timers.map(({ id }) => id))).toEqual([[b?.id], [c?.id]]);
  });

  test.each([
    ['done', done],
    ['again', again],
    ['dead', dead],
  ] as const)('leaves alone what is no longer as it was delivered: %s', async (_, settlement) => {
    const shard = await fixture.claimedShard();
    const ids = ['replaced', 'updated', 'moved', 'cancelled', 'same'];
    const timers = await timersOf(shard, ...ids.map((id) => newTimer({ id })));
    const { store } = fixture;
    // With the same id, time and content: only the revision tells.
    await store.createTimerNoLock(shard.shardId, newTimer({ id: 'replaced' }));
    await store.updateTimerNoLock(shard.shardId, 'reminders', 'updated', {});
    await store.updateTimerNoLock(shard.shardId, 'reminders', 'moved', { executeAt: NEXT });
    await store.deleteTimerNoLock(shard.shardId, 'reminders', 'cancelled');
    const results = await store.settleTimers(timers.map((timer) => settlement(shard, timer)));
    expect(Object.fromEntries(timers.map(({ id }, index) => [id, results[index]]))).toEqual({
      replaced: 'changed',
      updated: 'changed',
      moved: 'changed',
      cancelled: 'changed',
      same: 'settled',
    });
    const left = (await store.rangeGetTimers(shard.shardId, ALL, 10)).map(({ id }) => id);
    expect(left).toEqual(expect.arrayContaining(['replaced', 'updated', 'moved']));
    expect(left).not.toContain('cancelled');
  });

  test.each([
    ['done', done],
    ['again', again],
    ['dead', dead],
  ] as const)('waits for no transaction that holds a timer, and says so: %s', async (_, settlement) => {
    const shard = await fixture.claimedShard();
    const ids = ['held', 'free', 'gone'];
    const timers = await timersOf(shard, ...ids.map((id) => newTimer({ id })));
    await fixture.store.deleteTimerNoLock(shard.shardId, 'reminders', 'gone');
    const transaction = await openTransaction(fixture.database.url, fixture.store);
    await transaction.store.updateTimerNoLock(shard.shardId, 'reminders', 'held', { attempts: 7 });
    const settle = (some: readonly Timer[]) =>
      fixture.store.settleTimers(some.map((timer) => settlement(shard, timer)));
    const held = timers.filter(({ id }) => id === 'held');
    expect(await settle(timers)).toEqual(
      timers.map(({ id }) => ({ held: 'locked', free: 'settled', gone: 'changed' })[id]),
    );
    await transaction.end('ROLLBACK');
    expect(await settle(held)).toEqual(['settled']);
  });

  test.each([
    ['done', done],
    ['again', again],
    ['dead', dead],
  ] as const)('writes nothing in a shard that was lost, and all of the others: %s', async (_, settlement) => {
    const [lost, held] = [await fixture.claimedShard(), await fixture.claimedShard()];
    const [a] = await timersOf(lost, newTimer());
    const [b] = await timersOf(held, newTimer());
    await fixture.store.claimShardOwnership(lost.shardId, 'another');
    const results = await fixture.store.settleTimers([
      settlement(lost, a as Timer),
      settlement(held, b as Timer),
    ]);
    expect(results).toEqual(['lost', 'settled']);
    expect(await fixture.store.rangeGetTimers(lost.shardId, ALL, 10)).toEqual([a]);
  });

  test('tells two versions of a shard apart', async () => {
    const shard = await fixture.claimedShard();
    const [a, b] = await timersOf(shard, newTimer({ id: 'a' }), newTimer({ id: 'b' }));
    const newer = { ...shard, shardVersion: shard.shardVersion + 1 };
    await fixture.store.claimShardOwnership(shard.shardId, 'owner-1');
    expect(await fixture.store.settleTimers([done(shard, a as Timer), done(newer, b as Timer)])).toEqual([
      'lost',
      'settled',
    ]);
  });

  test('of nothing sends nothing', async () => {
    expect(await fixture.store.settleTimers([])).toEqual([]);
  });
});

test.each<[string, (shard: Shard, timer: Timer) => Settlement]>([
  ['done', done],
  ['again', again],
  ['dead', dead],
])('what another program writes while a settlement waits is not taken for settled: %s', async (_, settle) => {
  const { database, direct, store } = fixture;
  const shard = await fixture.claimedShard();
  const [earlier] = await timersOf(shard, newTimer({ payload: 'earlier' }));
  await store.settleTimers([dead(shard, earlier as Timer)]);
  const [timer] = await timersOf(shard, newTimer({ payload: 'later' }));
  const transaction = await openTransaction(database.url, store);
  await transaction.store.updateShardMetadata(shard.shardId, shard.shardVersion, {});
  const settling = store.settleTimers([settle(shard, timer as Timer)]);
  await untilBlocked(database.url);
  // By hand, and so without another revision.
  await direct.query(
    'UPDATE timers SET timer_callback_timeout_seconds = 31 WHERE shard_id = $1 AND row_type = 2',
    [shard.shardId],
  );
  await transaction.end('COMMIT');
  expect(await settling).toEqual(['locked']);
  expect(await store.rangeGetTimers(shard.shardId, ALL, 10)).toEqual([
    { ...timer, callbackTimeoutSeconds: 31 },
  ]);
  expect(await store.rangeGetDeadTimers(shard.shardId, ALL, 10)).toMatchObject([{ payload: 'earlier' }]);
  expect(await store.settleTimers([settle(shard, timer as Timer)])).toEqual(['settled']);
});

describe('a dead timer', () => {
  async function buried(): Promise<Shard> {
    const shard = await fixture.claimedShard();
    const [timer] = await timersOf(shard, newTimer({ payload: 7 }));
    await fixture.store.settleTimers([dead(shard, timer as Timer)]);
    return shard;
  }

  test('is revived with no attempts, at the time that is given', async () => {
    const { shardId } = await buried();
    const revived = await fixture.store.reviveTimer(shardId, 'reminders', 'timer-1', NEXT);
    expect(revived).toMatchObject({
      executeAt: NEXT,
      dueAt: NEXT,
      payload: 7,
      attempts: 0,
      firstAttemptAt: null,
      lastError: null,
    });
    expect(await fixture.store.rangeGetTimers(shardId, ALL, 10)).toEqual([revived]);
    expect(await fixture.store.rangeGetDeadTimers(shardId, ALL, 10)).toEqual([]);
  });

  test('is not revived beside a living one of its id, which is refused by name', async () => {
    const shard = await buried();
    await fixture.store.createTimer(shard.shardId, shard.shardVersion, newTimer());
    const reviving = fixture.store.reviveTimer(shard.shardId, 'reminders', 'timer-1', NEXT);
    await expect(reviving).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', argument: 'timerId' });
    expect(await fixture.store.rangeGetDeadTimers(shard.shardId, ALL, 10)).toHaveLength(1);
  });

  test('that was never there is not found, though its id lives', async () => {
    const { shardId } = await fixture.claimedShard();
    await fixture.store.createTimerNoLock(shardId, newTimer());
    const reviving = fixture.store.reviveTimer(shardId, 'reminders', 'timer-1', NEXT);
    await expect(reviving).rejects.toThrow(TimerNotFoundError);
  });

  test.each([
    ['shardId', [1.5, 'reminders', 'timer-1', NEXT]],
    ['namespace', [1, '', 'timer-1', NEXT]],
    ['timerId', [1, 'reminders', '\0', NEXT]],
    ['executeAt', [1, 'reminders', 'timer-1', new Date(Number.NaN)]],
  ] as const)('is not revived by a wrong %s', async (argument, args) => {
    const reviving = fixture.store.reviveTimer(
      ...(args as unknown as Parameters<typeof fixture.store.reviveTimer>),
    );
    await expect(reviving).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', argument });
  });

  test('is deleted, once', async () => {
    const { shardId } = await buried();
    await fixture.store.deleteDeadTimer(shardId, 'reminders', 'timer-1');
    await expect(fixture.store.deleteDeadTimer(shardId, 'reminders', 'timer-1')).rejects.toThrow(
      TimerNotFoundError,
    );
    await expect(fixture.store.reviveTimer(shardId, 'reminders', 'timer-1', NEXT)).rejects.toThrow(
      TimerNotFoundError,
    );
  });

  test('stays when its id is created, updated and deleted', async () => {
    const shard = await buried();
    await fixture.store.createTimer(shard.shardId, shard.shardVersion, newTimer());
    await fixture.store.updateTimerNoLock(shard.shardId, 'reminders', 'timer-1', { payload: 8 });
    await fixture.store.deleteTimerNoLock(shard.shardId, 'reminders', 'timer-1');
    expect(await fixture.store.rangeGetDeadTimers(shard.shardId, ALL, 10)).toMatchObject([{ payload: 7 }]);
  });
});

test.each<[argument: string, change: object]>([
  ['settlements[0].outcome', { outcome: 'gone' }],
  ['settlements[0].lastError', { lastError: 'x'.repeat(1001) }],
  ['settlements[0].executeAt', { executeAt: '2030-01-01' }],
  ['settlements[0].attempts', { attempts: -1 }],
  ['settlements[0].timer', { timer: null }],
  [
    'settlements[0].timer.revision',
    { timer: { namespace: 'n', id: 'i', uuid: timerUuid('n', 'i'), revision: 7 } },
  ],
  ['settlements[0].revision', { revision: 7 }],
  ['settlements[0].timer.uuid', { timer: { namespace: 'n', id: 'i', revision: '7', uuid: 'u' } }],
])('settleTimers refuses a wrong %s by name', async (argument, change) => {
  const shard = await fixture.claimedShard();
  const [timer] = await timersOf(shard, newTimer());
  const settling = fixture.store.settleTimers([{ ...again(shard, timer as Timer), ...change } as Settlement]);
  await expect(settling).rejects.toThrow(InvalidArgumentError);
  await expect(settling).rejects.toMatchObject({ argument });
});

import {
  cursorAtEndOf,
  type NewTimer,
  type Settlement,
  ShardConditionFailedError,
  type Timer,
  type TimerStore,
  timerUuid,
  ZERO_CURSOR,
} from '../../src';
import { untilBlocked } from '../support/blocked-statements';
import { newTimer } from '../support/new-timer';
import { openTransaction } from '../support/open-transaction';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture();
});
afterAll(async () => await fixture.close());

const DUE = new Date('2030-01-01T00:00:00.000Z');
const RANGE = { after: ZERO_CURSOR, upTo: cursorAtEndOf(DUE) };
const EXISTING = newTimer({ id: 'existing', executeAt: DUE });
const ADDED = newTimer({ id: 'added', executeAt: new Date('2031-01-01T00:00:00.000Z') });

type FencedCall = (store: TimerStore, shardId: number, shardVersion: number) => Promise<unknown>;

const FENCED_CALLS: [name: string, call: FencedCall][] = [
  [
    'updateShardMetadata',
    (store, shardId, version) =>
      store.updateShardMetadata(shardId, version, { committedOffset: cursorAtEndOf(DUE) }),
  ],
  ['createTimer', (store, shardId, version) => store.createTimer(shardId, version, ADDED)],
  [
    'createTimer of one that exists',
    (store, shardId, version) => store.createTimer(shardId, version, changed(EXISTING)),
  ],
  [
    'createTimers',
    (store, shardId, version) => store.createTimers(shardId, version, [changed(EXISTING), ADDED]),
  ],
  [
    'updateTimer',
    (store, shardId, version) =>
      store.updateTimer(shardId, version, 'reminders', 'existing', { attempts: 7 }),
  ],
  ['deleteTimer', (store, shardId, version) => store.deleteTimer(shardId, version, 'reminders', 'existing')],
  [
    'rangeDeleteWithLimit',
    (store, shardId, version) => store.rangeDeleteWithLimit(shardId, version, RANGE, 10),
  ],
  [
    'rangeDeleteWithBatchInsertTxn',
    (store, shardId, version) => store.rangeDeleteWithBatchInsertTxn(shardId, version, RANGE, [ADDED]),
  ],
  [
    'rangeDeleteWithBatchInsertTxn without timers',
    (store, shardId, version) => store.rangeDeleteWithBatchInsertTxn(shardId, version, RANGE, []),
  ],
  [
    'createTimersOfShards',
    async (store, shardId, shardVersion) => {
      const batches = [shardId, NOBODYS].map((each) => ({ shardId: each, shardVersion, timers: [ADDED] }));
      const [error] = await store.createTimersOfShards(batches);
      if (error) {
        throw error;
      }
    },
  ],
  ...(['done', 'again', 'dead'] as const).map((outcome): [string, FencedCall] => [
    `settleTimers, ${outcome}`,
    async (store, shardId, shardVersion) => {
      const timer = await fixture.store.getTimer(shardId, 'reminders', 'existing');
      const [result] = await store.settleTimers([settlement(shardId, shardVersion, outcome, timer)]);
      if (result === 'lost') {
        throw new ShardConditionFailedError(shardId, shardVersion);
      }
      expect(result).toBe('settled');
    },
  ]),
  [
    'updateTimer that shares a statement with one of another shard',
    (store, shardId, version) =>
      shared(shardId, (shard, id) => store.updateTimer(shard, version, 'reminders', id, { attempts: 7 })),
  ],
  [
    'deleteTimer that shares a statement with one of another shard',
    (store, shardId, version) =>
      shared(shardId, (shard, id) => store.deleteTimer(shard, version, 'reminders', id)),
  ],
];

/** A shard that nobody has claimed. */
const NOBODYS = 777_777;

/** Makes a call for the existing timer that waits with another one, while the first statement is under way. */
async function shared(shardId: number, call: (shardId: number, id: string) => Promise<unknown>) {
  const [, calling] = await Promise.allSettled([
    call(shardId, 'nobody'),
    call(shardId, 'existing'),
    call(NOBODYS, 'existing'),
  ]);
  if (calling.status === 'rejected') {
    throw calling.reason;
  }
}

function settlement(
  shardId: number,
  shardVersion: number,
  outcome: Settlement['outcome'],
  timer: Timer | null,
): Settlement {
  const uuid = timerUuid(EXISTING.namespace, EXISTING.id);
  const delivered = { shardId, shardVersion, timer: timer ?? { ...EXISTING, uuid, revision: '0' } };
  const failed = { firstAttemptAt: null, attempts: 1, lastError: 'HTTP 410' };
  switch (outcome) {
    case 'done':
      return { ...delivered, outcome };
    case 'dead':
      return { ...delivered, outcome, ...failed };
    case 'again':
      return { ...delivered, outcome, ...failed, executeAt: ADDED.executeAt, dueAt: null };
  }
}

function changed(timer: NewTimer): NewTimer {
  return { ...timer, attempts: 7 };
}

async function shardWithTimer(): Promise<{ shardId: number; shardVersion: number }> {
  const shard = await fixture.claimedShard();
  await fixture.store.createTimer(shard.shardId, shard.shardVersion, EXISTING);
  return shard;
}

/** Everything in a shard but its version and owner, which a claim changes. */
async function contentOf(shardId: number): Promise<unknown[]> {
  const { rows } = await fixture.direct.query(
    `SELECT to_jsonb(timers) - '{shard_version,shard_owner_addr,shard_claimed_at}'::text[] AS content
     FROM timers WHERE shard_id = $1 ORDER BY row_type, timer_execute_at, timer_uuid`,
    [shardId],
  );
  return rows.map((row) => row.content);
}

describe.each(FENCED_CALLS)('%s', (_, call) => {
  test('changes the shard under the right version', async () => {
    const { shardId, shardVersion } = await shardWithTimer();
    const before = await contentOf(shardId);
    await call(fixture.store, shardId, shardVersion);
    expect(await contentOf(shardId)).not.toEqual(before);
  });

  test('changes nothing after a claim that has just committed', async () => {
    const { shardId, shardVersion } = await shardWithTimer();
    const before = await contentOf(shardId);
    await fixture.store.claimShardOwnership(shardId, 'next-owner');
    await expectFenced(call(fixture.store, shardId, shardVersion), shardId, shardVersion);
    expect(await contentOf(shardId)).toEqual(before);
  });

  test('changes nothing under a version that is yet to come', async () => {
    const { shardId, shardVersion } = await shardWithTimer();
    const before = await contentOf(shardId);
    await expectFenced(call(fixture.store, shardId, shardVersion + 1), shardId, shardVersion + 1);
    expect(await contentOf(shardId)).toEqual(before);
  });

  test('changes nothing in a shard that was never claimed', async () => {
    await expectFenced(call(fixture.store, 999_999, 1), 999_999, 1);
    expect(await contentOf(999_999)).toEqual([]);
  });

  test('waits for a claim that is open, and changes nothing once that commits', async () => {
    const { shardId, shardVersion } = await shardWithTimer();
    const before = await contentOf(shardId);
    const openClaim = await openTransaction(fixture.database.storeUrl, fixture.store);
    await openClaim.store.claimShardOwnership(shardId, 'next-owner');

    const calling = call(fixture.store, shardId, shardVersion);
    calling.catch(() => {});
    await untilBlocked(fixture.database.url);
    await openClaim.end('COMMIT');

    await expectFenced(calling, shardId, shardVersion);
    expect(await contentOf(shardId)).toEqual(before);
  });

  test('waits for a claim that is open, and goes on once that is rolled back', async () => {
    const { shardId, shardVersion } = await shardWithTimer();
    const before = await contentOf(shardId);
    const openClaim = await openTransaction(fixture.database.storeUrl, fixture.store);
    await openClaim.store.claimShardOwnership(shardId, 'next-owner');

    const calling = call(fixture.store, shardId, shardVersion);
    await untilBlocked(fixture.database.url);
    await openClaim.end('ROLLBACK');

    await calling;
    expect(await contentOf(shardId)).not.toEqual(before);
  });

  test('while it is open, makes a claim wait until it is committed', async () => {
    const { shardId, shardVersion } = await shardWithTimer();
    const before = await contentOf(shardId);
    const openWrite = await openTransaction(fixture.database.storeUrl, fixture.store);
    await call(openWrite.store, shardId, shardVersion);

    let claimed = false;
    const claiming = fixture.store.claimShardOwnership(shardId, 'next-owner').then((claim) => {
      claimed = true;
      return claim;
    });
    await untilBlocked(fixture.database.url);
    expect(claimed).toBe(false);
    await openWrite.end('COMMIT');

    expect((await claiming).current.shardVersion).toBe(shardVersion + 1);
    expect(await contentOf(shardId)).not.toEqual(before);
  });
});

test('fenced writes of one owner do not wait for each other', async () => {
  const { shardId, shardVersion } = await shardWithTimer();
  const openWrite = await openTransaction(fixture.database.storeUrl, fixture.store);
  await openWrite.store.createTimer(shardId, shardVersion, ADDED);
  await fixture.store.createTimer(shardId, shardVersion, newTimer({ id: 'another' }));
  await openWrite.end('COMMIT');
  expect(await fixture.store.getTimer(shardId, 'reminders', 'added')).not.toBeNull();
});

test('the methods without a fence write whatever the version is, and without a shard row', async () => {
  const shardId = 888_888;
  await fixture.store.createTimerNoLock(shardId, EXISTING);
  await fixture.store.createTimersNoLock(shardId, [ADDED]);
  await fixture.store.updateTimerNoLock(shardId, 'reminders', 'existing', { attempts: 1 });
  await fixture.store.deleteTimerNoLock(shardId, 'reminders', 'added');
  expect(await fixture.store.rangeDeleteWithLimitNoLock(shardId, RANGE, 10)).toEqual({ deletedCount: 1 });
  expect(await contentOf(shardId)).toEqual([]);
});

async function expectFenced(
  calling: Promise<unknown>,
  shardId: number,
  expectedVersion: number,
): Promise<void> {
  const error = await calling.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ShardConditionFailedError);
  expect(error).toMatchObject({ code: 'SHARD_CONDITION_FAILED', shardId, expectedVersion, retryable: false });
}

/** Concurrent updates, and concurrent deletes, under a fence share statements; what creates do is in write-queue. */
import {
  type PostgresTimerStore,
  ShardConditionFailedError,
  PostgresTimerStore as Store,
  type Timer,
  TimerNotFoundError,
} from '../../src';
import { untilBlocked } from '../support/blocked-statements';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { pretendCitus } from '../support/pretend-citus';
import { ALL, openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { STORE_OPTIONS } from '../support/store-options';

let fixture: StoreFixture;
let store: PostgresTimerStore;
beforeAll(async () => {
  fixture = await openStoreFixture();
  store = fixture.store;
  await countWrites(fixture);
});
afterAll(async () => await fixture.close());

/** Notes which transactions update or delete timers. */
async function countWrites({ direct }: StoreFixture): Promise<void> {
  await direct.query(`
    CREATE TABLE writes (xid xid8, shard_id int, kind text);
    GRANT INSERT ON writes TO PUBLIC;
    CREATE FUNCTION count_write() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN INSERT INTO writes VALUES (pg_current_xact_id(), OLD.shard_id, TG_OP); RETURN NULL; END $$;
    CREATE TRIGGER count_write AFTER UPDATE OR DELETE ON timers FOR EACH ROW WHEN (OLD.row_type = 2)
      EXECUTE FUNCTION count_write();
  `);
}

interface Shard {
  readonly shardId: number;
  readonly shardVersion: number;
}

const KINDS = ['updateTimer', 'deleteTimer'] as const;
type Kind = (typeof KINDS)[number];

const ids = (count: number) => Array.from({ length: count }, (_, index) => `timer-${index}`);

async function shardWith(timerIds: readonly string[], on = fixture): Promise<Shard> {
  const shard = await on.claimedShard();
  const timers = timerIds.map((id) => newTimer({ id, payload: { id } }));
  await on.store.createTimers(shard.shardId, shard.shardVersion, timers);
  return shard;
}

function write(
  kind: Kind,
  { shardId, shardVersion }: Shard,
  id: string,
  options: { signal?: AbortSignal; timeoutMs?: number } = {},
  on = store,
): Promise<unknown> {
  return kind === 'updateTimer'
    ? on.updateTimer(shardId, shardVersion, 'reminders', id, { attempts: 7 }, options)
    : on.deleteTimer(shardId, shardVersion, 'reminders', id, options);
}

/** The timers that were written, and whether the statement of each call did what it was to do. */
async function writtenIds(kind: Kind, { shardId }: Shard, among: readonly string[]): Promise<string[]> {
  const left = await store.rangeGetTimers(shardId, ALL, 10_000);
  return kind === 'updateTimer'
    ? left.filter(({ attempts }) => attempts === 7).map(({ id }) => id)
    : among.filter((id) => !left.some((timer) => timer.id === id));
}

/** How many transactions wrote timers of these shards. */
async function transactionCount(kind: Kind, shards: readonly Shard[], on = fixture): Promise<number> {
  const { rows } = await on.direct.query(
    `SELECT count(DISTINCT xid)::int AS count FROM writes WHERE shard_id = ANY ($1) AND kind = $2`,
    [shards.map(({ shardId }) => shardId), kind === 'updateTimer' ? 'UPDATE' : 'DELETE'],
  );
  return rows[0].count;
}

/** Locks timers by a transaction of another program, until its end is called. */
async function lockTimers({ shardId }: Shard, timerIds: readonly string[]): Promise<() => Promise<void>> {
  await fixture.direct.query('BEGIN');
  await fixture.direct.query(
    'SELECT FROM timers WHERE shard_id = $1 AND row_type = 2 AND timer_id = ANY ($2) FOR UPDATE',
    [shardId, timerIds],
  );
  return async () => void (await fixture.direct.query('ROLLBACK'));
}

/** Opens a claim of the shard, behind which fenced statements wait, so that further calls gather. */
async function openClaim({ shardId }: Shard): Promise<(command: 'COMMIT' | 'ROLLBACK') => Promise<void>> {
  await fixture.direct.query('BEGIN');
  await fixture.direct.query(
    'UPDATE timers SET shard_version = shard_version + 1 WHERE shard_id = $1 AND row_type = 1',
    [shardId],
  );
  return async (command) => void (await fixture.direct.query(command));
}

describe.each(KINDS)('%s', (kind) => {
  test('shares statements between calls of one shard, and of many, that are made at once', async () => {
    const shards = [await shardWith(ids(20)), await shardWith(ids(20)), await shardWith(ids(20))];
    await Promise.all(shards.flatMap((shard) => ids(20).map((id) => write(kind, shard, id))));
    for (const shard of shards) {
      expect((await writtenIds(kind, shard, ids(20))).sort()).toEqual(ids(20).sort());
    }
    // The first goes out at once, and the rest together when it is done: in two, unless the machine is held up.
    expect(await transactionCount(kind, shards)).toBeLessThanOrEqual(10);

    const shard = await shardWith(ids(20));
    await Promise.all(ids(20).map((id) => write(kind, shard, id)));
    expect((await writtenIds(kind, shard, ids(20))).sort()).toEqual(ids(20).sort());
    expect(await transactionCount(kind, [shard])).toBeLessThanOrEqual(5);
  });

  test('is a statement each for calls that are made one after another', async () => {
    const shard = await shardWith(ids(3));
    for (const id of ids(3)) {
      await write(kind, shard, id);
    }
    expect(await transactionCount(kind, [shard])).toBe(3);
  });

  test.each(['one shard', 'many shards'])('gives each call of %s a result of its own', async (scope) => {
    const shard = await shardWith(ids(4));
    const lost = await shardWith(ids(2));
    await fixture.store.claimShardOwnership(lost.shardId, 'another');
    const calls = [
      ...['timer-0', 'nobody', 'timer-1', 'timer-2', 'nowhere'].map((id) => write(kind, shard, id)),
      ...(scope === 'one shard' ? [] : ids(2).map((id) => write(kind, lost, id))),
    ];
    const results = await Promise.allSettled(calls);
    expect(results.map((result) => (result.status === 'fulfilled' ? 'done' : result.reason.code))).toEqual([
      'done',
      'TIMER_NOT_FOUND',
      'done',
      'done',
      'TIMER_NOT_FOUND',
      ...(scope === 'one shard' ? [] : ['SHARD_CONDITION_FAILED', 'SHARD_CONDITION_FAILED']),
    ]);
    expect(await errorOf(calls[4] as Promise<unknown>)).toMatchObject({
      shardId: shard.shardId,
      namespace: 'reminders',
      timerId: 'nowhere',
    });
    expect((await writtenIds(kind, shard, ids(4))).sort()).toEqual(ids(3));
    expect(await writtenIds(kind, lost, ids(2))).toEqual([]);
  });

  test('fails all calls of a shard that is lost while they wait, those that are sent as well', async () => {
    const shard = await shardWith(ids(10));
    const endClaim = await openClaim(shard);
    const calls = ids(10).map((id) => errorOf(write(kind, shard, id)));
    await untilBlocked(fixture.database.url);
    await endClaim('COMMIT');
    for (const error of await Promise.all(calls)) {
      expect(error).toBeInstanceOf(ShardConditionFailedError);
      expect(error).toMatchObject({ shardId: shard.shardId, expectedVersion: shard.shardVersion });
    }
    expect(await writtenIds(kind, shard, ids(10))).toEqual([]);
  });

  test('of a timer that another program has locked waits alone, in a group as well', async () => {
    const shard = await shardWith(ids(6));
    const unlock = await lockTimers(shard, ['timer-1', 'timer-4']);
    const calls = ids(6).map((id) => write(kind, shard, id, { timeoutMs: 60_000 }));
    const isLocked = (_: unknown, index: number) => index === 1 || index === 4;
    await Promise.all(calls.filter((call, index) => !isLocked(call, index)));
    await untilBlocked(fixture.database.url);
    expect((await writtenIds(kind, shard, ids(6))).length).toBeLessThanOrEqual(4);
    // Those that come now go past it, too.
    await store.createTimer(shard.shardId, shard.shardVersion, newTimer({ id: 'later' }));
    await write(kind, shard, 'later', { timeoutMs: 5000 });
    await unlock();
    await Promise.all(calls);
    expect((await writtenIds(kind, shard, ids(6))).filter((id) => id !== 'later').sort()).toEqual(ids(6));
  });

  test('lets a call go that is aborted while it waits, or whose time is up, and none of the others', async () => {
    const shard = await shardWith(ids(6));
    const endClaim = await openClaim(shard);
    // Goes out at once. The others wait for it, but no longer than its patience, so that nothing is awaited here.
    const first = write(kind, shard, 'timer-0');
    const controller = new AbortController();
    const aborted = errorOf(write(kind, shard, 'timer-1', { signal: controller.signal }));
    const late = errorOf(write(kind, shard, 'timer-2', { timeoutMs: 1 }));
    const staying = ['timer-3', 'timer-4'].map((id) => write(kind, shard, id));
    controller.abort('enough');
    expect(await aborted).toMatchObject({ code: 'CALL_ABORTED', retryable: true, cause: 'enough' });
    expect(await late).toMatchObject({ code: 'CALL_TIMEOUT', retryable: true });
    await endClaim('ROLLBACK');
    await Promise.all([first, ...staying]);
    expect((await writtenIds(kind, shard, ids(6))).sort()).toEqual(['timer-0', 'timer-3', 'timer-4']);
  });

  test('goes on without a call of its statement that is aborted, which cannot know its outcome', async () => {
    const shard = await shardWith(ids(4));
    await write(kind, shard, 'timer-0');
    const endClaim = await openClaim(shard);
    // The first goes out alone and gives up at once, so that the others leave together and wait for the claim.
    const giveUp = new AbortController();
    const first = errorOf(write(kind, shard, 'timer-0', { signal: giveUp.signal }));
    await untilBlocked(fixture.database.url);
    const controller = new AbortController();
    const calls = [1, 2, 3].map((index) =>
      write(kind, shard, `timer-${index}`, index === 2 ? { signal: controller.signal } : {}),
    );
    const settled = Promise.allSettled(calls);
    giveUp.abort();
    await first;
    await untilBlocked(fixture.database.url);
    controller.abort();
    expect(await errorOf(calls[1] as Promise<unknown>)).toMatchObject({
      code: 'CALL_ABORTED',
      retryable: false,
    });
    await endClaim('ROLLBACK');
    expect(await settled).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected' },
      { status: 'fulfilled' },
    ]);
  });

  test('on Citus shares statements between calls of one shard alone', async () => {
    const citus = await openStoreFixture();
    await pretendCitus(citus.direct);
    await countWrites(citus);
    const onCitus = await Store.connect({ ...STORE_OPTIONS, connectionString: citus.database.storeUrl });
    const shards = [await shardWith(ids(10), citus), await shardWith(ids(10), citus)];
    await Promise.all(shards.flatMap((shard) => ids(10).map((id) => write(kind, shard, id, {}, onCitus))));
    const counts = await Promise.all(shards.map((shard) => transactionCount(kind, [shard], citus)));
    expect(Math.max(...counts)).toBeLessThanOrEqual(5);
    expect(await transactionCount(kind, shards, citus)).toBe(counts.reduce((sum, count) => sum + count));
    await onCitus.close();
    await citus.close();
  });

  test('without prepared statements, as behind a pooler, shares statements all the same', async () => {
    const unprepared = await Store.connect({
      ...STORE_OPTIONS,
      connectionString: fixture.database.storeUrl,
      preparedStatements: false,
    });
    const shards = [await shardWith(ids(10)), await shardWith(ids(10))];
    await Promise.all(shards.flatMap((shard) => ids(10).map((id) => write(kind, shard, id, {}, unprepared))));
    expect(await transactionCount(kind, shards)).toBeLessThanOrEqual(6);
    await unprepared.close();
  });

  test('in a transaction of the caller is part of it, and shares a statement with nobody', async () => {
    const shard = await shardWith(ids(3));
    const { direct } = fixture;
    await direct.query('BEGIN');
    const inside = { client: direct };
    if (kind === 'updateTimer') {
      await store.updateTimer(
        shard.shardId,
        shard.shardVersion,
        'reminders',
        'timer-0',
        { attempts: 7 },
        inside,
      );
    } else {
      await store.deleteTimer(shard.shardId, shard.shardVersion, 'reminders', 'timer-0', inside);
    }
    await Promise.all(['timer-1', 'timer-2'].map((id) => write(kind, shard, id)));
    await direct.query('ROLLBACK');
    expect((await writtenIds(kind, shard, ids(3))).sort()).toEqual(['timer-1', 'timer-2']);
  });
});

test('updates of one timer that are made at once happen one after another, and each returns its own', async () => {
  const shard = await shardWith(['busy', 'other']);
  const update = (id: string, changes: Parameters<typeof store.updateTimer>[4]) =>
    store.updateTimer(shard.shardId, shard.shardVersion, 'reminders', id, changes);
  const [, one, two, three] = await Promise.all([
    update('other', { attempts: 1 }),
    update('busy', { attempts: 1 }),
    update('busy', { callbackUrl: null }),
    update('busy', { attempts: 3, payload: 'three' }),
  ]);
  expect(one).toMatchObject({ attempts: 1, payload: { id: 'busy' } });
  expect(one.callbackUrl).not.toBeNull();
  expect(two).toMatchObject({ attempts: 1, callbackUrl: null, payload: { id: 'busy' } });
  expect(three).toMatchObject({ attempts: 3, callbackUrl: null, payload: 'three' });
  expect(new Set([one, two, three].map(({ revision }) => revision)).size).toBe(3);
  expect(await store.getTimer(shard.shardId, 'reminders', 'busy')).toEqual(three);
});

test('of two deletes of one timer that are made at once, the second finds none', async () => {
  const shard = await shardWith(['a', 'b']);
  const results = await Promise.allSettled(['a', 'b', 'b'].map((id) => write('deleteTimer', shard, id)));
  expect(results).toMatchObject([
    { status: 'fulfilled' },
    { status: 'fulfilled' },
    { reason: expect.any(TimerNotFoundError) },
  ]);
});

test('an update sets what it names, keeps the rest, and returns what is stored', async () => {
  const shards = [await shardWith(ids(8)), await shardWith(ids(8))];
  const executeAt = new Date('2031-05-06T07:08:09.010Z');
  const changes = [
    { executeAt },
    { callbackUrl: 'https://example.com/changed' },
    { callbackUrl: null },
    { payload: ['changed', { deep: null }] },
    { payload: null },
    { retryPolicy: { maxAttempts: 3 } },
    { callbackTimeoutSeconds: 5, attempts: 2 },
    {},
  ];
  const before = await store.rangeGetTimers(shards[0]?.shardId as number, ALL, 10);
  for (const targets of [shards, shards.slice(0, 1)]) {
    const updated = await Promise.all(
      targets.flatMap(({ shardId, shardVersion }) =>
        changes.map((change, index) =>
          store.updateTimer(shardId, shardVersion, 'reminders', `timer-${index}`, change),
        ),
      ),
    );
    for (const [index, change] of changes.entries()) {
      const old = before.find(({ id }) => id === `timer-${index}`) as Timer;
      const { updatedAt, revision, ...timer } = updated[index] as Timer;
      const expected: Partial<Timer> = { ...old, ...change };
      delete (expected as { updatedAt?: Date }).updatedAt;
      delete (expected as { revision?: string }).revision;
      expect(timer).toEqual({ ...expected, dueAt: change.executeAt ?? old.dueAt });
      expect(revision).not.toBe(old.revision);
      expect(updatedAt.getTime()).toBeGreaterThanOrEqual(old.updatedAt.getTime());
      expect(await store.getTimer(targets[0]?.shardId as number, 'reminders', `timer-${index}`)).toEqual(
        updated[index],
      );
    }
  }
});

test('a value that is refused, here or by the server, fails its own call, and its neighbours land', async () => {
  const other = await openStoreFixture();
  await other.direct.query(`ALTER TABLE timers ADD CONSTRAINT few CHECK (timer_attempts < 100)`);
  const { shardId, shardVersion } = await other.claimedShard();
  await other.store.createTimers(
    shardId,
    shardVersion,
    ids(20).map((id) => newTimer({ id })),
  );
  const results = await Promise.allSettled(
    ids(20).map((id, index) =>
      other.store.updateTimer(shardId, shardVersion, 'reminders', id, {
        attempts: index === 7 ? 100 : index === 11 ? -1 : 9,
      }),
    ),
  );
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(18);
  expect(results[7]).toMatchObject({ reason: { code: 'UNEXPECTED_SERVER_ERROR', cause: { code: '23514' } } });
  expect(results[11]).toMatchObject({ reason: { code: 'INVALID_ARGUMENT', argument: 'changes.attempts' } });
  await other.close();
});

test('a timer that another program has spoilt fails the call that updates it alone', async () => {
  const shard = await shardWith(ids(4));
  await fixture.direct.query(
    `UPDATE timers SET timer_created_at = 'infinity' WHERE shard_id = $1 AND timer_id = 'timer-2'`,
    [shard.shardId],
  );
  const results = await Promise.allSettled(ids(4).map((id) => write('updateTimer', shard, id)));
  expect(results.map((result) => (result.status === 'fulfilled' ? 'done' : result.reason.code))).toEqual([
    'done',
    'done',
    'UNREADABLE_ROW',
    'done',
  ]);
});

test('an update that meets another program in the middle of its own is not lost', async () => {
  const shard = await shardWith(ids(3));
  const { direct } = fixture;
  await direct.query('BEGIN');
  await direct.query(
    `UPDATE timers SET timer_payload = '"theirs"', timer_revision = 1 WHERE shard_id = $1 AND timer_id = 'timer-1'`,
    [shard.shardId],
  );
  const calls = ids(3).map((id) => write('updateTimer', shard, id));
  await Promise.all([calls[0], calls[2]]);
  await untilBlocked(fixture.database.url);
  await direct.query('COMMIT');
  expect(await calls[1]).toMatchObject({ attempts: 7, payload: 'theirs' });
});

import { type NewTimer, PostgresTimerStore, ShardConditionFailedError } from '../../src';
import { untilBlocked } from '../support/blocked-statements';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { ON_CITUS } from '../support/on-citus';
import { ALL, openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { STORE_OPTIONS } from '../support/store-options';
import { TcpProxy } from '../support/tcp-proxy';

let fixture: StoreFixture;
let store: PostgresTimerStore;
beforeAll(async () => {
  fixture = await openStoreFixture({ maxPayloadBytes: 2 * 1024 ** 2 });
  store = fixture.store;
});
afterAll(async () => await fixture.close());

function timers(count: number, fields: Partial<NewTimer> = {}): NewTimer[] {
  return Array.from({ length: count }, (_, index) => newTimer({ id: `timer-${index}`, ...fields }));
}

async function storedIds(shardId: number): Promise<string[]> {
  return (await fixture.store.rangeGetTimers(shardId, ALL, 10_000)).map((timer) => timer.id).sort();
}

/** How many transactions wrote the timers of a shard. */
async function transactionCount(shardId: number): Promise<number> {
  const { rows } = await fixture.direct.query(
    'SELECT count(DISTINCT xmin::text)::int AS count FROM timers WHERE shard_id = $1 AND row_type = 2',
    [shardId],
  );
  return rows[0].count;
}

interface BusyShard {
  readonly shardId: number;
  readonly shardVersion: number;
  /** The calls `first` and `second`, which are under way: statements that wait for a lock, so that a third may go. */
  readonly underWay: readonly [Promise<void>, Promise<void>];
  create(timer: NewTimer, signal?: AbortSignal): Promise<void>;
  end(command: 'COMMIT' | 'ROLLBACK'): Promise<void>;
}

/** A shard with creates under way that wait for an open claim, so that further calls queue up. */
async function busyShard(on = store): Promise<BusyShard> {
  const shard = await fixture.claimedShard();
  const { direct } = fixture;
  await direct.query('BEGIN');
  await direct.query('UPDATE timers SET shard_version = shard_version + 1 WHERE shard_id = $1', [
    shard.shardId,
  ]);
  // The default time for those that wait takes a fast machine.
  const create = (timer: NewTimer, signal?: AbortSignal) =>
    on.createTimer(shard.shardId, shard.shardVersion, timer, { signal, timeoutMs: 60_000 });
  const underWay = [create(newTimer({ id: 'first' })), create(newTimer({ id: 'second' }))] as const;
  await untilBlocked(fixture.database.url, 2);
  return { ...shard, underWay, create, end: async (command) => void (await direct.query(command)) };
}

describe.each(['createTimer', 'createTimerNoLock'] as const)('%s', (method) => {
  test('shares statements between calls that are made at once', async () => {
    const { shardId, shardVersion } = await fixture.claimedShard();
    await Promise.all(
      timers(200).map((timer) =>
        method === 'createTimer'
          ? store.createTimer(shardId, shardVersion, timer)
          : store.createTimerNoLock(shardId, timer),
      ),
    );
    expect(await storedIds(shardId)).toHaveLength(200);
    // The first two go out at once, the rest in halves when they are done.
    expect(await transactionCount(shardId)).toBeLessThanOrEqual(6);
  });

  test('with batchCreates false runs a statement for each call', async () => {
    const single = await PostgresTimerStore.connect({
      ...STORE_OPTIONS,
      connectionString: fixture.database.storeUrl,
      batchCreates: false,
    });
    const { shardId, shardVersion } = await fixture.claimedShard();
    await Promise.all(
      timers(20).map((timer) =>
        method === 'createTimer'
          ? single.createTimer(shardId, shardVersion, timer)
          : single.createTimerNoLock(shardId, timer),
      ),
    );
    expect(await transactionCount(shardId)).toBe(20);
    await single.close();
  });
});

test('calls that are made one after another are a statement each', async () => {
  const { shardId, shardVersion } = await fixture.claimedShard();
  for (const timer of timers(5)) {
    await store.createTimer(shardId, shardVersion, timer);
  }
  expect(await transactionCount(shardId)).toBe(5);
});

test('a create with the uuid of another timer is refused, though a later one of its timer comes at the same time', async () => {
  const shard = await busyShard();
  const executeAt = new Date('2030-01-01T00:00:00Z');
  const uuid = '00000000-0000-0000-0000-000000000001';
  await store.createTimerNoLock(shard.shardId, newTimer({ id: 'other', executeAt, uuid }));
  const calls = [
    shard.create(newTimer({ id: 'twice', attempts: 1 })),
    shard.create(newTimer({ id: 'twice', attempts: 2, executeAt, uuid })),
    shard.create(newTimer({ id: 'twice', attempts: 3 })),
  ];
  await shard.end('ROLLBACK');
  const outcomes = await Promise.all(calls.map((call) => call.catch((error) => error.code)));
  expect(outcomes).toEqual([undefined, 'INVALID_ARGUMENT', undefined]);
  await Promise.all(shard.underWay);
  // The first and the third may be in statements of their own, in any order.
  const stored = await store.getTimer(shard.shardId, 'reminders', 'twice');
  expect([1, 3]).toContain(stored?.attempts);
});

test('of two creates of one timer that share a statement, both succeed and the later call wins', async () => {
  const shard = await busyShard();
  const calls = [1, 2, 3].map((attempts) => shard.create(newTimer({ id: 'twice', attempts })));
  await shard.end('ROLLBACK');
  await Promise.all([...shard.underWay, ...calls]);
  expect(await store.getTimer(shard.shardId, 'reminders', 'twice')).toMatchObject({ attempts: 3 });
});

test('what is stored is the timer as it was at the call, whatever the caller does to it afterwards', async () => {
  const shard = await busyShard();
  const timer = { ...newTimer({ id: 'changing' }), payload: { state: 'as called' } };
  const executeAt = timer.executeAt.toISOString();
  const creating = shard.create(timer);
  timer.payload.state = 'changed';
  timer.executeAt.setFullYear(2040);
  await shard.end('ROLLBACK');
  await Promise.all([...shard.underWay, creating]);
  const stored = await store.getTimer(shard.shardId, 'reminders', 'changing');
  expect(stored?.payload).toEqual({ state: 'as called' });
  expect(stored?.executeAt.toISOString()).toBe(executeAt);
});

test('timers that the server refuses fail alone, and their neighbours land', async () => {
  const shard = await busyShard();
  const uuid = '0190a5c8-0000-7000-8000-000000000001';
  await store.createTimerNoLock(shard.shardId, newTimer({ id: 'holder', uuid }));
  const good = timers(60);
  const bad = [17, 18, 41];
  const calls = good.map((timer, index) => shard.create(bad.includes(index) ? { ...timer, uuid } : timer));
  const settled = Promise.allSettled(calls);
  await shard.end('ROLLBACK');
  await Promise.all(shard.underWay);
  const failed = (await settled).flatMap((result, index) => (result.status === 'rejected' ? [index] : []));
  expect(failed).toEqual(bad);
  expect(await errorOf(calls[17] as Promise<void>)).toMatchObject({
    code: 'INVALID_ARGUMENT',
    argument: 'uuid',
  });
  expect(await storedIds(shard.shardId)).toHaveLength(2 + 1 + 57);
});

test('a constraint that the users have added counts for each timer alone, too', async () => {
  const other = await openStoreFixture();
  await other.direct.query(
    `ALTER TABLE timers ADD CONSTRAINT no_tests CHECK (timer_callback_url NOT LIKE '%forbidden%')`,
  );
  const { shardId, shardVersion } = await other.claimedShard();
  const calls = timers(20).map((timer, index) =>
    other.store.createTimer(
      shardId,
      shardVersion,
      index === 7 ? { ...timer, callbackUrl: 'https://forbidden.example' } : timer,
    ),
  );
  const results = await Promise.allSettled(calls);
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(19);
  expect(results[7]).toMatchObject({ reason: { code: 'UNEXPECTED_SERVER_ERROR', cause: { code: '23514' } } });
  await other.close();
});

test('a lost fence fails every call, those that are sent and those that wait', async () => {
  const shard = await busyShard();
  const calls = [...shard.underWay, ...timers(50).map((timer) => shard.create(timer))].map(errorOf);
  await shard.end('COMMIT');
  for (const error of await Promise.all(calls)) {
    expect(error).toBeInstanceOf(ShardConditionFailedError);
    expect(error).toMatchObject({ shardId: shard.shardId, expectedVersion: shard.shardVersion });
  }
  expect(await storedIds(shard.shardId)).toEqual([]);
});

test('calls under the next version, and calls without a fence, do not share the fate of the old ones', async () => {
  const shard = await busyShard();
  const failing = [...shard.underWay, shard.create(newTimer({ id: 'old' }))].map(errorOf);
  await store.createTimerNoLock(shard.shardId, newTimer({ id: 'unfenced' }));
  await shard.end('COMMIT');
  await store.createTimer(shard.shardId, shard.shardVersion + 1, newTimer({ id: 'new' }));
  await Promise.all(failing);
  expect(await storedIds(shard.shardId)).toEqual(['new', 'unfenced']);
});

test('a signal takes a waiting call out of the queue', async () => {
  const shard = await busyShard();
  const controller = new AbortController();
  const leaving = errorOf(shard.create(newTimer({ id: 'leaving' }), controller.signal));
  const staying = shard.create(newTimer({ id: 'staying' }));
  controller.abort('enough');
  expect(await leaving).toMatchObject({ code: 'CALL_ABORTED', retryable: true, cause: 'enough' });
  await shard.end('ROLLBACK');
  await Promise.all([...shard.underWay, staying]);
  expect(await storedIds(shard.shardId)).toEqual(['first', 'second', 'staying']);
});

test('a waiting call ends at its time-out', async () => {
  const shard = await busyShard();
  const { shardId, shardVersion } = shard;
  const error = await errorOf(store.createTimer(shardId, shardVersion, newTimer(), { timeoutMs: 20 }));
  expect(error).toMatchObject({ code: 'CALL_TIMEOUT', timeoutMs: 20, retryable: !ON_CITUS });
  await shard.end('ROLLBACK');
  await Promise.all(shard.underWay);
  expect(await storedIds(shardId)).toEqual(['first', 'second']);
});

describe('a statement that several calls share', () => {
  /** Three calls in one statement, which waits for a lock on one of their timers. */
  async function sharedStatement(signals: (AbortSignal | undefined)[]) {
    const shard = await busyShard();
    await shard.end('ROLLBACK');
    await Promise.all(shard.underWay);
    await fixture.direct.query('BEGIN');
    await fixture.direct.query('SELECT FROM timers WHERE shard_id = $1 AND row_type = 2 FOR UPDATE', [
      shard.shardId,
    ]);
    // Goes out at once, and the three together when it is done.
    const before = shard.create(newTimer({ id: 'before' }));
    const calls = ['first', 'a', 'b'].map((id, index) => shard.create(newTimer({ id }), signals[index]));
    const settled = Promise.allSettled(calls);
    await before;
    await untilBlocked(fixture.database.url);
    return { ...shard, settled };
  }

  test('goes on without a call that is aborted, which cannot know its outcome', async () => {
    const controller = new AbortController();
    const shard = await sharedStatement([undefined, controller.signal, undefined]);
    controller.abort();
    await shard.end('ROLLBACK');
    expect(await shard.settled).toMatchObject([
      { status: 'fulfilled' },
      { reason: { code: 'CALL_ABORTED', retryable: false } },
      { status: 'fulfilled' },
    ]);
  });

  test('is stopped when the last of them is aborted, which knows that nothing was applied', async () => {
    const controllers = [new AbortController(), new AbortController(), new AbortController()];
    const shard = await sharedStatement(controllers.map((controller) => controller.signal));
    for (const controller of controllers) {
      controller.abort();
    }
    expect(await shard.settled).toMatchObject([
      { reason: { code: 'CALL_ABORTED', retryable: false } },
      { reason: { code: 'CALL_ABORTED', retryable: false } },
      { reason: { code: 'CALL_ABORTED', retryable: !ON_CITUS } },
    ]);
    await shard.end('ROLLBACK');
    expect(await storedIds(shard.shardId)).toEqual(['before', 'first', 'second']);
  });
});

test('a create that waits for a lock on its timer holds up no other, with a fence or without', async () => {
  const { shardId, shardVersion } = await fixture.claimedShard();
  const create = (id: string, isFenced: boolean) =>
    isFenced
      ? store.createTimer(shardId, shardVersion, newTimer({ id }))
      : store.createTimerNoLock(shardId, newTimer({ id }));
  await create('locked', true);
  await fixture.direct.query('BEGIN');
  await fixture.direct.query('SELECT FROM timers WHERE shard_id = $1 AND row_type = 2 FOR UPDATE', [shardId]);
  for (const isFenced of [true, false]) {
    // As many as are sent at a time without a fence, and one more.
    const locked: Promise<void>[] = [];
    while (locked.length < 3) {
      locked.push(create('locked', isFenced));
      await untilBlocked(fixture.database.url, locked.length);
    }
    await create(`other ${isFenced}`, isFenced);
    await create(`last ${isFenced}`, isFenced);
    await fixture.direct.query('COMMIT');
    await Promise.all(locked);
    await fixture.direct.query('BEGIN');
    await fixture.direct.query('SELECT FROM timers WHERE shard_id = $1 AND row_type = 2 FOR UPDATE', [
      shardId,
    ]);
  }
  await fixture.direct.query('ROLLBACK');
});

test('close waits for the calls that are queued', async () => {
  const closing = await PostgresTimerStore.connect({
    connectionString: fixture.database.storeUrl,
    ...STORE_OPTIONS,
  });
  const shard = await busyShard(closing);
  const calls = timers(50).map((timer) => shard.create(timer));
  const closed = closing.close();
  await shard.end('ROLLBACK');
  await Promise.all([...shard.underWay, ...calls, closed]);
  expect(await storedIds(shard.shardId)).toHaveLength(52);
});

test('a lost connection makes the outcome unknown for the calls of its statement, and the next goes on', async () => {
  const proxy = await TcpProxy.open(fixture.database.url);
  const proxied = await PostgresTimerStore.connect({
    connectionString: proxy.url(fixture.database.storeUrl),
    ...STORE_OPTIONS,
  });
  const shard = await busyShard(proxied);
  const errors = shard.underWay.map(errorOf);
  const waiting = shard.create(newTimer({ id: 'waiting' }));
  proxy.cut();
  for (const error of await Promise.all(errors)) {
    expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', operation: 'createTimer' });
  }
  await shard.end('ROLLBACK');
  await waiting;
  await proxied.close();
  await proxy.close();
});

describe('a full queue', () => {
  const PAYLOAD = 'x'.repeat(1024 ** 2);
  /** More than may wait to be sent. */
  const COUNT = 40;

  test('makes callers wait, reads their timers only when there is room, and loses none', async () => {
    const shard = await busyShard();
    const waiting = timers(COUNT).map((timer) => ({ ...timer, payload: PAYLOAD }));
    const calls = waiting.map((timer) => shard.create(timer));
    // The last ones have not been read yet.
    for (const timer of waiting) {
      timer.payload = 'changed while waiting';
    }
    await shard.end('ROLLBACK');
    await Promise.all([...shard.underWay, ...calls]);
    const stored = await store.rangeGetTimers(shard.shardId, ALL, 100);
    expect(stored).toHaveLength(COUNT + 2);
    const early = stored.filter((timer) => timer.payload === PAYLOAD).length;
    const late = stored.filter((timer) => timer.payload === 'changed while waiting').length;
    // One more if it went out at once.
    expect([16, 17]).toContain(early);
    expect(late).toBe(COUNT - early);
  });

  test('of many small timers lets all of them in, and has no more statements under way for it', async () => {
    const shard = await busyShard();
    const calls = timers(40_000).map((timer) => shard.create(timer));
    const statementCount = `SELECT count(*)::int FROM pg_stat_activity
      WHERE datname = current_database() AND backend_type = 'client backend' AND state = 'active'
        AND pid <> pg_backend_pid()`;
    // At the most one beside the two that wait.
    expect((await fixture.direct.query(statementCount)).rows[0].count).toBeLessThanOrEqual(3);
    await shard.end('ROLLBACK');
    await Promise.all([...shard.underWay, ...calls]);
    const { rows } = await fixture.direct.query(
      'SELECT count(*)::int FROM timers WHERE shard_id = $1 AND row_type = 2',
      [shard.shardId],
    );
    expect(rows).toEqual([{ count: 40_002 }]);
  });

  test('lets a waiting caller go when its signal fires, and checks what it reads', async () => {
    const shard = await busyShard();
    const controller = new AbortController();
    const waiting = timers(COUNT).map((timer) => ({ ...timer, payload: PAYLOAD }));
    const calls = waiting.map((timer, index) =>
      shard.create(timer, index === COUNT - 1 ? controller.signal : undefined),
    );
    const settled = Promise.allSettled(calls);
    (waiting[COUNT - 2] as { callbackUrl: string }).callbackUrl = 'changed to nonsense';
    controller.abort();
    expect(await errorOf(calls[COUNT - 1] as Promise<void>)).toMatchObject({
      code: 'CALL_ABORTED',
      retryable: true,
    });
    await shard.end('ROLLBACK');
    await Promise.all(shard.underWay);
    const results = await settled;
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(COUNT - 2);
    expect(results[COUNT - 2]).toMatchObject({
      reason: { code: 'INVALID_ARGUMENT', argument: 'timer.callbackUrl' },
    });
  });
});

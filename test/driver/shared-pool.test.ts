/** A pool that the store shares with a program around it, which leaves its connections in every state. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Pool, type PoolClient } from 'pg';
import { type ConnectionEvent, PostgresTimerStore, StoreClosedError } from '../../src';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { SAMPLE_CALLS, shardForCalls } from '../support/sample-calls';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { STORE_OPTIONS } from '../support/store-options';

let fixture: StoreFixture;
let pool: Pool;
let store: PostgresTimerStore;
beforeAll(async () => {
  fixture = await openStoreFixture();
  // One connection, so that the store has the very one that the program gave back.
  pool = new Pool({ connectionString: fixture.database.storeUrl, max: 1 });
  // As every program has to that owns a pool.
  pool.on('error', () => {});
  store = PostgresTimerStore.fromPool(pool);
});
afterAll(async () => {
  await pool.end();
  await fixture.close();
});

const events: ConnectionEvent[] = [];
const listen = (event: unknown) => void events.push(event as ConnectionEvent);
beforeEach(() => {
  events.length = 0;
  subscribe('pg-timer-store:connection', listen);
});
afterEach(() => void unsubscribe('pg-timer-store:connection', listen));

async function leave(...statements: string[]): Promise<void> {
  const client = await pool.connect();
  for (const statement of statements) {
    await client.query(statement).catch(() => {});
  }
  client.release();
}

describe.each(SAMPLE_CALLS)('%s', (operation, _, call) => {
  test.each([
    ['open', ['BEGIN']],
    ['failed', ['BEGIN', 'SELECT 1/0']],
  ])(
    'on a connection that came back inside an %s transaction uses another one, and says so',
    async (_state, left) => {
      const { shardId, shardVersion } = await shardForCalls(fixture);
      await leave(...left);
      await call(store, shardId, shardVersion);
      expect(events).toEqual([{ operation, reason: 'inTransaction' }]);
      // Nothing that was acknowledged goes with a ROLLBACK of the program.
      await leave('ROLLBACK');
      const [before] = [await contentOf(shardId)];
      await pool.query('ROLLBACK');
      expect(await contentOf(shardId)).toEqual(before);
    },
  );

  test.each(['DISCARD ALL', 'DEALLOCATE ALL'])(
    'after %s of the program is prepared anew',
    async (discard) => {
      const shards = [await shardForCalls(fixture), await shardForCalls(fixture)] as const;
      await call(store, shards[0].shardId, shards[0].shardVersion);
      await leave(discard);
      await call(store, shards[1].shardId, shards[1].shardVersion);
      await leave('SELECT 1');
      expect(events).toEqual([]);
    },
  );
});

async function contentOf(shardId: number): Promise<unknown[]> {
  const { rows } = await fixture.direct.query(
    'SELECT * FROM timers WHERE shard_id = $1 ORDER BY row_type, timer_execute_at, timer_uuid',
    [shardId],
  );
  return rows;
}

test('a pool that begins a transaction on each new connection is refused by name', async () => {
  const wrong = new Pool({ connectionString: fixture.database.storeUrl });
  const begun: Promise<unknown>[] = [];
  wrong.on('connect', (client: PoolClient) => begun.push(client.query('BEGIN')));
  const error = await errorOf(PostgresTimerStore.fromPool(wrong).createTimerNoLock(1, newTimer()));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', argument: 'pool' });
  await Promise.allSettled(begun);
  await wrong.end();
});

test('statements that were prepared before the type of a column changed are prepared anew', async () => {
  const changed = await openStoreFixture();
  const { shardId, shardVersion } = await shardForCalls(changed);
  await changed.store.getTimer(shardId, 'reminders', 'timer-1');
  await changed.store.updateTimer(shardId, shardVersion, 'reminders', 'timer-1', { attempts: 1 });
  await changed.direct.query('ALTER TABLE timers ALTER COLUMN timer_callback_url TYPE text');
  await changed.direct.query('ALTER TABLE timers ALTER COLUMN timer_id TYPE text COLLATE "C"');
  for (let run = 2; run < 5; run++) {
    await changed.store.updateTimer(shardId, shardVersion, 'reminders', 'timer-1', { attempts: run });
    expect(await changed.store.getTimer(shardId, 'reminders', 'timer-1')).toMatchObject({ attempts: run });
  }
  await changed.close();
});

test("in a caller's transaction such a statement fails once, and the transaction can be made again", async () => {
  const { shardId } = await shardForCalls(fixture);
  const client = await pool.connect();
  const get = () => store.getTimer(shardId, 'reminders', 'timer-1', { client });
  await client.query('BEGIN');
  await get();
  await client.query('COMMIT; DEALLOCATE ALL');
  await client.query('BEGIN');
  expect(await errorOf(get())).toMatchObject({
    code: 'STORE_UNAVAILABLE',
    retryable: true,
    cause: { code: '26000' },
  });
  await client.query('ROLLBACK');
  await client.query('BEGIN');
  expect(await get()).not.toBeNull();
  await client.query('COMMIT');
  client.release();
});

test('a pool that was ended is closed, at once', async () => {
  const ended = new Pool({ connectionString: fixture.database.storeUrl });
  const onEnded = PostgresTimerStore.fromPool(ended);
  await onEnded.getShard(1);
  await ended.end();
  const error = await errorOf(onEnded.getShard(1, { timeoutMs: 60_000 }));
  expect(error).toBeInstanceOf(StoreClosedError);
  expect(error).toMatchObject({ retryable: false, message: 'The pool of the store has been ended' });
});

test.each([
  ['returns promises only', (each: Pool) => () => each.connect()],
  [
    'passes a callback on, and returns a promise, too',
    (each: Pool) => async (callback: Parameters<Pool['connect']>[0]) => each.connect(callback),
  ],
])('a pool whose connect() %s is used', async (__, connect) => {
  const each = { options: pool.options, connect: connect(pool) } as unknown as Pool;
  const { shardId, shardVersion } = await shardForCalls(fixture);
  const promised = PostgresTimerStore.fromPool(each);
  await promised.createTimer(shardId, shardVersion, newTimer({ id: 'promised' }));
  expect(await promised.getTimer(shardId, 'reminders', 'promised')).not.toBeNull();
  const refusing = { connect: async () => Promise.reject(new Error('none left')) } as unknown as Pool;
  const refused = await errorOf(PostgresTimerStore.fromPool(refusing).getShard(1, { timeoutMs: 200 }));
  expect(refused).toMatchObject({ code: 'STORE_UNAVAILABLE' });
});

test('a pool that has no more than its type asks for does for every call', async () => {
  const bare = {
    totalCount: 0,
    idleCount: 0,
    waitingCount: 0,
    connect: () => pool.connect(),
  };
  const { shardId, shardVersion } = await shardForCalls(fixture);
  const each = PostgresTimerStore.fromPool(bare, STORE_OPTIONS);
  await each.createTimer(shardId, shardVersion, newTimer());
  const listener = await each.listenForDueTimers({ onDue: () => {}, onLoss: () => {} });
  await listener.close();
  expect((await each.checkServer()).checks).not.toEqual([]);
  await each.close();
});

test('a fault of a program is neither a lost connection nor tried again', async () => {
  const { shardId } = await shardForCalls(fixture);
  const fault = new TypeError('undefined is not a function');
  for (const call of [
    () => store.getShard(shardId),
    () => store.createTimerNoLock(shardId, newTimer({ id: 'lost' })),
  ]) {
    const client = await pool.connect();
    const query = jest.spyOn(client, 'query').mockRejectedValue(fault as never);
    client.release();
    expect(await errorOf(call())).toBe(fault);
    query.mockRestore();
  }
  const wrong = {
    connect: () => {
      throw new TypeError('not a pool');
    },
  } as unknown as Pool;
  expect(await errorOf(PostgresTimerStore.fromPool(wrong).getShard(1))).toEqual(new TypeError('not a pool'));
});

test.each<[string, (callback: (error: unknown, client: unknown) => void) => unknown]>([
  ['by a promise', async () => ({})],
  ['by the callback', (callback) => void setImmediate(callback, undefined, {})],
])('a pool that gives what is no connection, %s, fails the call alone', async (_, connect) => {
  const wrong = PostgresTimerStore.fromPool({ connect } as unknown as Pool);
  expect(await errorOf(wrong.getShard(1))).toBeInstanceOf(TypeError);
});

test('a connection that was unused for a while is asked first, and replaced if its session has ended', async () => {
  const { shardId, shardVersion } = await shardForCalls(fixture);
  await store.getShard(shardId);
  const client = await pool.connect();
  const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
  // What a process that was frozen finds: the end has arrived, and was not read yet.
  const date = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000);
  const { stream } = (client as unknown as { connection: { stream: import('node:net').Socket } }).connection;
  stream.pause();
  await fixture.direct.query('SELECT pg_terminate_backend($1::int)', [rows[0].pid]);
  client.release();
  const creating = store.createTimer(shardId, shardVersion, newTimer({ id: 'after' }));
  await new Promise(setImmediate);
  stream.resume();
  await creating;
  date.mockRestore();
  expect(events).toEqual([{ operation: 'createTimer', reason: 'ended' }]);
});

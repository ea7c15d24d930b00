import { Client } from 'pg';
import {
  type CallOptions,
  ShardConditionFailedError,
  StoreUnavailableError,
  TimerNotFoundError,
} from '../../src';
import { untilBlocked } from '../support/blocked-statements';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { ON_CITUS } from '../support/on-citus';
import { DUE, SAMPLE_CALLS, shardForCalls } from '../support/sample-calls';
import { ALL, openStoreFixture, type StoreFixture } from '../support/store-fixture';

let fixture: StoreFixture;
let client: Client;
beforeAll(async () => {
  fixture = await openStoreFixture();
  await fixture.direct.query('CREATE TABLE orders (id text PRIMARY KEY)');
});
afterAll(async () => await fixture.close());

beforeEach(async () => {
  client = new Client({ connectionString: fixture.database.url });
  client.on('error', () => {});
  await client.connect();
});
afterEach(async () => await client.end());

/** All that is in the table for a shard, as text. */
async function content(shardId: number): Promise<string> {
  const { rows } = await fixture.direct.query(
    'SELECT timers::text AS row FROM timers WHERE shard_id = $1 ORDER BY 1',
    [shardId],
  );
  return rows.map(({ row }) => row).join('\n');
}

describe.each(SAMPLE_CALLS)('%s in a transaction of the caller', (_name, kind, call) => {
  test('is undone with it, and done with it', async () => {
    const { shardId, shardVersion } = await shardForCalls(fixture);
    const before = await content(shardId);

    await client.query('BEGIN');
    await call(fixture.store, shardId, shardVersion, { client });
    expect(await content(shardId)).toBe(before);
    await client.query('ROLLBACK');
    expect(await content(shardId)).toBe(before);

    await client.query('BEGIN');
    await call(fixture.store, shardId, shardVersion, { client });
    await client.query('COMMIT');
    expect((await content(shardId)) !== before).toBe(kind === 'write');
  });

  test('is not tried again, and leaves no doubt when the connection is lost', async () => {
    const { shardId, shardVersion } = await shardForCalls(fixture);
    const before = await content(shardId);
    await client.query('BEGIN');
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    await fixture.direct.query('BEGIN; LOCK TABLE timers IN ACCESS EXCLUSIVE MODE');
    const failed = errorOf(call(fixture.store, shardId, shardVersion, { client }));
    await untilBlocked(fixture.database.url);
    const ended = new Promise((resolve) => client.once('end', resolve));
    await fixture.direct.query('SELECT pg_terminate_backend($1::int)', [rows[0].pid]);
    expect(await failed).toBeInstanceOf(StoreUnavailableError);
    await fixture.direct.query('COMMIT');
    await ended;
    expect(await content(shardId)).toBe(before);
  });

  test.each([
    ['no transaction', [], 'must be in an open transaction, but is in none: BEGIN first'],
    [
      'a failed transaction',
      ['BEGIN', 'SELECT 1/0'],
      'must be in an open transaction, but is in a failed one: roll it back',
    ],
  ])('is refused in %s', async (_, statements, reason) => {
    for (const statement of statements) {
      await client.query(statement).catch(() => {});
    }
    const { shardId, shardVersion } = await shardForCalls(fixture);
    const before = await content(shardId);
    expect(await errorOf(call(fixture.store, shardId, shardVersion, { client }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      argument: 'options.client',
      reason,
    });
    expect(await content(shardId)).toBe(before);
  });

  test.each([
    ['timeoutMs', { timeoutMs: 1000 }],
    ['signal', { signal: new AbortController().signal }],
  ])('is refused with %s, which would break it', async (field, options) => {
    await client.query('BEGIN');
    const { shardId, shardVersion } = await shardForCalls(fixture);
    const wrong = { client, ...options } as unknown as CallOptions;
    const refused = errorOf(call(fixture.store, shardId, shardVersion, wrong));
    expect(await refused).toMatchObject({ code: 'INVALID_ARGUMENT', argument: `options.${field}` });
    await client.query('COMMIT');
  });
});

test('a timer is created if and only if the order is', async () => {
  const { shardId, shardVersion } = await fixture.claimedShard();
  for (const [id, end] of [
    ['order-1', 'ROLLBACK'],
    ['order-2', 'COMMIT'],
  ] as const) {
    await client.query('BEGIN');
    await client.query('INSERT INTO orders VALUES ($1)', [id]);
    await fixture.store.createTimer(shardId, shardVersion, newTimer({ id }), { client });
    // It sees its own work.
    expect(await fixture.store.getTimer(shardId, 'reminders', id, { client })).toMatchObject({ id });
    await client.query(end);
  }
  const { rows } = await fixture.direct.query('SELECT id FROM orders');
  const timers = await fixture.store.rangeGetTimers(shardId, ALL, 10);
  expect(rows).toEqual([{ id: 'order-2' }]);
  expect(timers.map(({ id }) => id)).toEqual(['order-2']);
});

test('creates are not put together: each is in its own transaction', async () => {
  const { shardId, shardVersion } = await fixture.claimedShard();
  const other = new Client({ connectionString: fixture.database.url });
  await other.connect();
  await client.query('BEGIN');
  await other.query('BEGIN');
  await Promise.all([
    fixture.store.createTimer(shardId, shardVersion, newTimer({ id: 'kept' }), { client }),
    fixture.store.createTimer(shardId, shardVersion, newTimer({ id: 'undone' }), { client: other }),
    fixture.store.createTimer(shardId, shardVersion, newTimer({ id: 'alone' })),
  ]);
  await other.query('ROLLBACK');
  await client.query('COMMIT');
  await other.end();
  const timers = await fixture.store.rangeGetTimers(shardId, ALL, 10);
  expect(timers.map(({ id }) => id).sort()).toEqual(['alone', 'kept']);
});

test('a lost fence and a missing timer leave the transaction as it is', async () => {
  const { shardId, shardVersion } = await fixture.claimedShard();
  await client.query('BEGIN');
  await client.query(`INSERT INTO orders VALUES ('order-3')`);
  const fenced = fixture.store.createTimer(shardId, shardVersion + 1, newTimer(), { client });
  expect(await errorOf(fenced)).toBeInstanceOf(ShardConditionFailedError);
  const missing = fixture.store.deleteTimer(shardId, shardVersion, 'reminders', 'timer-1', { client });
  expect(await errorOf(missing)).toBeInstanceOf(TimerNotFoundError);
  await client.query('COMMIT');
  const { rows } = await fixture.direct.query(`SELECT id FROM orders WHERE id = 'order-3'`);
  expect(rows).toHaveLength(1);
});

test('a claim waits for the transaction, and what it wrote is there before the next owner is', async () => {
  const { shardId, shardVersion } = await fixture.claimedShard();
  await client.query('BEGIN');
  await fixture.store.createTimer(shardId, shardVersion, newTimer(), { client });
  const claim = fixture.store.claimShardOwnership(shardId, 'owner-2');
  await untilBlocked(fixture.database.url);
  await client.query('COMMIT');
  expect((await claim).current.shardVersion).toBe(shardVersion + 1);
  expect(await fixture.store.rangeGetTimers(shardId, ALL, 10)).toHaveLength(1);
});

test('a timer that is created elsewhere at the same moment can be tried again, with the transaction', async () => {
  const { shardId, shardVersion } = await fixture.claimedShard();
  await client.query('BEGIN');
  await fixture.store.createTimer(shardId, shardVersion, newTimer({ executeAt: DUE }), { client });
  const other = new Client({ connectionString: fixture.database.url });
  await other.connect();
  await other.query('BEGIN');
  // The same key, and another timer: what a race for one timer looks like to the one who loses it.
  const { uuid } = (await fixture.store.getTimer(shardId, 'reminders', 'timer-1', { client })) ?? {
    uuid: '',
  };
  const lost = errorOf(
    fixture.store.createTimer(shardId, shardVersion, newTimer({ id: 'timer-2', executeAt: DUE, uuid }), {
      client: other,
    }),
  );
  await untilBlocked(fixture.database.url);
  await client.query('COMMIT');
  expect(await lost).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
  expect(await errorOf(other.query('SELECT 1'))).toMatchObject({ code: '25P02' });
  await other.query('ROLLBACK');
  await other.end();
});

test('checkServer has connections of its own', async () => {
  await client.query('BEGIN');
  expect(await errorOf(fixture.store.checkServer({ client } as object))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    argument: 'options.client',
  });
});

test.each([
  ['a pool, which has no transaction', { query() {} }],
  ['what is no connection', {}],
])('%s is refused', async (_, wrong) => {
  const refused = errorOf(fixture.store.getShard(1, { client: wrong as never }));
  expect(await refused).toMatchObject({ code: 'INVALID_ARGUMENT', argument: 'options.client' });
});

test.each(['createTimerNoLock', 'createTimersNoLock'] as const)(
  '%s goes to a shard that is claimed for the first time between two of its statements',
  async (method) => {
    const shardId = method === 'createTimerNoLock' ? 901 : 902;
    const statements: string[] = [];
    const query = client.query.bind(client) as (config: { text: string }) => Promise<unknown>;
    await client.query('BEGIN');
    // The session is known by then, of which Citus is asked first.
    await fixture.store.getShard(shardId, { client });
    Object.assign(client, {
      async query(config: { text: string }) {
        const result = await query(config);
        if (statements.push(config.text) === 1) {
          await fixture.store.claimShardOwnership(shardId, 'first-owner');
        }
        return result;
      },
    });
    const timer = newTimer();
    await (method === 'createTimerNoLock'
      ? fixture.store.createTimerNoLock(shardId, timer, { client })
      : fixture.store.createTimersNoLock(shardId, [timer, newTimer({ id: 'timer-2' })], { client }));
    await query({ text: 'COMMIT' });
    // On Citus, several timers take two of one worker.
    expect(statements).toHaveLength(ON_CITUS && method === 'createTimersNoLock' ? 4 : 3);
    expect(await fixture.store.getTimer(shardId, timer.namespace, timer.id)).toMatchObject(timer);
  },
);

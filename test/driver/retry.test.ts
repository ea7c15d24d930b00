import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Pool } from 'pg';
import { AccessDeniedError, PostgresTimerStore, type RetryEvent, ShardConditionFailedError } from '../../src';
import { untilBlocked } from '../support/blocked-statements';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { ON_CITUS } from '../support/on-citus';
import { SAMPLE_CALLS, shardForCalls } from '../support/sample-calls';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture();
});
afterAll(async () => await fixture.close());

/** A pool whose only connection is in use, and that gives up on another one soon. */
async function exhaustedPool(): Promise<{ pool: Pool; release: () => void }> {
  const pool = new Pool({
    connectionString: fixture.database.storeUrl,
    max: 1,
    connectionTimeoutMillis: 1000,
  });
  const held = await pool.connect();
  return { pool, release: () => held.release() };
}

test('every call survives that the pool has no connection for a while, and tells of its retries', async () => {
  const { pool, release } = await exhaustedPool();
  const shards = await Promise.all(SAMPLE_CALLS.map(() => shardForCalls(fixture)));
  const waiting = new Set<string>(SAMPLE_CALLS.map(([name]) => name));
  let onAllRetried = () => {};
  const allRetried = new Promise<void>((resolve) => {
    onAllRetried = resolve;
  });
  const listen = (event: unknown) => {
    waiting.delete((event as RetryEvent).operation);
    if (waiting.size === 0) onAllRetried();
  };
  subscribe('pg-timer-store:retry', listen);
  const store = PostgresTimerStore.fromPool(pool);
  const calls = SAMPLE_CALLS.map(([, , call], index) => {
    const { shardId, shardVersion } = shards[index] as { shardId: number; shardVersion: number };
    return call(store, shardId, shardVersion);
  });
  await allRetried;
  release();
  await Promise.all(calls);
  unsubscribe('pg-timer-store:retry', listen);
  await pool.end();
});

test('writes go on after a failover, on the connections to the server that takes them again', async () => {
  const { shardId, shardVersion } = await shardForCalls(fixture);
  const { database, direct } = fixture;
  await direct.query(`ALTER DATABASE ${database.name} SET default_transaction_read_only = on`);
  const store = await PostgresTimerStore.connect({ connectionString: database.storeUrl, maxOpenConns: 1 });
  const refused = await errorOf(store.createTimer(shardId, shardVersion, newTimer(), { timeoutMs: 1000 }));
  expect(refused).toMatchObject({ code: 'STORE_UNAVAILABLE', cause: { code: '25006' } });
  const creating = store.createTimer(shardId, shardVersion, newTimer({ id: 'after' }));
  await direct.query(`ALTER DATABASE ${database.name} RESET default_transaction_read_only`);
  await creating;
  expect(await store.getTimer(shardId, 'reminders', 'after')).not.toBeNull();
  await store.close();
});

test.each(['repeatable read', 'serializable'])(
  'where the database is set to %s, a write that loses to a claim learns it by its fence',
  async (isolation) => {
    const { database, direct } = fixture;
    const { shardId, shardVersion } = await shardForCalls(fixture);
    await direct.query(`ALTER DATABASE ${database.name} SET default_transaction_isolation = '${isolation}'`);
    const store = await PostgresTimerStore.connect(database.storeUrl);
    await direct.query(`ALTER DATABASE ${database.name} RESET default_transaction_isolation`);
    await direct.query('BEGIN');
    await direct.query('UPDATE timers SET shard_version = shard_version + 1 WHERE shard_id = $1', [shardId]);
    const creating = errorOf(store.createTimer(shardId, shardVersion, newTimer({ id: 'late' })));
    await untilBlocked(database.url);
    await direct.query('COMMIT');
    expect(await creating).toBeInstanceOf(ShardConditionFailedError);
    expect(await store.getTimer(shardId, 'reminders', 'late')).toBeNull();
    await store.close();
  },
);

test('a signal ends the wait between two attempts', async () => {
  const { pool, release } = await exhaustedPool();
  const store = PostgresTimerStore.fromPool(pool);
  const signal = AbortSignal.timeout(1500);
  expect(await errorOf(store.getShard(1, { signal }))).toMatchObject({
    code: 'CALL_ABORTED',
    retryable: true,
  });
  release();
  await pool.end();
});

test('a statement that an administrator cancels is not made again', async () => {
  const { shardId, shardVersion } = await shardForCalls(fixture);
  const { database, direct } = fixture;
  await direct.query('BEGIN');
  await direct.query('LOCK TABLE timers IN ACCESS EXCLUSIVE MODE');
  const deleting = errorOf(fixture.store.deleteTimer(shardId, shardVersion, 'reminders', 'timer-1'));
  await untilBlocked(database.url);
  await direct.query(
    `SELECT pg_cancel_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  const error = await deleting;
  await direct.query('ROLLBACK');
  expect(error).toMatchObject(
    ON_CITUS
      ? { code: 'OUTCOME_UNKNOWN', retryable: false }
      : { code: 'STORE_UNAVAILABLE', retryable: true, cause: { code: '57014' } },
  );
  expect(await fixture.store.getTimer(shardId, 'reminders', 'timer-1')).not.toBeNull();
});

describe('what waiting does not mend is not tried again', () => {
  test.each([
    ['a database that does not exist', { pathname: '/no_such_database' }, '3D000'],
    ['a role that does not exist', { username: 'no_such_role' }, expect.stringMatching(/^28/)],
  ])('%s', async (_, change, code) => {
    const url = Object.assign(new URL(fixture.database.storeUrl), change);
    const pool = new Pool({ connectionString: url.href });
    const connect = jest.spyOn(pool, 'connect');
    const error = await errorOf(PostgresTimerStore.fromPool(pool).getShard(1));
    expect(error).toBeInstanceOf(AccessDeniedError);
    expect(error).toMatchObject({ code: 'ACCESS_DENIED', retryable: false, cause: { code } });
    expect(connect).toHaveBeenCalledTimes(1);
    await pool.end();
  });

  test('a table that the role may not read', async () => {
    const { database, direct } = fixture;
    const role = direct.escapeIdentifier(new URL(database.storeUrl).username);
    await direct.query(`REVOKE SELECT ON timers FROM ${role}`);
    const pool = new Pool({ connectionString: database.storeUrl });
    const connect = jest.spyOn(pool, 'connect');
    const error = await errorOf(PostgresTimerStore.fromPool(pool).getShard(1));
    await direct.query(`GRANT SELECT ON timers TO ${role}`);
    expect(error).toMatchObject({ code: 'ACCESS_DENIED', retryable: false, cause: { code: '42501' } });
    expect(connect).toHaveBeenCalledTimes(1);
    await pool.end();
  });
});

test('a call that has failed is not tried again', async () => {
  const { pool, release } = await exhaustedPool();
  const store = PostgresTimerStore.fromPool(pool);
  const error = await errorOf(store.getShard(1, { timeoutMs: 1500 }));
  expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });

  const retried = new Set<string>();
  const listen = (event: unknown) => retried.add((event as RetryEvent).operation);
  subscribe('pg-timer-store:retry', listen);
  // Longer than the longest pause between two attempts.
  await errorOf(store.getTimer(1, 'reminders', 'timer-1', { timeoutMs: 2500 }));
  unsubscribe('pg-timer-store:retry', listen);
  expect([...retried]).toEqual(['getTimer']);
  release();
  await pool.end();
});

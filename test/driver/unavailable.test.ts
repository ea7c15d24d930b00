import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { Pool } from 'pg';
import {
  OutcomeUnknownError,
  PostgresTimerStore,
  SchemaMismatchError,
  StoreClosedError,
  StoreUnavailableError,
} from '../../src';
import { MIGRATE_COMMAND } from '../../src/contract/migrate-command';
import { untilBlocked } from '../support/blocked-statements';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { ON_CITUS } from '../support/on-citus';
import { SAMPLE_CALLS, shardForCalls } from '../support/sample-calls';
import { ALL, openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { TcpProxy } from '../support/tcp-proxy';
import { createEmptyDatabase, databaseUrl, onServer, storeUrl } from '../support/test-database';
import { QUOTED_SCHEMA, withOptions } from '../support/test-schema';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture();
});
afterAll(async () => await fixture.close());

describe('connect', () => {
  test('without a server says which address did not answer', async () => {
    const free = net.createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as AddressInfo;
    free.close();
    await once(free, 'close');
    const error = await errorOf(PostgresTimerStore.connect({ host: '127.0.0.1', port, username: 'nobody' }));
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
    expect(String(error)).toContain(`127.0.0.1:${port}`);
  });

  test('gives up on a server that says nothing after connect_timeout', async () => {
    const sockets: net.Socket[] = [];
    const silent = net.createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const connectionString = `postgres://nobody@127.0.0.1:${port}/none?connect_timeout=1&sslmode=disable`;
    const error = await errorOf(PostgresTimerStore.connect(connectionString));
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining('timeout') });
    for (const socket of sockets) {
      socket.destroy();
    }
    silent.close();
  });

  test('with a wrong database says so', async () => {
    const error = await errorOf(PostgresTimerStore.connect(storeUrl('no_such_database')));
    expect(error).toMatchObject({
      code: 'ACCESS_DENIED',
      retryable: false,
      message: expect.stringContaining('"no_such_database" does not exist'),
    });
  });

  test('refuses a database that is not migrated, and says what to do', async () => {
    const name = await createEmptyDatabase();
    const error = await errorOf(PostgresTimerStore.connect(databaseUrl(name)));
    expect(error).toBeInstanceOf(SchemaMismatchError);
    expect(error).toMatchObject({
      code: 'SCHEMA_MISMATCH',
      retryable: false,
      faults: [`there is no table timers in schema ${QUOTED_SCHEMA}`],
      message: expect.stringContaining(MIGRATE_COMMAND),
    });
    // FORCE is not needed: connect has left no connection behind.
    await onServer(async (admin) => void (await admin.query(`DROP DATABASE ${name}`)));
  });

  test.each([
    [
      'ALTER TABLE timers DROP COLUMN timer_attempts',
      'column timer_attempts should be integer, but is missing',
    ],
    [
      'ALTER TABLE timers ALTER timer_execute_at TYPE timestamptz',
      'column timer_execute_at should be timestamp(3) with time zone, but is timestamp with time zone',
    ],
    [
      'DROP INDEX idx_timer_lookup',
      'the unique index on (shard_id, row_type, timer_namespace, timer_id) is missing',
    ],
  ])('after %s names the fault', async (change, fault) => {
    const changed = await openStoreFixture();
    await changed.direct.query(change);
    const error = await errorOf(PostgresTimerStore.connect(changed.database.storeUrl));
    expect(error).toMatchObject({ code: 'SCHEMA_MISMATCH', faults: [fault] });
    await changed.close();
  });
});

test('fromPool on a database that is not migrated shows it at the first call', async () => {
  const pool = new Pool({ connectionString: storeUrl('postgres') });
  const store = PostgresTimerStore.fromPool(pool);
  for (const [, , call] of SAMPLE_CALLS) {
    const error = await errorOf(call(store, 1, 1));
    expect(error).toBeInstanceOf(SchemaMismatchError);
    expect(error).toMatchObject({ faults: ['relation "timers" does not exist'], cause: { code: '42P01' } });
  }
  await pool.end();
});

describe.each(SAMPLE_CALLS)('%s, a %s,', (name, kind, call) => {
  test('whose connection is ended by an administrator is made again if it is a read, else has no known outcome', async () => {
    const { shardId, shardVersion } = await shardForCalls(fixture);
    const { direct, database } = fixture;
    const store = await PostgresTimerStore.connect({ connectionString: database.storeUrl, maxOpenConns: 1 });
    await direct.query('BEGIN');
    await direct.query('LOCK TABLE timers IN ACCESS EXCLUSIVE MODE');
    const calling = call(store, shardId, shardVersion);
    calling.catch(() => {});
    await untilBlocked(database.url);
    await direct.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    const isKnown = kind === 'read' || (ON_CITUS && name === 'rangeDeleteWithBatchInsertTxn');
    const error = isKnown ? undefined : await errorOf(calling);
    await direct.query('COMMIT');
    if (error === undefined) {
      expect(await calling).not.toBeNull();
    } else {
      expectUnknown(error, name);
    }
    // The next call has a connection again.
    await call(store, shardId, shardVersion);
    await store.close();
  });

  test('whose connection is cut before the answer is made again if it is a read, else has no known outcome', async () => {
    const { shardId, shardVersion } = await shardForCalls(fixture);
    const proxy = await TcpProxy.open(fixture.database.url);
    const store = await PostgresTimerStore.connect({
      connectionString: proxy.url(fixture.database.storeUrl),
      maxOpenConns: 1,
    });
    // The session is known by then, of which Citus is asked first.
    await store.getShard(shardId);
    const answered = proxy.loseAnswers();
    const calling = call(store, shardId, shardVersion);
    calling.catch(() => {});
    await answered;
    proxy.cut();
    proxy.heal();
    if (kind === 'write') {
      expectUnknown(await errorOf(calling), name);
    } else {
      expect(await calling).not.toBeNull();
    }
    expect(await store.getShard(shardId)).not.toBeNull();
    await store.close();
    await proxy.close();
  });
});

function expectUnknown(error: unknown, operation: string): void {
  expect(error).toBeInstanceOf(OutcomeUnknownError);
  expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', operation, retryable: false });
  expect(String(error)).toContain('may or may not have been applied');
}

test('connections that are lost while unused are replaced, and the process goes on', async () => {
  const { shardId } = await shardForCalls(fixture);
  const proxy = await TcpProxy.open(fixture.database.url);
  const store = await PostgresTimerStore.connect(proxy.url(fixture.database.storeUrl));
  await Promise.all(Array.from({ length: 5 }, () => store.getShard(shardId)));
  proxy.cut();
  // The cut reaches the sockets in one of the next turns; a call before that may still meet it, and says so.
  for (;;) {
    const found = await store.getShard(shardId).catch((error: unknown) => error);
    if (!(found instanceof StoreUnavailableError)) {
      expect(found).toMatchObject({ shardId });
      break;
    }
  }
  await store.close();
  await proxy.close();
});

describe('close', () => {
  test('finishes what was accepted, then refuses every method; twice is the same', async () => {
    const { shardId, shardVersion } = await shardForCalls(fixture);
    const { direct, database } = fixture;
    const store = await PostgresTimerStore.connect(database.storeUrl);
    await direct.query('BEGIN');
    await direct.query('LOCK TABLE timers IN ACCESS EXCLUSIVE MODE');
    const creating = store.createTimer(shardId, shardVersion, newTimer({ id: 'accepted' }));
    await untilBlocked(database.url);
    const closing = store.close();
    for (const [, , call] of SAMPLE_CALLS) {
      expect(await errorOf(call(store, shardId, shardVersion))).toBeInstanceOf(StoreClosedError);
    }
    await direct.query('COMMIT');
    await Promise.all([creating, closing, store.close()]);
    const stored = await fixture.store.rangeGetTimers(shardId, ALL, 10);
    expect(stored.map((timer) => timer.id)).toContain('accepted');
  });

  test('closes the connections of its own pool', async () => {
    const { direct, database } = fixture;
    const url = new URL(database.storeUrl);
    url.searchParams.set('application_name', 'to-be-closed');
    const store = await PostgresTimerStore.connect(url.href);
    const count = `SELECT count(*)::int FROM pg_stat_activity WHERE application_name = 'to-be-closed'`;
    expect((await direct.query(count)).rows).toEqual([{ count: 1 }]);
    await store.close();
    const deadline = Date.now() + 10_000;
    while ((await direct.query(count)).rows[0].count > 0) {
      // The server takes a moment to notice.
      expect(Date.now()).toBeLessThan(deadline);
    }
  });

  test('leaves the pool of its caller open', async () => {
    const pool = new Pool({ connectionString: fixture.database.storeUrl });
    const store = PostgresTimerStore.fromPool(pool);
    const { shardId } = await shardForCalls(fixture);
    await store.getShard(shardId);
    await store.close();
    expect(await errorOf(store.getShard(shardId))).toMatchObject({ code: 'STORE_CLOSED', retryable: false });
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });
});

describe('fromPool', () => {
  test('neither uses nor changes the parsers and settings of the program around it', async () => {
    const { shardId, shardVersion } = await shardForCalls(fixture);
    const hostParsers = { getTypeParser: () => () => 'parsed by the host' };
    const pool = new Pool({ connectionString: fixture.database.storeUrl, max: 1, types: hostParsers });
    await pool.query(
      // Citus takes no other DateStyle than ISO: test/postgres/citus.
      `SET datestyle = '${ON_CITUS ? 'ISO' : 'German'}'; SET timezone = 'Pacific/Chatham'; SET extra_float_digits = -15`,
    );
    const store = PostgresTimerStore.fromPool(pool);
    const timer = newTimer({
      id: 'exact',
      executeAt: new Date('2030-07-01T01:02:03.457Z'),
      payload: [1, 'a'],
    });
    await store.createTimer(shardId, shardVersion, timer);
    expect(await store.getTimer(shardId, 'reminders', 'exact')).toMatchObject(timer);
    expect(await store.getShard(shardId)).toMatchObject({ shardId, shardVersion });
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 'parsed by the host' }]);
    await pool.end();
  });

  test('without prepared statements leaves none on the connection; with them, one for each query', async () => {
    const { shardId } = await shardForCalls(fixture);
    for (const preparedStatements of [false, true]) {
      const pool = new Pool({ connectionString: fixture.database.storeUrl, max: 1 });
      const store = PostgresTimerStore.fromPool(pool, { preparedStatements });
      await store.getShard(shardId);
      await store.getShard(shardId);
      await store.getTimer(shardId, 'reminders', 'timer-1');
      const { rows } = await pool.query('SELECT name FROM pg_prepared_statements');
      expect(rows).toHaveLength(preparedStatements ? 2 : 0);
      await pool.end();
    }
  });

  test('gives up when the pool has no connection until the time of the call is up', async () => {
    const pool = new Pool({
      connectionString: fixture.database.storeUrl,
      max: 1,
      connectionTimeoutMillis: 1000,
    });
    const held = await pool.connect();
    const store = PostgresTimerStore.fromPool(pool);
    const error = await errorOf(store.getShard(1, { timeoutMs: 1500 }));
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
    held.release();
    await pool.end();
  });
});

test('a database that only reads makes writes fail with nothing applied, and reads go on', async () => {
  const { shardId, shardVersion } = await shardForCalls(fixture);
  const pool = new Pool({
    connectionString: withOptions(fixture.database.storeUrl, '-c default_transaction_read_only=on'),
  });
  const store = PostgresTimerStore.fromPool(pool);
  // All at once: each write is tried until its time is up.
  await Promise.all(
    SAMPLE_CALLS.map(async ([, kind, call]) => {
      const calling = call(store, shardId, shardVersion, { timeoutMs: 2000 });
      if (kind === 'write') {
        const error = await errorOf(calling);
        expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true, cause: { code: '25006' } });
      } else {
        expect(await calling).not.toBeNull();
      }
    }),
  );
  await pool.end();
});

/** The way of a cancel request to the server that runs the statement. */
import net from 'node:net';
import { Pool } from 'pg';
import { PostgresTimerStore } from '../../src';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { ON_CITUS } from '../support/on-citus';
import { shardForCalls } from '../support/sample-calls';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture();
});
afterAll(async () => await fixture.close());

test('a pool that opens its connections in a way of its own cancels in the same way', async () => {
  const { shardId, shardVersion } = await shardForCalls(fixture);
  const { hostname, port, username, password, searchParams } = new URL(fixture.database.storeUrl);
  let opened = 0;
  // As the connectors of cloud providers do: where the client thinks that the server is does not matter.
  const stream = () => {
    opened++;
    const socket = new net.Socket();
    const connect = socket.connect.bind(socket);
    socket.connect = (() => connect(Number(port), hostname)) as typeof socket.connect;
    return socket;
  };
  const pool = new Pool({
    host: 'nowhere.invalid',
    user: username,
    password: decodeURIComponent(password),
    database: fixture.database.name,
    options: searchParams.get('options') ?? undefined,
    stream,
  });
  const store = PostgresTimerStore.fromPool(pool);
  await fixture.direct.query('BEGIN; LOCK TABLE timers IN ACCESS EXCLUSIVE MODE');
  const error = await errorOf(store.createTimer(shardId, shardVersion, newTimer(), { timeoutMs: 300 }));
  await fixture.direct.query('COMMIT');
  expect(error).toMatchObject({
    code: 'CALL_TIMEOUT',
    ...(ON_CITUS ? { retryable: false } : { retryable: true, cause: { code: '57014' } }),
  });
  // One for the statement, one for its cancel; more, where the machine stopped and a connection was replaced.
  expect(opened).toBeGreaterThanOrEqual(2);
  expect(await store.getTimer(shardId, 'reminders', 'timer-1')).not.toBeNull();
  await pool.end();
});

/** A server that waits for a standby before it acknowledges, and a standby that never answers. */
import { Client } from 'pg';
import { OutcomeUnknownError, PostgresTimerStore } from '../../src';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { RestartableServer } from '../support/restartable-server';
import { fillForCalls, SAMPLE_CALLS } from '../support/sample-calls';

let server: RestartableServer;
let admin: Client;
let store: PostgresTimerStore;
beforeAll(async () => {
  server = await RestartableServer.start();
  admin = new Client({ connectionString: server.url });
  await admin.connect();
  store = await PostgresTimerStore.connect({ connectionString: server.storeUrl, maxOpenConns: 40 });
});
afterAll(async () => {
  await admin.end();
  await store.close();
  await server.delete();
});

let shards = 0;
async function shardForCalls(): Promise<number> {
  const shardId = ++shards;
  await store.claimShardOwnership(shardId, 'owner-1');
  await fillForCalls(store, { shardId, shardVersion: 1 });
  return shardId;
}

/** The connections that are open hear of it, too, before the next statement. */
async function waitFor(standby: string): Promise<void> {
  await admin.query(`ALTER SYSTEM SET synchronous_standby_names = '${standby}'`);
  await admin.query('SELECT pg_reload_conf()');
  for (;;) {
    const { rows } = await admin.query('SHOW synchronous_standby_names');
    if (rows[0].synchronous_standby_names === standby) {
      return;
    }
  }
}

async function untilWaiting(count: number): Promise<void> {
  for (;;) {
    const { rows } = await admin.query(
      `SELECT count(*)::int FROM pg_stat_activity WHERE wait_event = 'SyncRep'`,
    );
    if (rows[0].count >= count) {
      return;
    }
  }
}

const WRITES = [
  ...SAMPLE_CALLS.filter(([, kind]) => kind === 'write').map(([name, , call]) => [name, call] as const),
  // Those of several statements, on a shard that was never claimed.
  [
    'claimShardOwnership',
    (each: PostgresTimerStore, shard: number, _: number, options?: object) =>
      each.claimShardOwnership(shard + 100_000, 'first', options),
  ] as const,
  [
    'createTimersNoLock',
    (each: PostgresTimerStore, shard: number, _: number, options?: object) =>
      each.createTimersNoLock(shard + 200_000, [newTimer()], options),
  ] as const,
];

describe.each([
  ['its time is up', 'CALL_TIMEOUT', () => ({ timeoutMs: 700 })],
  ['its signal fires', 'CALL_ABORTED', () => ({ signal: AbortSignal.timeout(700) })],
])('when %s while it waits for a standby,', (_, code, options) => {
  test('no write of any kind is acknowledged', async () => {
    const ids = await Promise.all(WRITES.map(shardForCalls));
    await waitFor('nobody');
    const errors = await Promise.all(
      WRITES.map(([, call], index) => errorOf(call(store, ids[index] as number, 1, options()))),
    );
    await waitFor('');
    expect(errors).toMatchObject(WRITES.map(([operation]) => ({ code, operation, retryable: false })));
  });
});

test('when an administrator cancels the wait, no write of any kind is acknowledged', async () => {
  const ids = await Promise.all(WRITES.map(shardForCalls));
  await waitFor('nobody');
  const writing = WRITES.map(([, call], index) => errorOf(call(store, ids[index] as number, 1)));
  await untilWaiting(WRITES.length);
  await admin.query(`SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`);
  const errors = await Promise.all(writing);
  await waitFor('');
  for (const error of errors) {
    expect(error).toBeInstanceOf(OutcomeUnknownError);
  }
  expect(errors).toMatchObject(
    WRITES.map(([operation]) => ({ code: 'OUTCOME_UNKNOWN', operation, retryable: false })),
  );
  expect(String(errors[0])).toContain('a failover may undo it');
});

test('a server that does not tell of the cancelled wait acknowledges nothing after the time of a call', async () => {
  const shardId = await shardForCalls();
  const url = new URL(server.storeUrl);
  url.searchParams.set('options', '-c client_min_messages=error');
  const quiet = await PostgresTimerStore.connect(url.href);
  await waitFor('nobody');
  const error = await errorOf(quiet.createTimer(shardId, 1, newTimer(), { timeoutMs: 700 }));
  await waitFor('');
  expect(error).toMatchObject({ code: 'CALL_TIMEOUT', retryable: false });
  await quiet.close();
});

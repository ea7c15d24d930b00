/** A server that no longer takes writes, or not yet: a standby, before it is promoted. */
import { Client } from 'pg';
import { PostgresTimerStore, shardIdFor } from '../../src';
import { ManyCommands } from '../cli/many-commands';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { RestartableServer } from '../support/restartable-server';

/** Of shard 1 of two, where the command line looks for it. */
const BEFORE = ['a', 'b', 'c', 'd', 'e', 'f'].find((id) => shardIdFor(id, 2) === 1) as string;

let server: RestartableServer;
beforeAll(async () => {
  server = await RestartableServer.start();
});
afterAll(async () => await server.delete());

test('on a standby reads go on, and a write waits until it is promoted', async () => {
  let store = await PostgresTimerStore.connect(server.storeUrl);
  await store.claimShardOwnership(1, 'owner');
  await store.createTimer(1, 1, newTimer({ id: BEFORE }));
  await store.close();
  await server.stop('fast');
  await server.restartAsStandby();

  store = await PostgresTimerStore.connect(server.storeUrl);
  const refused = await errorOf(store.createTimer(1, 1, newTimer({ id: 'refused' }), { timeoutMs: 500 }));
  expect(refused).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true, cause: { code: '25006' } });
  expect(await store.getShard(1)).toMatchObject({ shardVersion: 1 });
  await commandsSayStandby();
  const creating = store.createTimer(1, 1, newTimer({ id: 'waiting' }));
  const claiming = store.claimShardOwnership(2, 'owner');
  const direct = new Client({ connectionString: server.url });
  await direct.connect();
  await direct.query('SELECT pg_promote()');
  await Promise.all([creating, claiming]);
  const { rows } = await direct.query('SELECT timer_id FROM timers WHERE row_type = 2 ORDER BY 1');
  expect(rows).toEqual([{ timer_id: BEFORE }, { timer_id: 'waiting' }]);
  await direct.end();
  await store.close();
});

/** At once, and by exit code 3; what only reads goes on. */
async function commandsSayStandby(): Promise<void> {
  const commands = new ManyCommands();
  const env = { DATABASE_URL: server.storeUrl };
  const shards = ['--shards', '2'];
  const exitCode = 3;
  const stderr = expect.stringMatching(/^pg-timer-store: the server is a standby: [^\n]*\n$/);
  for (const line of [
    `timers reschedule reminders ${BEFORE} now`,
    `timers delete reminders ${BEFORE} --yes`,
    'run',
  ]) {
    expect(await commands.run([...line.split(' '), ...shards], env)).toEqual({
      exitCode,
      stdout: '',
      stderr,
    });
  }
  expect(await commands.run(['timers', 'get', 'reminders', BEFORE, ...shards], env)).toMatchObject({
    exitCode: 0,
  });
  await commands.end();
}

test('a server that is told to take no writes, and then to take them again, loses none that waits', async () => {
  const store = await PostgresTimerStore.connect(server.storeUrl);
  const direct = new Client({ connectionString: server.url });
  await direct.connect();
  await direct.query('ALTER SYSTEM SET default_transaction_read_only = on');
  await direct.query('SELECT pg_reload_conf()');
  for (let isReadOnly = false; !isReadOnly; ) {
    // The connections hear of it one by one.
    const error = await store
      .createTimerNoLock(3, newTimer(), { timeoutMs: 200 })
      .catch((failure: unknown) => failure);
    isReadOnly = error !== undefined;
    if (isReadOnly) {
      expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', cause: { code: '25006' } });
    }
  }
  expect(await store.getShard(3)).toBeNull();
  const creating = store.createTimerNoLock(3, newTimer({ id: 'waiting' }));
  await direct.query('ALTER SYSTEM RESET default_transaction_read_only');
  await direct.query('SELECT pg_reload_conf()');
  await creating;
  expect(await store.getTimer(3, 'reminders', 'waiting')).not.toBeNull();
  await direct.end();
  await store.close();
});

test('a store that is told of two servers goes on with the one that is promoted when the other dies', async () => {
  const primary = await RestartableServer.start();
  const standby = await RestartableServer.startStandbyOf(primary);
  const url = new URL(primary.storeUrl);
  const servers = [standby, primary].map((each) => `127.0.0.1:${new URL(each.url).port}`);
  const hosts = `postgres://${url.username}:${url.password}@${servers.join(',')}/postgres`;
  const store = await PostgresTimerStore.connect(`${hosts}?target_session_attrs=read-write`);
  const onStandby = new Client({ connectionString: standby.url });
  await onStandby.connect();
  try {
    const { current } = await store.claimShardOwnership(1, 'owner');
    await store.createTimer(1, current.shardVersion, newTimer({ id: 'before' }));
    // It is a standby of the one that dies, and has what that acknowledged.
    for (let count = 0; count === 0; ) {
      const { rows } = await onStandby.query('SELECT count(*)::int AS count FROM timers WHERE row_type = 2');
      count = rows[0].count;
    }
    await primary.stop('killed');
    const creating = store.createTimer(1, current.shardVersion, newTimer({ id: 'during' }));
    const refused = errorOf(PostgresTimerStore.connect(`${hosts}?target_session_attrs=primary`));
    expect(await refused).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
    await onStandby.query('SELECT pg_promote()');
    await creating;
    await store.createTimer(1, current.shardVersion, newTimer({ id: 'after' }));
    const { rows } = await onStandby.query('SELECT timer_id FROM timers WHERE row_type = 2 ORDER BY 1');
    expect(rows.map((row) => row.timer_id)).toEqual(['after', 'before', 'during']);
  } finally {
    await onStandby.end();
    await store.close();
    await standby.delete();
    await primary.delete();
  }
});

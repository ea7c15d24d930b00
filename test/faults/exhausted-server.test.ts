/** A server that has no connection to give, or no room on its disk. */
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { OutcomeUnknownError, PostgresTimerStore } from '../../src';
import { untilBlocked } from '../support/blocked-statements';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { RestartableServer } from '../support/restartable-server';
import { ALL } from '../support/store-fixture';

let server: RestartableServer;
let direct: Client;
beforeAll(async () => {
  server = await RestartableServer.start({
    max_connections: 8,
    superuser_reserved_connections: 2,
    restart_after_crash: 'off',
  });
  direct = new Client({ connectionString: server.url });
  // One test crashes the server under it.
  direct.on('error', () => {});
  await direct.connect();
});
afterAll(async () => {
  await direct.end();
  await server.delete();
});

test('while all connections are taken, calls wait for one; so do those that only superusers may still have', async () => {
  // It holds no connection that is not in use.
  const store = await PostgresTimerStore.connect({ connectionString: server.storeUrl, connMaxLifetimeMs: 1 });
  await store.claimShardOwnership(1, 'owner');
  const others: Client[] = [];
  for (let refused = false; !refused; ) {
    const other = new Client({ connectionString: server.storeUrl });
    try {
      await other.connect();
      others.push(other);
    } catch (error) {
      expect(error).toMatchObject({ code: '53300' });
      refused = true;
    }
  }
  const refused = await errorOf(store.createTimer(1, 1, newTimer({ id: 'refused' }), { timeoutMs: 300 }));
  expect(refused).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true, cause: { code: '53300' } });
  const waiting = Promise.all([
    store.createTimer(1, 1, newTimer({ id: 'waiting' })),
    store.claimShardOwnership(2, 'owner'),
    store.getShard(1),
  ]);
  await Promise.all(others.map((other) => other.end()));
  await waiting;
  const { rows } = await direct.query('SELECT timer_id FROM timers WHERE shard_id = 1 AND row_type = 2');
  expect(rows).toEqual([{ timer_id: 'waiting' }]);
  await store.close();
});

test('a write that finds the disk full is made again until there is room; others go on', async () => {
  const store = await PostgresTimerStore.connect({ connectionString: server.storeUrl, maxOpenConns: 2 });
  await store.claimShardOwnership(3, 'owner');
  // Large payloads have a file of their own.
  const { rows } = await direct.query(
    `SELECT pg_relation_filepath(reltoastrelid) AS file
     FROM pg_class WHERE oid = (SELECT tableoid FROM timers WHERE shard_id = 3)`,
  );
  server.fillDisk(rows[0].file);
  const large = newTimer({ id: 'large', payload: randomBytes(10_000).toString('hex') });
  const refused = await errorOf(
    store.createTimers(3, 1, [newTimer({ id: 'other' }), large], { timeoutMs: 300 }),
  );
  expect(refused).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true, cause: { code: '53100' } });
  expect(await store.rangeGetTimers(3, ALL, 10)).toEqual([]);
  await store.createTimer(3, 1, newTimer({ id: 'small' }));
  const creating = store.createTimer(3, 1, large);
  // Puts the table and its large payloads into new files.
  await direct.query('VACUUM FULL timers');
  await creating;
  expect(await store.getTimer(3, 'reminders', 'large')).toMatchObject({ payload: large.payload });
  await store.close();
});

test('a server that crashes since there is no room for its log has kept what it acknowledged', async () => {
  const store = await PostgresTimerStore.connect(server.storeUrl);
  await store.claimShardOwnership(4, 'owner');
  await store.createTimer(4, 1, newTimer({ id: 'before' }));
  const { rows } = await direct.query(
    `SELECT pg_walfile_name(pg_current_wal_lsn() + setting::bigint) AS segment
     FROM pg_settings WHERE name = 'wal_segment_size'`,
  );
  const nextSegment = `pg_wal/${rows[0].segment}`;
  await direct.query('BEGIN');
  await direct.query('LOCK TABLE timers IN ACCESS EXCLUSIVE MODE');
  const during = errorOf(store.createTimer(4, 1, newTimer({ id: 'during' })));
  await untilBlocked(server.url);
  server.fillDisk(nextSegment);
  // Whatever is written next goes into that segment.
  for (const statement of ['SELECT pg_switch_wal()', 'CHECKPOINT']) {
    await direct.query(statement).catch(() => {});
  }
  await server.untilEnded();
  expect(await during).toBeInstanceOf(OutcomeUnknownError);
  const waiting = store.createTimer(4, 1, newTimer({ id: 'waiting' }));
  server.freeDisk(nextSegment);
  await server.restart();
  await waiting;
  expect((await store.rangeGetTimers(4, ALL, 10)).map(({ id }) => id).sort()).toEqual(['before', 'waiting']);
  await store.close();
});

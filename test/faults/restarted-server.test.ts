/** A server that is shut down in each way, is away for a while, and comes back. */
import { Client, Pool } from 'pg';
import { OutcomeUnknownError, PostgresTimerStore } from '../../src';
import { untilBlocked } from '../support/blocked-statements';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { untilRefused } from '../support/refused-connections';
import { RestartableServer, type StopMode } from '../support/restartable-server';
import { fillForCalls, SAMPLE_CALLS } from '../support/sample-calls';

let server: RestartableServer;
let store: PostgresTimerStore;
let shards = 0;
beforeAll(async () => {
  server = await RestartableServer.start();
  store = await PostgresTimerStore.connect(server.storeUrl);
});
afterAll(async () => {
  await store.close();
  await server.delete();
});

/** A shard at version 1, with two timers. */
async function newShard(): Promise<number> {
  const shardId = ++shards;
  await store.claimShardOwnership(shardId, 'owner');
  await fillForCalls(store, { shardId, shardVersion: 1 });
  return shardId;
}

async function connectDirectly(): Promise<Client> {
  const direct = new Client({ connectionString: server.url });
  // The server goes away under it.
  direct.on('error', () => {});
  await direct.connect();
  return direct;
}

async function timersOf(shardId: number): Promise<string[]> {
  const direct = await connectDirectly();
  const { rows } = await direct.query(
    'SELECT timer_id FROM timers WHERE shard_id = $1 AND row_type = 2 ORDER BY timer_id',
    [shardId],
  );
  await direct.end();
  return rows.map((row) => row.timer_id);
}

test.each<StopMode>(['fast', 'immediate'])(
  'a %s shutdown ends the calls under way: reads are made again, writes have no known outcome',
  async (mode) => {
    const shardId = await newShard();
    const direct = await connectDirectly();
    await direct.query('BEGIN');
    await direct.query('LOCK TABLE timers IN ACCESS EXCLUSIVE MODE');
    const creating = errorOf(store.createTimer(shardId, 1, newTimer({ id: 'new' })));
    const reading = store.getTimer(shardId, 'reminders', 'timer-1');
    await untilBlocked(server.url, 2);
    await server.stop(mode);
    expect(await creating).toBeInstanceOf(OutcomeUnknownError);
    await server.restart();
    expect(await reading).toMatchObject({ id: 'timer-1' });
    // The lock was never released, so the create was not applied.
    expect(await timersOf(shardId)).toEqual(['timer-1', 'timer-2']);
    await store.createTimer(shardId, 1, newTimer({ id: 'new' }));
  },
);

test('a smart shutdown lets the calls on its connections through, and they meet no error', async () => {
  const shardId = await newShard();
  const direct = await connectDirectly();
  await direct.query('BEGIN');
  await direct.query('LOCK TABLE timers IN ACCESS EXCLUSIVE MODE');
  const only = await PostgresTimerStore.connect({ connectionString: server.storeUrl, maxOpenConns: 1 });
  await store.close();
  const creating = only.createTimer(shardId, 1, newTimer({ id: 'new' }));
  await untilBlocked(server.url);
  const stopped = server.stop('smart');
  // Who connects now is refused.
  for (;;) {
    const refusal = await new Client({ connectionString: server.url }).connect().catch((error) => error);
    if (refusal?.code === '57P03') {
      break;
    }
  }
  await direct.query('COMMIT');
  await direct.end();
  await creating;
  await only.createTimer(shardId, 1, newTimer({ id: 'later' }));
  await only.close();
  await stopped;
  await server.restart();
  store = await PostgresTimerStore.connect(server.storeUrl);
  expect(await timersOf(shardId)).toEqual(['later', 'new', 'timer-1', 'timer-2']);
});

/** Makes every call, each on a new shard, on a server that refuses it, and mends the server once each was refused. */
async function expectEveryCallToOutlive(code: string, mend: () => Promise<void>): Promise<void> {
  const pool = new Pool({ connectionString: server.storeUrl, max: SAMPLE_CALLS.length });
  // As its owner has to: the server goes away under it.
  pool.on('error', () => {});
  const waiting = PostgresTimerStore.fromPool(pool);
  const allRefused = untilRefused(pool, SAMPLE_CALLS.length);
  const calls = Promise.all(SAMPLE_CALLS.map(([, , call], index) => call(waiting, shards - index, 1)));
  const refusals = await Promise.race([allRefused, calls.then(() => [])]);
  expect(new Set(refusals.map((error) => (error as { code?: string }).code))).toEqual(new Set([code]));
  await mend();
  expect(await calls).toHaveLength(SAMPLE_CALLS.length);
  await pool.end();
}

test('every call that is made while the server is down is done after its restart', async () => {
  for (const _ of SAMPLE_CALLS) await newShard();
  await server.stop('fast');
  await expectEveryCallToOutlive('ECONNREFUSED', () => server.restart());
});

test('every call that is made while the server recovers is done after that', async () => {
  for (const _ of SAMPLE_CALLS) await newShard();
  await server.stop('immediate');
  // It takes no connections before its recovery ends, which that of a standby does not.
  await server.restartAsStandby({ hot_standby: 'off' });
  await expectEveryCallToOutlive('57P03', async () => {
    await server.stop('fast');
    await server.restart();
  });
});

/** What fenced statements of one process leave in the server's list of shared locks. On a server of its own. */
import { Client } from 'pg';
import { PostgresTimerStore, type Settlement, type Timer } from '../../src';
import { newTimer } from '../support/new-timer';
import { RestartableServer } from '../support/restartable-server';
import { STORE_OPTIONS } from '../support/store-options';

const CALLERS = 64;
const ROUNDS = 5;

let server: RestartableServer;
let direct: Client;
beforeAll(async () => {
  server = await RestartableServer.start({ fsync: 'off', synchronous_commit: 'off' });
  direct = new Client({ connectionString: server.url });
  await direct.connect();
});
afterAll(async () => {
  await direct.end();
  await server.delete();
});

/** The number that the next multixact gets: exact, and at once, unlike that of a checkpoint. */
async function nextMultixact(): Promise<number> {
  const { rows } = await direct.query(`SELECT mxid_age('1'::xid) + 1 AS next`);
  return rows[0].next;
}

test('64 callers that create, update and delete timers of one shard make no multixact', async () => {
  const store = await PostgresTimerStore.connect({ connectionString: server.storeUrl, ...STORE_OPTIONS });
  const { shardVersion } = (await store.claimShardOwnership(1, 'owner')).current;
  const made: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = await nextMultixact();
    await Promise.all(
      Array.from({ length: CALLERS }, async (_, caller) => {
        const id = `timer-${caller}`;
        await store.createTimer(1, shardVersion, newTimer({ id }));
        await store.updateTimer(1, shardVersion, 'reminders', id, { attempts: 1 });
        await store.deleteTimer(1, shardVersion, 'reminders', id);
      }),
    );
    made.push((await nextMultixact()) - before);
  }
  // Without turns it is hundreds in each. A statement that the machine holds up for long is overtaken: not in each.
  expect(made).toContain(0);
  await store.close();
});

test.each([
  ['one shard', 1],
  ['8 shards', 8],
])('callers of each fenced write of %s, which gather, make no multixact', async (_, shardCount) => {
  const store = await PostgresTimerStore.connect({ connectionString: server.storeUrl, ...STORE_OPTIONS });
  const shards = await Promise.all(
    Array.from({ length: shardCount }, async (_, index) => {
      const { shardVersion } = (await store.claimShardOwnership(100 + index, 'owner')).current;
      return { shardId: 100 + index, shardVersion };
    }),
  );
  const each = (work: (shardId: number, shardVersion: number, id: string) => Promise<unknown>) =>
    Promise.all(
      Array.from({ length: CALLERS }, (_, caller) => {
        const { shardId, shardVersion } = shards[caller % shardCount] as (typeof shards)[number];
        return work(shardId, shardVersion, `timer-${caller}`);
      }),
    );
  const made: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = await nextMultixact();
    await each((shardId, version, id) => store.createTimer(shardId, version, newTimer({ id })));
    await each((shardId, version, id) =>
      store.updateTimer(shardId, version, 'reminders', id, { attempts: 1 }),
    );
    await each((shardId, version, id) => store.deleteTimer(shardId, version, 'reminders', id));
    made.push((await nextMultixact()) - before);
  }
  expect(made).toContain(0);
  await store.close();
});

test('settlements and creates of many shards, of many callers, make no multixact', async () => {
  const store = await PostgresTimerStore.connect({ connectionString: server.storeUrl, ...STORE_OPTIONS });
  const shards = await Promise.all(
    [11, 12, 13, 14, 15, 16, 17, 18].map(async (shardId) => {
      const { shardVersion } = (await store.claimShardOwnership(shardId, 'owner')).current;
      return { shardId, shardVersion };
    }),
  );
  const made: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = await nextMultixact();
    await Promise.all(
      Array.from({ length: CALLERS }, async (_, caller) => {
        const its = shards.slice(caller % 5, (caller % 5) + 3);
        const timers = [newTimer({ id: `timer-${caller}` })];
        await Promise.all(
          its.map(({ shardId, shardVersion }) => store.createTimer(shardId, shardVersion, newTimer())),
        );
        const batches = its.map((shard, index) =>
          index === 0 ? { shardId: shard.shardId, timers } : { ...shard, timers },
        );
        expect(await store.createTimersOfShards(batches)).toEqual([null, null, null]);
        const delivered = await Promise.all(
          its.map(async (shard) => ({
            ...shard,
            timer: (await store.getTimer(shard.shardId, 'reminders', `timer-${caller}`)) as Timer,
          })),
        );
        const settlements = delivered.map(
          (each, index): Settlement =>
            caller % 2 === 0 || index > 0
              ? { ...each, outcome: 'done' }
              : { ...each, outcome: 'dead', firstAttemptAt: null, attempts: 1, lastError: 'gone' },
        );
        expect(await store.settleTimers(settlements)).toEqual(['settled', 'settled', 'settled']);
      }),
    );
    made.push((await nextMultixact()) - before);
  }
  // The first opens the connections, one after another. Without turns, each of the others makes some.
  expect(made.slice(1)).toContain(0);
  await store.close();
});

test('two share locks that overlap make one: the count is exact', async () => {
  const other = new Client({ connectionString: server.url });
  await other.connect();
  const before = await nextMultixact();
  for (const client of [direct, other]) {
    await client.query('BEGIN');
    await client.query('SELECT FROM timers WHERE row_type = 1 FOR SHARE');
  }
  for (const client of [direct, other]) {
    await client.query('COMMIT');
  }
  expect((await nextMultixact()) - before).toBe(1);
  await other.end();
});

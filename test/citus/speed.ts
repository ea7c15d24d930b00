/**
 * Measures the store on the cluster beside a plain server on the same machine, in turns, and tells the median of each and
 * of their ratios.
 *
 *     TEST_LAYOUT=citus TEST_DATABASE_URL=postgres://… npx tsx test/citus/speed.ts PLAIN_URL [NAME]
 *
 * PLAIN_URL is a migrated database on the plain server. NAME: only what has it in its name. Each is measured through the
 * coordinator and, where the shards are, through their worker. Works on shards 1000 … 1999.
 */
import { Client } from 'pg';
import { cursorAtEndOf, PostgresTimerStore, type Settlement, ZERO_CURSOR } from '../../src';
import { type Cluster, isOn, openCluster, placementOf, type Worker } from './cluster';

const ROUNDS = 5;
const TURN_MS = 500;
const SHARDS = 16;
const DUE_TIMERS = 4000;
const ALL = { after: ZERO_CURSOR, upTo: cursorAtEndOf(new Date('9999-12-31T23:59:59.999Z')) };
const LATER = new Date('2040-01-01T00:00:00Z');
const PAYLOAD = { text: 'x'.repeat(100) };
/** What each call is measured beside: the least that Citus can be asked to write, which it plans once for a session. */
const BARE_UPDATE = `
  UPDATE timers SET shard_owner_addr = $2
  WHERE shard_id = $1 AND row_type = 1
    AND timer_execute_at = '1970-01-01 00:00:01+00' AND timer_uuid = '00000000-0000-0000-0000-000000000000'`;

/** Where it is measured. */
interface Place {
  readonly client: Client;
  readonly store: PostgresTimerStore;
  readonly shards: readonly { readonly shardId: number; readonly shardVersion: number }[];
  readonly unclaimed: number;
}

/** Does something once. Returns how often it counts. */
type Work = (place: Place, caller: number) => Promise<number>;

let count = 0;
const newTimer = (executeAt = LATER) => ({
  id: `timer-${count++}`,
  namespace: 'speed',
  executeAt,
  callbackUrl: 'https://example.com/callback',
  payload: PAYLOAD,
});
const newTimers = (length: number, executeAt?: Date) => Array.from({ length }, () => newTimer(executeAt));

const MEASURED: readonly { readonly name: string; readonly callers: number; readonly work: Work }[] = [
  {
    name: 'the bare UPDATE of a row by its key, named',
    callers: 1,
    work: async (place) => {
      const { shardId } = shardOf(place, SHARDS);
      await place.client.query({ name: 'bare-update', text: BARE_UPDATE, values: [shardId, 'speed'] });
      return 1;
    },
  },
  { name: 'createTimer, one caller', callers: 1, work: create },
  { name: 'createTimer, 64 callers of one shard', callers: 64, work: (place) => create(place, 0) },
  { name: 'createTimer, 64 callers of 16 shards', callers: 64, work: create },
  {
    name: 'createTimers of 1,000',
    callers: 1,
    work: async (place) => {
      const { shardId, shardVersion } = shardOf(place, 0);
      await place.store.createTimers(shardId, shardVersion, newTimers(1000));
      return 1000;
    },
  },
  {
    name: 'createTimersNoLock of 10, never claimed',
    callers: 1,
    work: async ({ store, unclaimed }) => {
      await store.createTimersNoLock(unclaimed, newTimers(10));
      return 10;
    },
  },
  {
    name: 'claimShardOwnership',
    callers: 1,
    work: async (place) => {
      const { shardId } = shardOf(place, SHARDS);
      await place.store.claimShardOwnership(shardId, 'speed');
      return 1;
    },
  },
  {
    name: 'rangeDeleteWithBatchInsertTxn of 10',
    callers: 1,
    work: async (place) => {
      const { shardId, shardVersion } = shardOf(place, SHARDS + 1);
      await place.store.rangeDeleteWithBatchInsertTxn(shardId, shardVersion, ALL, newTimers(10));
      return 1;
    },
  },
  {
    name: 'getTimer',
    callers: 1,
    work: async (place) => {
      await place.store.getTimer(shardOf(place, 0).shardId, 'speed', 'timer-0');
      return 1;
    },
  },
  { name: 'drain of 4,000 due timers of 16 shards', callers: 1, work: drain },
];

async function create(place: Place, caller: number): Promise<number> {
  const { shardId, shardVersion } = shardOf(place, caller % SHARDS);
  await place.store.createTimer(shardId, shardVersion, newTimer());
  return 1;
}

function shardOf({ shards }: Place, index: number): Place['shards'][0] {
  return shards[index] as Place['shards'][0];
}

/** Reads what is due and settles it, until nothing is left. What it takes to create the timers is left out. */
async function drain(place: Place): Promise<number> {
  const { store } = place;
  const shards = place.shards.slice(0, SHARDS);
  let settled = 0;
  for (;;) {
    const places = shards.map(({ shardId }) => ({ shardId, after: ZERO_CURSOR }));
    const due = await store.readDueTimers(places, 0, 100);
    const settlements = due.shards.flatMap(({ shardId, shardVersion, timers }) =>
      timers.map(
        (timer): Settlement => ({
          shardId,
          shardVersion: shardVersion as number,
          timer,
          outcome: 'done',
        }),
      ),
    );
    if (settlements.length === 0) {
      return settled;
    }
    await store.settleTimers(settlements);
    settled += settlements.length;
  }
}

/** @returns how often a second. */
async function measure(place: Place, callers: number, work: Work): Promise<number> {
  if (work === drain) {
    const due = new Date(Date.now() - 1000);
    for (const { shardId, shardVersion } of place.shards.slice(0, SHARDS)) {
      await place.store.createTimers(shardId, shardVersion, newTimers(DUE_TIMERS / SHARDS, due));
    }
  }
  const beganAt = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      do {
        const times = await work(place, caller);
        done += times;
      } while (work !== drain && performance.now() - beganAt < TURN_MS);
    }),
  );
  return (done / (performance.now() - beganAt)) * 1000;
}

async function openPlace(url: string, shardIds: readonly number[]): Promise<Place> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('DELETE FROM timers WHERE shard_id = ANY($1)', [shardIds]);
  const store = await PostgresTimerStore.connect({ connectionString: url, maxOpenConns: 20 });
  const [unclaimed, ...others] = shardIds as [number, ...number[]];
  const shards: { shardId: number; shardVersion: number }[] = [];
  for (const shardId of others) {
    const { current } = await store.claimShardOwnership(shardId, 'speed');
    shards.push({ shardId, shardVersion: current.shardVersion });
  }
  return { client, store, shards, unclaimed };
}

/** Shards of timers that are on a worker or, without one, anywhere. */
async function findShards(cluster: Cluster, from: number, worker?: Worker): Promise<readonly number[]> {
  const found: number[] = [];
  for (let shardId = from; found.length < SHARDS + 3; shardId++) {
    if (worker === undefined || isOn(await placementOf(cluster.admin, shardId), worker)) {
      found.push(shardId);
    }
  }
  return found;
}

async function main(): Promise<void> {
  const [plainUrl, name = ''] = process.argv.slice(2);
  if (plainUrl === undefined) {
    throw new Error('A migrated database on a plain server is needed');
  }
  const cluster = await openCluster();
  const [worker] = cluster.workers as [Worker];
  const workerUrl = new URL(cluster.url);
  workerUrl.hostname = worker.host;
  workerUrl.port = `${worker.port}`;
  const anywhere = await findShards(cluster, 1000);
  const places = [
    await openPlace(plainUrl, anywhere),
    await openPlace(cluster.url, anywhere),
    await openPlace(workerUrl.href, await findShards(cluster, 1500, worker)),
  ];
  console.log('| call | plain, a second | on Citus | through its worker |\n|---|---|---|---|');
  for (const { name: measured, callers, work } of MEASURED.filter((each) => each.name.includes(name))) {
    const rates: number[][] = [];
    for (let round = -1; round < ROUNDS; round++) {
      const rate: number[] = [];
      for (const place of places) {
        rate.push(await measure(place, callers, work));
      }
      // The first warms up.
      if (round >= 0) {
        rates.push(rate);
      }
    }
    const plain = Math.round(median(rates.map(([each]) => each as number)));
    const ratios = [1, 2].map((index) =>
      median(rates.map((rate) => (rate[index] as number) / (rate[0] as number))).toFixed(2),
    );
    console.log(`| ${measured} | ${plain.toLocaleString('en')} | ${ratios.join(' | ')} |`);
  }
  await Promise.all([
    ...places.flatMap(({ client, store }) => [client.end(), store.close()]),
    cluster.close(),
  ]);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}

void main();

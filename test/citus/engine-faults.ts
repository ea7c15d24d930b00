/**
 * Fires timers of an engine while a shard of Citus is moved, a worker is killed or frozen and comes back, the coordinator
 * restarts, and a worker is added, to which shards are moved. Every timer that was acknowledged is delivered; those of
 * other workers are on time while one is away.
 *
 *     TEST_LAYOUT=citus TEST_DATABASE_URL=postgres://… npx tsx test/citus/engine-faults.ts KILL START RESTART [HOST:PORT]
 *
 * KILL and START are commands that kill the first worker, and start it again, or freeze it and let it go on; RESTART is
 * one that restarts the coordinator. HOST:PORT is a node that has the extension, and is no worker yet. Works on shards 0 … 31, of 32.
 */
import { exec } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { PostgresTimerStore, shardIdFor } from '../../src';
import { TimerEngine } from '../../src/engine';
import {
  type Cluster,
  isOn,
  moveShard,
  moveUntilDone,
  openCluster,
  placementOf,
  type Worker,
} from './cluster';

const SHARDS = 32;
/** Enough for all calls that wait for a worker that is frozen, and as many more. */
const MAX_OPEN_CONNS = 60;
const NAMESPACE = `faults-${process.pid}`;
/** What comes within so many milliseconds of its time is on time, on a machine with other work. */
const ON_TIME_MS = 2000;

/** As the engine goes on. */
const run = promisify(exec);

async function main(): Promise<void> {
  const [kill, start, restart, newWorker] = process.argv.slice(2);
  if (kill === undefined || start === undefined || restart === undefined) {
    throw new Error('What kills the first worker, starts it again, and restarts the coordinator?');
  }
  let cluster = await openCluster();
  const placed: Awaited<ReturnType<typeof placementOf>>[] = [];
  for (let shardId = 0; shardId < SHARDS; shardId++) {
    placed.push(await placementOf(cluster.admin, shardId));
  }
  const isOfFirst = (id: string) => isOn(placed[shardIdFor(id, SHARDS)] as Worker, cluster.workers[0]);
  const store = await PostgresTimerStore.connect({
    connectionString: cluster.url,
    maxOpenConns: MAX_OPEN_CONNS,
  });
  const deliveries = new Map<string, number>();
  const late: { readonly id: string; readonly ms: number; readonly at: number }[] = [];
  const engine = await TimerEngine.start({
    store,
    shardCount: SHARDS,
    address: `faults-${process.pid}`,
    deliver: async ({ id, namespace, executeAt }) => {
      if (namespace === NAMESPACE) {
        deliveries.set(id, (deliveries.get(id) ?? 0) + 1);
        late.push({ id, ms: Date.now() - executeAt.getTime(), at: performance.now() });
      }
    },
  });
  const acknowledged: string[] = [];
  const refused: Record<string, number> = {};
  let isOver = false;
  let count = 0;
  const load = Array.from({ length: 16 }, async () => {
    while (!isOver) {
      const id = `timer-${count++}`;
      const timer = { id, namespace: NAMESPACE, executeAt: new Date(Date.now() + 300) };
      await engine
        .schedule(timer, { timeoutMs: 1000 })
        .then(() => acknowledged.push(id))
        .catch((error: { code: string }) => {
          refused[error.code] = (refused[error.code] ?? 0) + 1;
        });
      await sleep(20);
    }
  });
  await sleep(2000);
  const [first, second] = cluster.workers;
  const moved = placed.findIndex((place) => isOn(place, second));
  const from = placed[moved] as (typeof placed)[0];
  await moveShard(cluster.admin, from, first as Worker, 'block_writes');
  await moveShard(cluster.admin, { ...from, ...(first as Worker) }, from, 'force_logical');
  console.log('a shard was moved and back');
  const killedAt = performance.now();
  await run(kill);
  await sleep(5000);
  await run(start);
  const startedAt = performance.now();
  console.log('a worker was away, and is back');
  await sleep(4000);
  await cluster.close();
  await run(restart);
  console.log('the coordinator has restarted');
  await sleep(4000);
  cluster = await openCluster();
  if (newWorker !== undefined) {
    await addWorker(cluster, newWorker);
    await sleep(2000);
  }
  isOver = true;
  await Promise.all(load);
  for (let waited = 0; waited < 30 && acknowledged.some((id) => !deliveries.has(id)); waited++) {
    await sleep(1000);
  }
  const meanwhile = late.filter(({ id, at }) => !isOfFirst(id) && at > killedAt && at < startedAt);
  const twice = [...deliveries.values()].filter((times) => times > 1).length;
  const undelivered = acknowledged.filter((id) => !deliveries.has(id)).length;
  const longestMs = Math.max(0, ...meanwhile.map(({ ms }) => ms));
  console.log({
    acknowledged: acknowledged.length,
    undelivered,
    twice,
    refused,
    ofOtherWorkersMeanwhile: meanwhile.length,
    ofThemLate: meanwhile.filter(({ ms }) => ms > ON_TIME_MS).length,
    longestMs: Math.round(longestMs),
  });
  await engine.stop();
  await Promise.all([store.close(), cluster.close()]);
  process.exitCode = undelivered > 0 || meanwhile.length === 0 ? 1 : 0;
}

/** Moves shards to it by logical replication, as `citus_rebalance_start` does by itself. */
async function addWorker({ admin }: Cluster, address: string): Promise<void> {
  const [host, port] = address.split(':');
  await admin.query('SELECT citus_add_node($1, $2)', [host, Number(port)]);
  const rebalance = `SELECT rebalance_table_shards('timers', shard_transfer_mode => 'force_logical')`;
  await moveUntilDone(admin, () => admin.query(rebalance));
  const { rows } = await admin.query(
    "SELECT count(*)::int AS count FROM citus_shards WHERE table_name = 'timers'::regclass AND nodename = $1 AND nodeport = $2",
    [host, Number(port)],
  );
  console.log(`a worker was added, and has ${rows[0].count} shards`);
}

void main();

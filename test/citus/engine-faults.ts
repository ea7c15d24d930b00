/**
 * Fires timers of an engine while a shard of Citus is moved, a worker is killed, and comes back. Every timer that was
 * acknowledged is delivered; those of other workers are on time meanwhile.
 *
 *     TEST_LAYOUT=citus TEST_DATABASE_URL=postgres://… npx tsx test/citus/engine-faults.ts KILL START
 *
 * KILL and START are commands that kill the first worker, and start it again. Works on shards 0 … 31, of 32.
 */
import { execSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresTimerStore, shardIdFor } from '../../src';
import { TimerEngine } from '../../src/engine';
import { openCluster, placementOf } from './cluster';

const SHARDS = 32;
const NAMESPACE = `faults-${process.pid}`;
/** What comes within so many milliseconds of its time is on time, on a machine with other work. */
const ON_TIME_MS = 2000;

async function main(): Promise<void> {
  const [kill, start] = process.argv.slice(2);
  if (kill === undefined || start === undefined) {
    throw new Error('Two commands are needed: what kills the first worker, and what starts it again');
  }
  const cluster = await openCluster();
  const placed: Awaited<ReturnType<typeof placementOf>>[] = [];
  for (let shardId = 0; shardId < SHARDS; shardId++) {
    placed.push(await placementOf(cluster.admin, shardId));
  }
  const isOfFirst = (id: string) => placed[shardIdFor(id, SHARDS)]?.port === cluster.workers[0]?.port;
  const store = await PostgresTimerStore.connect({ connectionString: cluster.url, maxOpenConns: 20 });
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
  const moved = placed.findIndex(({ port }) => port === second?.port);
  const from = placed[moved];
  await cluster.admin.query(
    "SELECT citus_move_shard_placement($1, $2, $3, $4, $5, 'block_writes'::citus.shard_transfer_mode)",
    [from?.citusShard, from?.host, from?.port, first?.host, first?.port],
  );
  await cluster.admin.query(
    "SELECT citus_move_shard_placement($1, $2, $3, $4, $5, 'force_logical'::citus.shard_transfer_mode)",
    [from?.citusShard, first?.host, first?.port, from?.host, from?.port],
  );
  console.log('a shard was moved and back');
  const killedAt = performance.now();
  execSync(kill, { stdio: 'inherit' });
  await sleep(5000);
  execSync(start, { stdio: 'inherit' });
  const startedAt = performance.now();
  await sleep(4000);
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

void main();

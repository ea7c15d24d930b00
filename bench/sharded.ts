/**
 * `npm run bench:sharded`: what it costs the client to have its shards on three servers instead of one, in processor
 * time of this process for each call. Both sides have the same shards, callers and connections, and work in turns. Each
 * call is a statement of its own: how many creates share one depends on how fast the servers are.
 */
import { PostgresTimerStore, ShardedTimerStore, type TimerStore } from 'pg-timer-store';
import { migrate } from './bench-server';
import { benchTimer, inParallel } from './bench-timers';
import { quantile } from './compare';
import { reportFailure } from './report-failure';

const ROUNDS = 21;
const CALLS = 2400;
const CALLERS = 12;
const SHARDS = [0, 1, 2];
const GOAL = 1.05;

async function main(): Promise<void> {
  const { startEmbeddedServer } = await import('../scripts/embedded-server.mjs');
  const servers = await Promise.all(SHARDS.map(() => startEmbeddedServer()));
  const urls = servers.map((server) => `${server.url()}?sslmode=disable`);
  for (const url of urls) {
    await migrate(url);
  }
  const connect = (url: string, maxOpenConns: number) =>
    PostgresTimerStore.connect({
      connectionString: url,
      maxOpenConns,
      maxIdleConns: maxOpenConns,
      batchCreates: false,
    });
  const one = await connect(urls[0] as string, 12);
  const stores = await Promise.all(urls.map((url) => connect(url, 4)));
  const three = new ShardedTimerStore(stores.map((store, shard) => ({ from: shard, to: shard, store })));
  const ratios: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const sides = round % 2 === 0 ? ([one, three] as const) : ([three, one] as const);
    const first = await cpuPerCall(sides[0]);
    const second = await cpuPerCall(sides[1]);
    // The first round warms up.
    if (round > 0) {
      ratios.push(sides[0] === three ? first / second : second / first);
    }
  }
  const median = quantile(ratios, 0.5);
  const range = `${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}`;
  console.log(
    `three servers against one: ${median.toFixed(3)} of the processor time a call (${range}; goal ${GOAL})`,
  );
  await three.close();
  await one.close();
  await Promise.all(servers.map((server) => server.stop()));
}

/** Microseconds of this process, user and system, for each call: as many creates as reads. */
async function cpuPerCall(store: TimerStore): Promise<number> {
  const versions = new Map<number, number>();
  for (const shard of SHARDS) {
    versions.set(shard, (await store.claimShardOwnership(shard, 'bench')).current.shardVersion);
  }
  const start = process.cpuUsage();
  await inParallel(CALLERS, CALLS, async (index) => {
    const shard = (index >> 1) % SHARDS.length;
    const timer = benchTimer(index >> 1);
    await (index % 2 === 0
      ? store.createTimer(shard, versions.get(shard) as number, timer)
      : store.getTimer(shard, timer.namespace, timer.id));
  });
  const { user, system } = process.cpuUsage(start);
  return (user + system) / CALLS;
}

main().catch(reportFailure);

/**
 * `npm run bench:sharded`: what it costs the client to have its shards on three servers instead of one, in processor
 * time of this process for each call. Both sides have the same shards, callers and connections, and work in turns, and
 * so does a second store on the one server, which shows how far two equal sides are apart. Each call is a statement of
 * its own: how many creates share one depends on how fast the servers are.
 */
import { PostgresTimerStore, ShardedTimerStore, type TimerStore } from 'pg-timer-store';
import { startEmbeddedServer } from '../../src/testing';
import { migrate } from '../lib/bench-server';
import { benchTimer, inParallel } from '../lib/bench-timers';
import { quantile } from '../lib/compare';
import { reportFailure } from '../lib/report-failure';

const ROUNDS = 15;
/** A garbage collection more or less must not matter. */
const CALLS = 12_000;
const CALLERS = 12;
const SHARDS = [0, 1, 2];
const GOAL = 1.05;

async function main(): Promise<void> {
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
  const again = await connect(urls[0] as string, 12);
  const sides = [one, again, three];
  const ratios = new Map<TimerStore, number[]>([
    [again, []],
    [three, []],
  ]);
  for (let round = 0; round <= ROUNDS; round++) {
    const cpu = new Map<TimerStore, number>();
    for (let turn = 0; turn < sides.length; turn++) {
      const side = sides[(round + turn) % sides.length] as TimerStore;
      cpu.set(side, await cpuPerCall(side));
    }
    // The first round warms up.
    if (round > 0) {
      for (const [side, ofSide] of ratios) {
        ofSide.push((cpu.get(side) as number) / (cpu.get(one) as number));
      }
    }
  }
  console.log(`Processor time a call, against one server (median, quartiles; ${ROUNDS} rounds):`);
  console.log(`three servers          ${describeRatios(ratios.get(three) as number[])}; goal ${GOAL}`);
  console.log(`the one server, again  ${describeRatios(ratios.get(again) as number[])}`);
  await three.close();
  await one.close();
  await again.close();
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

function describeRatios(ratios: readonly number[]): string {
  const [median, lower, upper] = [0.5, 0.25, 0.75].map((share) => quantile(ratios, share).toFixed(3));
  return `${median} (${lower} to ${upper})`;
}

main().catch(reportFailure);

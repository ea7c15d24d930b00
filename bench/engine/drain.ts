import { type DueTimers, type PostgresTimerStore, type Settlement, ZERO_CURSOR } from 'pg-timer-store';
import { TimerEngine } from 'pg-timer-store/engine';
import { type ComparisonResult, compare } from '../lib/compare';
import { BenchError } from '../lib/report-failure';
import type { EngineDatabase } from './engine-database';

/** As the engine has them: src/engine/reader.ts and src/engine/settler.ts. */
const PAGE = 5000;
const GROUP = 2000;

const LOOK_AHEAD_MS = 100;
const ADDRESS = 'bench:1';
const GOAL = 0.7;

/** Timers that are all due, delivered to nobody, until the last is settled. */
export async function compareDrains(
  database: EngineDatabase,
  timers: number,
  shardCount: number,
  rounds: number,
  onTurn: () => void,
): Promise<ComparisonResult> {
  await database.turnOffAutovacuum();
  const store = await database.openStore();
  try {
    return await compare(
      {
        name: `drain, shards: ${shardCount}`,
        yardstick: 'readDueTimers and settleTimers alone',
        goal: GOAL,
        unit: 'timers',
        prepare: async () => {
          await database.empty();
          await database.fill({ timers, shardCount, inMs: -timers, gapMs: 1 });
          await database.settleDown();
        },
        ours: () => drainByEngine(store, timers, shardCount),
        theirs: () => drainByLoop(store, timers, shardCount),
      },
      rounds,
      onTurn,
    );
  } finally {
    await store.close();
  }
}

export async function drainByEngine(
  store: PostgresTimerStore,
  timers: number,
  shardCount: number,
): Promise<number> {
  let delivered = 0;
  let finish = () => {};
  const all = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const engine = await TimerEngine.start({
    store,
    shardCount,
    address: ADDRESS,
    deliver: async () => {
      delivered++;
      if (delivered === timers) {
        finish();
      }
    },
  });
  await all;
  await engine.stop();
  const { settled } = engine.status;
  if (settled !== timers || delivered !== timers) {
    throw new BenchError(`${delivered} deliveries and ${settled} settlements of ${timers} timers`);
  }
  return timers;
}

/** The least that does the same work: the next page is read while one is settled. */
async function drainByLoop(store: PostgresTimerStore, timers: number, shardCount: number): Promise<number> {
  const versions: number[] = [];
  for (let shardId = 0; shardId < shardCount; shardId++) {
    versions.push((await store.claimShardOwnership(shardId, ADDRESS)).current.shardVersion);
  }
  const afters = versions.map(() => ZERO_CURSOR);
  const read = () =>
    store.readDueTimers(
      afters.map((after, shardId) => ({ shardId, after })),
      LOOK_AHEAD_MS,
      Math.ceil(PAGE / shardCount),
    );
  let settled = 0;
  let reading = read();
  while (settled < timers) {
    const due: DueTimers = await reading;
    const page: Settlement[] = [];
    for (const { shardId, timers: ofShard, last } of due.shards) {
      afters[shardId] = last ?? ZERO_CURSOR;
      for (const timer of ofShard) {
        page.push({ shardId, shardVersion: versions[shardId] as number, timer, outcome: 'done' });
      }
    }
    reading = read();
    for (let first = 0; first < page.length; first += GROUP) {
      const results = await store.settleTimers(page.slice(first, first + GROUP));
      settled += results.filter((result) => result === 'settled').length;
    }
  }
  await reading;
  return settled;
}

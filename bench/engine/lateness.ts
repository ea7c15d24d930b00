import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresTimerStore } from 'pg-timer-store';
import { TimerEngine } from 'pg-timer-store/engine';
import { quantile } from '../lib/compare';
import { pinHorizon } from '../lib/pin-horizon';
import type { EngineDatabase } from './engine-database';
import { type Figure, figure, showTimes } from './figure';
import { setWallClock, wallClock } from './wall-clock';

/** The first is due then: the engine has started, and the server has heard of nothing else for a while. */
const START_MS = 5000;

/** Sessions tell how many transactions they had within a second. */
const TELL_MS = 2500;

export interface LatenessRun {
  readonly pending: number;
  readonly shardCount: number;
  readonly perSecond: number;
  readonly seconds: number;
  /** Whether another transaction stays open meanwhile. */
  readonly isPinned: boolean;
}

/** How late timers are delivered that were created long ago, by the clock that both have on this machine. */
export async function measureLateness(
  database: EngineDatabase,
  store: PostgresTimerStore,
  { pending, shardCount, perSecond, seconds, isPinned }: LatenessRun,
): Promise<Figure[]> {
  const unpin = isPinned ? await pinHorizon(database.url) : async () => {};
  const timers = perSecond * seconds;
  await database.fill({
    timers,
    shardCount,
    inMs: START_MS,
    gapMs: 1000 / perSecond,
    name: `late-${perSecond}-${isPinned}`,
  });
  const times: number[] = [];
  setWallClock();
  const engine = await TimerEngine.start({
    store,
    shardCount,
    address: 'bench:1',
    deliver: async ({ executeAt }) => {
      times.push(wallClock() - executeAt.getTime());
    },
  });
  await sleep(TELL_MS);
  const before = await database.countTransactions();
  const startedAt = performance.now();
  while (engine.status.settled < timers) {
    await sleep(500);
  }
  const lasted = (performance.now() - startedAt) / 1000;
  await sleep(TELL_MS);
  const transactions = (await database.countTransactions()) - before;
  await engine.stop();
  await unpin();
  const what = `lateness, ${pending.toLocaleString('en')} pending, ${perSecond} due a second, ${seconds} s${isPinned ? ', pinned horizon' : ''}`;
  const goals = isPinned
    ? { text: 'p99 ≤ 10 ms', p50: Number.POSITIVE_INFINITY, p99: 10, most: Number.POSITIVE_INFINITY }
    : { text: '≤ 1.5 / 4 / 50 ms', p50: 1.5, p99: 4, most: 50 };
  const isReached =
    quantile(times, 0.5) <= goals.p50 &&
    quantile(times, 0.99) <= goals.p99 &&
    quantile(times, 1) <= goals.most;
  const rate = transactions / lasted;
  return [
    figure(what, showTimes(times), goals.text, isReached),
    figure(
      '  statements a second',
      rate.toFixed(0),
      isPinned ? '' : '≤ 30',
      isPinned ? undefined : rate <= 30,
    ),
  ];
}

import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresTimerStore } from 'pg-timer-store';
import { TimerEngine } from 'pg-timer-store/engine';
import { quantile } from '../lib/compare';
import type { EngineDatabase } from './engine-database';
import { type Figure, figure, showTimes } from './figure';
import { endProcess, startProcess } from './start-process';
import { setWallClock, wallClock } from './wall-clock';

const PAUSE_MS = 10;
const OWN_GOAL_MS = 3;
const OTHER_GOAL_MS = 6;

/** From the call of `schedule`, by the owner or by another process, to the beginning of the delivery; one at a time. */
export async function measureImmediate(
  database: EngineDatabase,
  store: PostgresTimerStore,
  shardCount: number,
  count: number,
): Promise<Figure[]> {
  let times: number[] = [];
  const calls: number[] = [];
  const engine = await TimerEngine.start({
    store,
    shardCount,
    address: 'bench:1',
    deliver: async ({ payload }) => {
      times.push(wallClock() - (payload as number));
    },
  });
  setWallClock();
  for (let index = 0; index < count; index++) {
    await sleep(PAUSE_MS);
    const payload = wallClock();
    await engine.schedule({ id: `own-${index}`, namespace: 'bench', executeAt: new Date(payload), payload });
    calls.push(wallClock() - payload);
  }
  await settled(engine, count);
  const own = times;
  times = [];
  const other = await startProcess({
    url: database.url,
    address: 'bench:2',
    shardCount,
    schedules: count,
  });
  try {
    await once(other, 'exit');
    await settled(engine, 2 * count);
  } finally {
    await endProcess(other);
    await engine.stop();
  }
  return [
    figureOf("schedule to delivery, idle, in the owner's process", own, OWN_GOAL_MS),
    figure('of that, the call of schedule alone: its commit', showTimes(calls)),
    figureOf('schedule to delivery, idle, from another process', times, OTHER_GOAL_MS),
  ];
}

function figureOf(what: string, times: readonly number[], goalMs: number): Figure {
  return figure(what, showTimes(times), `p99 ≤ ${goalMs} ms`, quantile(times, 0.99) <= goalMs);
}

async function settled(engine: TimerEngine, count: number): Promise<void> {
  while (engine.status.settled < count) {
    await sleep(20);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { setWallClock, wallClock } from '../engine/wall-clock';
import type { PeerDatabase } from './peer-database';
import { jobAt, type Scheduler } from './scheduler';

const PAGE = 1000;
const DAY_MS = 86_400_000;

/** The first is due then: all are there, and whoever delivers them has started. */
const START_MS = 8000;

/** Between two immediate jobs. */
const PAUSE_MS = 20;

/** A scheduler that delivers later than this, has failed. */
const LATEST_MS = 60_000;

export interface Rate {
  readonly pending: number;
  readonly perSecond: number;
  readonly seconds: number;
}

/** How late jobs are delivered that were created before, in milliseconds. */
export async function measureLateness(
  database: PeerDatabase,
  scheduler: Scheduler,
  { pending, perSecond, seconds }: Rate,
): Promise<number[]> {
  await scheduler.empty();
  await createPages(scheduler, pending, (index) => Date.now() + DAY_MS + index);
  await database.settleDown();
  setWallClock();
  const count = perSecond * seconds;
  const start = Math.ceil(wallClock()) + START_MS;
  await createPages(scheduler, count, (index) => start + Math.round((index * 1000) / perSecond));
  const times: number[] = [];
  await scheduler.deliver('latency', ({ dueAt }) => times.push(wallClock() - dueAt));
  await until(() => times.length >= count, scheduler.name);
  await scheduler.empty();
  return times;
}

/** From the call that creates a job due at once to its delivery, one at a time, in milliseconds. */
export async function measureImmediate(scheduler: Scheduler, count: number): Promise<number[]> {
  await scheduler.empty();
  setWallClock();
  const begun = new Map<number, number>();
  const times: number[] = [];
  await scheduler.deliver('latency', ({ order }) => times.push(wallClock() - (begun.get(order) as number)));
  for (let order = 0; order < count; order++) {
    await sleep(PAUSE_MS);
    const now = wallClock();
    begun.set(order, now);
    await scheduler.create(jobAt(Math.floor(now), order));
  }
  await until(() => times.length >= count, scheduler.name);
  await scheduler.empty();
  return times;
}

export async function createPages(
  scheduler: Scheduler,
  count: number,
  dueAt: (index: number) => number,
): Promise<void> {
  for (let first = 0; first < count; first += PAGE) {
    const length = Math.min(PAGE, count - first);
    await scheduler.createMany(Array.from({ length }, (_, at) => jobAt(dueAt(first + at), first + at)));
  }
}

async function until(isDone: () => boolean, name: string): Promise<void> {
  const end = performance.now() + LATEST_MS;
  while (!isDone()) {
    if (performance.now() > end) {
      throw new Error(`${name} has not delivered all jobs after ${LATEST_MS} ms`);
    }
    await sleep(50);
  }
}

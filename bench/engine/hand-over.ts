import { setTimeout as sleep } from 'node:timers/promises';
import { type PostgresTimerStore, shardIdFor } from 'pg-timer-store';
import { PostgresMembership, TimerEngine } from 'pg-timer-store/engine';
import type { EngineDatabase } from './engine-database';
import { type Figure, figure } from './figure';
import { endProcess, heard, startProcess } from './start-process';
import { setWallClock, wallClock } from './wall-clock';

const UNDER_WAY = 200;
const KILL_GOAL_MS = 4000;

/** Two processes, of which one is killed while so many deliveries of its are under way. */
export async function measureKill(
  database: EngineDatabase,
  store: PostgresTimerStore,
  shardCount: number,
): Promise<Figure[]> {
  const again = new Map<string, number>();
  let killedAt = Number.NaN;
  let most = Number.NaN;
  const engine = await startEngine(store, shardCount, (id) => {
    again.set(id, (again.get(id) ?? 0) + 1);
    most = performance.now() - killedAt;
  });
  const begun = new Set<string>();
  const other = await startProcess(
    { url: database.url, address: 'bench:2', shardCount, neverEnds: true },
    (id) => begun.add(id),
  );
  try {
    const ids = await idsOfOther(engine, shardCount, UNDER_WAY);
    const executeAt = new Date();
    await engine.scheduleMany(ids.map((id) => ({ id, namespace: 'bench', executeAt })));
    await until(() => begun.size === UNDER_WAY);
    killedAt = performance.now();
    await endProcess(other);
    await until(() => ids.every((id) => again.has(id)), 30_000).catch(() => {});
  } finally {
    await endProcess(other);
    await engine.stop();
  }
  const doubles = [...again.values()].reduce((sum, times) => sum + times, 0);
  const lost = await database.countTimers();
  return [
    figure(
      `owner killed with ${UNDER_WAY} under way, until the last was delivered again`,
      `${(most / 1000).toFixed(1)} s`,
      '≤ 4 s',
      again.size === UNDER_WAY && most <= KILL_GOAL_MS,
    ),
    figure('  lost', String(lost), '0', lost === 0),
    figure('  doubles', String(doubles), `≤ ${UNDER_WAY}`, doubles <= UNDER_WAY),
  ];
}

const LEAVE_SECONDS = 8;
const LEAVE_AFTER_MS = 3000;
const LEAVE_PER_SECOND = 500;
const LEAVE_GOAL_MS = 500;

/** Two processes, of which one leaves while timers are due all the time. */
export async function measureLeave(
  database: EngineDatabase,
  store: PostgresTimerStore,
  shardCount: number,
): Promise<Figure[]> {
  const timers = LEAVE_SECONDS * LEAVE_PER_SECOND;
  const deliveries = new Map<string, number>();
  let count = 0;
  let most = 0;
  const note = (id: string) => {
    deliveries.set(id, (deliveries.get(id) ?? 0) + 1);
    count++;
  };
  const engine = await startEngine(store, shardCount, (id, executeAt) => {
    note(id);
    most = Math.max(most, wallClock() - executeAt.getTime());
  });
  const other = await startProcess({ url: database.url, address: 'bench:2', shardCount }, note);
  let handedOverMs = Number.NaN;
  try {
    await until(() => engine.status.members.length === 2 && engine.status.shards.length < shardCount);
    await sleep(500);
    await database.fill({
      timers,
      shardCount,
      inMs: 1000,
      gapMs: 1000 / LEAVE_PER_SECOND,
      name: 'leave',
    });
    setWallClock();
    await sleep(LEAVE_AFTER_MS);
    most = 0;
    const startedAt = performance.now();
    const stopped = heard(other, 'stopped');
    other.send('stop');
    await until(() => engine.status.shards.length === shardCount);
    handedOverMs = performance.now() - startedAt;
    await stopped;
    await until(() => deliveries.size === timers, 30_000).catch(() => {});
  } finally {
    await endProcess(other);
    await engine.stop();
  }
  const doubles = count - deliveries.size;
  const lost = timers - deliveries.size;
  return [
    figure(
      `graceful leave at ${LEAVE_PER_SECOND} due a second, until the other has every shard`,
      `${handedOverMs.toFixed(0)} ms`,
      `≤ ${LEAVE_GOAL_MS} ms`,
      handedOverMs <= LEAVE_GOAL_MS,
    ),
    figure('  the latest delivery meanwhile', `${most.toFixed(0)} ms`),
    figure('  doubles, lost', `${doubles}, ${lost}`, '0, 0', doubles === 0 && lost === 0),
  ];
}

function startEngine(
  store: PostgresTimerStore,
  shardCount: number,
  onDelivery: (id: string, executeAt: Date) => void,
): Promise<TimerEngine> {
  return TimerEngine.start({
    store,
    shardCount,
    address: 'bench:1',
    membership: new PostgresMembership(store),
    deliver: async ({ id, executeAt }) => onDelivery(id, executeAt),
  });
}

/** Ids whose shards the other process has, once it has some. */
async function idsOfOther(engine: TimerEngine, shardCount: number, count: number): Promise<string[]> {
  await until(() => engine.status.members.length === 2);
  // What is to be handed over is handed over.
  await sleep(1000);
  const own = new Set(engine.status.shards.map(({ shardId }) => shardId));
  const ids: string[] = [];
  for (let index = 0; ids.length < count; index++) {
    const id = `held-${index}`;
    if (!own.has(shardIdFor(id, shardCount))) {
      ids.push(id);
    }
  }
  return ids;
}

/** @throws Error it did not become so in time. */
async function until(isSo: () => boolean, timeoutMs = 20_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!isSo()) {
    if (performance.now() > end) {
      throw new Error(`After ${timeoutMs} ms, it is still not so: ${isSo}`);
    }
    await sleep(2);
  }
}

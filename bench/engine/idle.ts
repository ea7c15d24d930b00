import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresTimerStore } from 'pg-timer-store';
import { TimerEngine } from 'pg-timer-store/engine';
import { serverCpuMs } from '../lib/server-cpu';
import type { EngineDatabase } from './engine-database';
import { type Figure, figure } from './figure';

export const IDLE_SHARDS = 256;
const STATEMENTS_GOAL = 1.5;
const CPU_GOAL_MS = 3;

/** Idle sessions tell of their transactions after 10 s, and leave the pool. */
const SETTLE_MS = 15_000;

/** What an engine does that has nothing to do: statements, and the processor time of this process and of the server. */
export async function measureIdle(
  database: EngineDatabase,
  store: PostgresTimerStore,
  pending: number,
  seconds: number,
  serverPid: number | undefined,
): Promise<Figure[]> {
  const engine = await TimerEngine.start({
    store,
    shardCount: IDLE_SHARDS,
    address: 'bench:1',
    deliver: async () => {},
  });
  await sleep(SETTLE_MS);
  const transactions = await database.countTransactions();
  const server = serverPid === undefined ? Number.NaN : await serverCpuMs(serverPid);
  const own = process.cpuUsage();
  await sleep(seconds * 1000);
  const { user, system } = process.cpuUsage(own);
  const serverMs = serverPid === undefined ? Number.NaN : (await serverCpuMs(serverPid)) - server;
  const rate = ((await database.countTransactions()) - transactions) / seconds;
  await engine.stop();
  const ownMs = (user + system) / 1000 / seconds;
  const bothMs = ownMs + serverMs / seconds;
  const what = `idle, ${IDLE_SHARDS} shards, ${pending.toLocaleString('en')} pending`;
  return [
    figure(`${what}: statements a second`, rate.toFixed(1), `≤ ${STATEMENTS_GOAL}`, rate <= STATEMENTS_GOAL),
    figure(
      '  processor time a second, process + server',
      `${ownMs.toFixed(1)} + ${(serverMs / seconds).toFixed(1)} ms`,
      `≤ ${CPU_GOAL_MS} ms`,
      bothMs <= CPU_GOAL_MS,
    ),
  ];
}

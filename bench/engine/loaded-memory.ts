import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresTimerStore } from 'pg-timer-store';
import { TimerEngine } from 'pg-timer-store/engine';
import { collectGarbage } from '../lib/collect-garbage';
import type { EngineDatabase } from './engine-database';
import { type Figure, figure } from './figure';

const MIB = 1024 ** 2;
const LOADED = 10_000;
const GOAL = 50 * MIB;

/** As many timers as are held in memory, while deliveries do not end. */
export async function measureLoadedMemory(
  database: EngineDatabase,
  store: PostgresTimerStore,
  shardCount: number,
): Promise<Figure[]> {
  const engine = await TimerEngine.start({
    store,
    shardCount,
    address: 'bench:1',
    deliver: () => new Promise(() => {}),
  });
  await sleep(2000);
  const idle = usedBytes();
  await database.fill({ timers: 2 * LOADED, shardCount, inMs: 0, gapMs: 0 });
  while (engine.status.loaded < LOADED * 0.9) {
    await sleep(50);
  }
  await sleep(3000);
  const { loaded } = engine.status;
  const used = usedBytes() - idle;
  await engine.stop({ timeoutMs: 0 });
  return [
    figure(
      `memory of ${loaded.toLocaleString('en')} loaded timers: in use, above idle`,
      `${(used / MIB).toFixed(1)} MiB`,
      '≤ 50 MB',
      used <= GOAL,
    ),
  ];
}

function usedBytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresTimerStore } from 'pg-timer-store';
import { TimerEngine } from 'pg-timer-store/engine';
import type { EngineDatabase } from './engine-database';
import { type Figure, figure } from './figure';

const CALLERS = 64;

/** Timers that are scheduled one by one and due at once, as fast as so many callers can. */
export async function measureBusy(
  database: EngineDatabase,
  store: PostgresTimerStore,
  shardCount: number,
  seconds: number,
): Promise<Figure[]> {
  const engine = await TimerEngine.start({
    store,
    shardCount,
    address: 'bench:1',
    deliver: async () => {},
  });
  const multixacts = await database.nextMultixact();
  const startedAt = performance.now();
  let scheduled = 0;
  const schedule = async () => {
    while (performance.now() - startedAt < seconds * 1000) {
      const executeAt = new Date();
      await engine.schedule({ id: `busy-${scheduled++}`, namespace: 'bench', executeAt, payload: 1 });
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, schedule));
  while (engine.status.settled < scheduled) {
    await sleep(1);
  }
  const rate = scheduled / ((performance.now() - startedAt) / 1000);
  const made = (await database.nextMultixact()) - multixacts;
  await engine.stop();
  return [
    figure(
      `scheduled by ${CALLERS} callers, delivered and settled, ${shardCount} shards`,
      `${Math.round(rate).toLocaleString('en')} a second`,
    ),
    figure('  multixacts made', String(made), '0', made === 0),
  ];
}

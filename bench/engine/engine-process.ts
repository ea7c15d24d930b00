/**
 * An engine in a process of its own, for a parent that speaks with it by messages. Its deliveries end at once, or not at
 * all: then they are under way when it is killed.
 */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresTimerStore } from 'pg-timer-store';
import { PostgresMembership, TimerEngine } from 'pg-timer-store/engine';
import { setWallClock, wallClock } from './wall-clock';

export interface ProcessTask {
  readonly url: string;
  readonly address: string;
  readonly shardCount: number;
  /** Owns nothing, and only schedules: so many timers, one by one. */
  readonly schedules?: number;
  readonly neverEnds?: boolean;
}

/** From the process: it is ready, or it has begun a delivery, or it has stopped. */
export type ProcessMessage = 'ready' | 'stopped' | { readonly delivered: string };

const PAUSE_MS = 10;

async function main(): Promise<void> {
  const [task] = (await once(process, 'message')) as [ProcessTask];
  const { url, address, shardCount, schedules, neverEnds } = task;
  const store = await PostgresTimerStore.connect(url);
  const tell = (message: ProcessMessage) => process.send?.(message);
  const engine = await TimerEngine.start({
    store,
    shardCount,
    address,
    membership: schedules === undefined ? new PostgresMembership(store) : OF_OTHERS,
    deliver: async ({ id }) => {
      tell({ delivered: id });
      if (neverEnds) {
        await new Promise(() => {});
      }
    },
  });
  setWallClock();
  tell('ready');
  for (let index = 0; index < (schedules ?? 0); index++) {
    await sleep(PAUSE_MS);
    const payload = wallClock();
    await engine.schedule({
      id: `other-${index}`,
      namespace: 'bench',
      executeAt: new Date(payload),
      payload,
    });
  }
  if (schedules === undefined) {
    await once(process, 'message');
  }
  await engine.stop();
  await store.close();
  process.send?.('stopped' satisfies ProcessMessage, () => process.disconnect());
}

/** A process among none: every shard is another's. */
const OF_OTHERS = { join: async () => {}, refresh: async () => {}, leave: async () => {} };

main();

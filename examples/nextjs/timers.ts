import { hostname } from 'node:os';
import { PostgresTimerStore, type Timer } from 'pg-timer-store';
import { PostgresMembership, TimerEngine } from 'pg-timer-store/engine';

async function start() {
  const store = await PostgresTimerStore.connect(process.env['DATABASE_URL']);
  const engine = await TimerEngine.start({
    store,
    shardCount: 64,
    address: `${hostname()}:${process.pid}`,
    membership: new PostgresMembership(store),
    deliver: async ({ id, payload }: Timer<{ text: string }>) => console.log(`${id} ${payload.text}`),
  });
  // With NEXT_MANUAL_SIG_HANDLE=true, Next leaves this signal to us; without, it ends before shards are handed over.
  process.once('SIGTERM', async () => {
    await engine.stop();
    await store.close();
    process.exit();
  });
  return engine;
}

/** One for the process: Next loads this module for routes and for instrumentation, and anew in development. */
const kept = globalThis as { timers?: ReturnType<typeof start> };

export function timers() {
  kept.timers ??= start();
  return kept.timers;
}

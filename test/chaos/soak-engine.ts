/** The command `npm run soak:engine`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ChaosWorld } from './chaos-world';
import { FAULTS, HARMLESS } from './faults';
import { reportRound, runSoak } from './run-soak';

const HELP = `Loads engines that are processes of their own, and kills and stops them, breaks their connections and
restarts their server. A checker reads the history of calls and deliveries.

Usage: npm run soak:engine [-- [--minutes N] [--seed N]]
`;

/** Between two calls of one caller: for an hour, beside other work. */
const PAUSE_MS = 25;

async function runRound(seed: number, durationMs: number): Promise<boolean> {
  const world = await ChaosWorld.open(seed, PAUSE_MS);
  try {
    const end = new AbortController();
    const loading = world.run(end.signal);
    const all = Object.values({ ...HARMLESS, ...FAULTS });
    for (const endMs = Date.now() + durationMs; Date.now() < endMs; ) {
      await sleep(500 + world.random() * 2000);
      const inflict = all[Math.floor(world.random() * all.length)];
      await inflict?.(world, Math.floor(world.random() * world.processes.length));
    }
    end.abort();
    await loading;
    const left = await world.drain();
    return reportRound(seed, world.recorder.history, left);
  } finally {
    await world.close();
  }
}

void runSoak(HELP, 10, runRound);

/** The command `npm run soak:service`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { reportRound, runSoak } from '../../../test/chaos/run-soak';
import { ServiceWorld } from './service-world';

const HELP = `Loads three processes of the service through a balancer, kills, freezes and restarts them, and restarts their
database. A checker reads the history of calls and callbacks; a rolling restart that a caller notices counts as broken, too.

Usage: npm run soak:service [-- [--minutes N] [--seed N]]
`;

/** Between two calls of one caller: for an hour, beside other work. */
const PAUSE_MS = 50;
/** Longer than the others wait for beats: three seconds. */
const BEYOND_HEARTBEAT_MS = 4500;

async function runRound(seed: number, durationMs: number): Promise<boolean> {
  const world = await ServiceWorld.open(seed, PAUSE_MS);
  try {
    const end = new AbortController();
    const loading = world.run(end.signal);
    const noticed: string[] = [];
    const index = () => Math.floor(world.random() * 3);
    const faults = [
      () => world.kill(index(), BEYOND_HEARTBEAT_MS),
      () => world.freeze(index(), BEYOND_HEARTBEAT_MS),
      () => world.restartDatabase(),
      async () => void noticed.push(...(await world.restartAll())),
    ];
    // Each in turn, from another one in each round.
    for (let turn = seed, endMs = Date.now() + durationMs; Date.now() < endMs; turn++) {
      await sleep(500 + world.random() * 1500);
      await faults[turn % faults.length]?.();
    }
    end.abort();
    await loading;
    const left = await world.drain();
    const failures = [...world.calls.failures.counts].map(([code, count]) => `${code} ${count}`).join(', ');
    console.log(`calls not done at once: ${failures || 'none'}`);
    return reportRound(seed, world.recorder.history, left, noticed);
  } finally {
    await world.close();
  }
}

void runSoak(HELP, 3, runRound);

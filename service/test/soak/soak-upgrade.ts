/** The command `npm run soak:upgrade`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { reportRound, runRounds, soakArguments } from '../../../test/chaos/run-soak';
import { type Build, buildOf, HERE, lastTag } from './build';
import { ServiceWorld } from './service-world';
import { SteadyCallers } from './steady-callers';

const HELP = `Loads three processes of an earlier version of the service, migrates their database by what is here, replaces one
process after the other by what is here, and then again by the earlier version, without migrating back. No call may fail
meanwhile. Then versions that are mixed are killed and frozen. A checker reads the history of calls and callbacks.

Usage: npm run soak:upgrade [-- [--from REF] [--minutes N] [--seed N]]
`;
const FROM = 'the earlier version, which is built in a folder that goes at the end (default: the last tag)';

/** Between two calls of one caller. */
const PAUSE_MS = 50;
/** Longer than the others wait for beats: three seconds. */
const BEYOND_HEARTBEAT_MS = 4500;

async function runRound(seed: number, earlier: Build): Promise<boolean> {
  const world = await ServiceWorld.open(seed, PAUSE_MS, earlier);
  try {
    const end = new AbortController();
    const loading = world.run(end.signal);
    const pause = () => sleep(1000 + world.random() * 2000);
    await pause();
    const noticed = await steadily(world, async () => {
      await world.migrate(HERE);
      await pause();
      const there = await world.restartAll({ build: HERE, isSurge: true, pause });
      return [...there, ...(await world.restartAll({ build: earlier, pause }))];
    });
    await world.replace(0, { build: HERE });
    // Each takes over of the other what that had under way.
    for (const index of [0, 1]) {
      await world.kill(index, BEYOND_HEARTBEAT_MS);
      await world.freeze(index, BEYOND_HEARTBEAT_MS);
    }
    end.abort();
    await loading;
    return reportRound(seed, world.recorder.history, await world.drain(), noticed);
  } finally {
    await world.close();
  }
}

/** @returns what `work` has found wrong, and what callers have noticed meanwhile. */
async function steadily(world: ServiceWorld, work: () => Promise<string[]>): Promise<string[]> {
  const callers = new SteadyCallers(world.url);
  const end = new AbortController();
  const calling = callers.run(end.signal);
  const wrong = await work();
  end.abort();
  await calling;
  const calls = Object.entries(callers.calls).map(([kind, count]) => `${count} by ${kind}`);
  console.log(`calls that may not fail: ${calls.join(', ')}, of which failed ${callers.failures.length}`);
  return [...wrong, ...callers.failures];
}

async function main(): Promise<void> {
  const soak = soakArguments(HELP, 3, FROM);
  if (soak === undefined) return;
  const from = soak.from ?? lastTag();
  if (from === undefined) {
    console.error('There is no tag: name a commit by --from REF');
    process.exitCode = 1;
    return;
  }
  // What was built goes at the exit.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const earlier = await buildOf(from);
  console.log(`from ${earlier.name}`);
  await runRounds(soak, (seed) => runRound(seed, earlier));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

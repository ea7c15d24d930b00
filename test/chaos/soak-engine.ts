/** The command `npm run soak:engine`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ChaosWorld } from './chaos-world';
import { ALLOWANCE, checkHistory } from './check-history';
import { describeHistory, describeTimer } from './describe-history';
import { FAULTS, HARMLESS } from './faults';

const HELP = `Loads engines that are processes of their own, and kills and stops them, breaks their connections and
restarts their server. A checker reads the history of calls and deliveries.

Usage: npm run soak:engine [-- [--minutes N] [--seed N]]

  --minutes N  for so long, in rounds of a minute, each with a server of its own (default: 10)
  --seed N     chooses what happens when (default: a new one)
  --help       this text

Ends with 1 at the first round whose history breaks a promise.
`;

const ROUND_MS = 60_000;
/** Between two calls of one caller: for an hour, beside other work. */
const PAUSE_MS = 25;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '10' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
      help: { type: 'boolean', default: false },
    },
  });
  const minutes = Number(values.minutes);
  const seed = Number(values.seed);
  if (values.help) {
    console.log(HELP);
  } else if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
    console.error('--minutes must be a number above 0, and --seed a whole number');
    process.exitCode = 1;
  } else {
    const endMs = Date.now() + minutes * 60_000;
    for (let round = 0; Date.now() < endMs && process.exitCode !== 1; round++) {
      await runRound(seed + round, Math.min(ROUND_MS, endMs - Date.now()));
    }
  }
}

async function runRound(seed: number, durationMs: number): Promise<void> {
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
    const broken = checkHistory(world.recorder.history, ALLOWANCE);
    console.log(
      `seed ${seed}\n${describeHistory(world.recorder.history)}\nleft ${left}, broken ${broken.length}\n`,
    );
    for (const each of broken.slice(0, 100)) {
      console.log(`${each}\n${describeTimer(world.recorder.history, each)}`);
    }
    if (left + broken.length > 0) process.exitCode = 1;
  } finally {
    await world.close();
  }
}

void main();

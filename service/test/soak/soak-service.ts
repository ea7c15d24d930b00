/** The command `npm run soak:service`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ALLOWANCE, checkHistory } from '../../../test/chaos/check-history';
import { describeHistory, describeTimer } from '../../../test/chaos/describe-history';
import { ServiceWorld } from './service-world';

const HELP = `Loads three processes of the service through a balancer, kills, freezes and restarts them, and restarts their
database. A checker reads the history of calls and callbacks.

Usage: npm run soak:service [-- [--minutes N] [--seed N]]

  --minutes N  for so long, in rounds of a minute, each with a server of its own (default: 3)
  --seed N     chooses what happens when (default: a new one)
  --help       this text

Ends with 1 at the first round whose history breaks a promise, and after a rolling restart that a caller notices.
`;

const ROUND_MS = 60_000;
/** Between two calls of one caller: for an hour, beside other work. */
const PAUSE_MS = 50;
/** Longer than the others wait for beats: three seconds. */
const BEYOND_HEARTBEAT_MS = 4500;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '3' },
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
    const { history } = world.recorder;
    const broken = checkHistory(history, ALLOWANCE);
    const failures = [...world.calls.failures.counts].map(([code, count]) => `${code} ${count}`).join(', ');
    console.log(
      `seed ${seed}\n${describeHistory(history)}\ncalls not done at once: ${failures || 'none'}\n` +
        `left ${left}, broken ${broken.length}, rolling restarts noticed ${noticed.length}\n`,
    );
    for (const each of broken.slice(0, 100)) {
      console.log(`${each}\n${describeTimer(history, each)}`);
    }
    for (const each of noticed) console.log(`at a rolling restart: ${each}`);
    if (left + broken.length + noticed.length > 0) process.exitCode = 1;
  } finally {
    await world.close();
  }
}

void main();

import { parseArgs } from 'node:util';
import { ALLOWANCE, checkHistory, type History } from './check-history';
import { describeHistory, describeTimer } from './describe-history';

const ROUND_MS = 60_000;

/**
 * Runs rounds of a minute by the arguments of a command, up to the first that does not hold, of which the exit code tells.
 *
 * @param help of the command, up to its options.
 * @param runRound resolves to whether all held.
 */
export async function runSoak(
  help: string,
  defaultMinutes: number,
  runRound: (seed: number, durationMs: number) => Promise<boolean>,
): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: String(defaultMinutes) },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
      help: { type: 'boolean', default: false },
    },
  });
  const minutes = Number(values.minutes);
  const seed = Number(values.seed);
  if (values.help) {
    console.log(`${help}
  --minutes N  for so long, in rounds of a minute, each with a server of its own (default: ${defaultMinutes})
  --seed N     chooses what happens when (default: a new one)
  --help       this text

Ends with 1 at the first round whose history breaks a promise.
`);
  } else if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
    console.error('--minutes must be a number above 0, and --seed a whole number');
    process.exitCode = 1;
  } else {
    const endMs = Date.now() + minutes * 60_000;
    let holds = true;
    for (let round = 0; Date.now() < endMs && holds; round++) {
      holds = await runRound(seed + round, Math.min(ROUND_MS, endMs - Date.now()));
    }
    process.exitCode = holds ? 0 : 1;
  }
}

/**
 * Says what a round came to.
 *
 * @param left timers that are due, and were not delivered.
 * @param noticed what else is wrong.
 * @returns whether all held.
 */
export function reportRound(
  seed: number,
  history: History,
  left: number,
  noticed: readonly string[] = [],
): boolean {
  const broken = checkHistory(history, ALLOWANCE);
  console.log(
    `seed ${seed}\n${describeHistory(history)}\nleft ${left}, broken ${broken.length + noticed.length}\n`,
  );
  for (const each of broken.slice(0, 100)) {
    console.log(`${each}\n${describeTimer(history, each)}`);
  }
  for (const each of noticed) {
    console.log(each);
  }
  return left + broken.length + noticed.length === 0;
}

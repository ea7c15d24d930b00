import { parseArgs } from 'node:util';
import { ALLOWANCE, checkHistory, type History } from './check-history';
import { describeHistory, describeTimer } from './describe-history';

const ROUND_MS = 60_000;

/** @returns whether all held. */
type RunRound = (seed: number, durationMs: number) => Promise<boolean>;

export interface SoakArguments {
  readonly minutes: number;
  readonly seed: number;
  /** Of the option that this command has beside those of all. */
  readonly from: string | undefined;
}

/**
 * Runs rounds of a minute by the arguments of a command, up to the first that does not hold, of which the exit code tells.
 *
 * @param help of the command, up to its options.
 */
export async function runSoak(help: string, defaultMinutes: number, runRound: RunRound): Promise<void> {
  const soak = soakArguments(help, defaultMinutes);
  if (soak !== undefined) await runRounds(soak, runRound);
}

/**
 * Reads the arguments of a command, or says what is wrong with them, or what they can be.
 *
 * @param fromHelp of `--from`, for a command that has that.
 */
export function soakArguments(
  help: string,
  defaultMinutes: number,
  fromHelp?: string,
): SoakArguments | undefined {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: String(defaultMinutes) },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
      help: { type: 'boolean', default: false },
      ...(fromHelp !== undefined && { from: { type: 'string' } }),
    },
  });
  const minutes = Number(values.minutes);
  const seed = Number(values.seed);
  if (values.help) {
    console.log(`${help}
  --minutes N  for so long, in rounds, each with a server of its own (default: ${defaultMinutes})
  --seed N     chooses what happens when (default: a new one)
  --help       this text${fromHelp === undefined ? '' : `\n  --from REF   ${fromHelp}`}

Ends with 1 at the first round whose history breaks a promise.
`);
    return undefined;
  }
  if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
    console.error('--minutes must be a number above 0, and --seed a whole number');
    process.exitCode = 1;
    return undefined;
  }
  return { minutes, seed, from: values.from as string | undefined };
}

/** Up to the first that does not hold, of which the exit code tells. */
export async function runRounds({ minutes, seed }: SoakArguments, runRound: RunRound): Promise<void> {
  const endMs = Date.now() + minutes * 60_000;
  let holds = true;
  for (let round = 0; Date.now() < endMs && holds; round++) {
    holds = await runRound(seed + round, Math.min(ROUND_MS, endMs - Date.now()));
  }
  process.exitCode = holds ? 0 : 1;
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
  for (const each of noticed.slice(0, 100)) {
    console.log(each);
  }
  return left + broken.length + noticed.length === 0;
}

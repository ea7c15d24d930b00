import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { withBenchDatabases } from '../lib/bench-databases';
import { openBenchServer } from '../lib/bench-server';
import { type ComparisonResult, compare, median, turnCount } from '../lib/compare';
import { describeMachine, printComparisons } from '../lib/print-comparisons';
import { measureClaimWait } from './claim-wait';
import { type Comparisons, openComparisons } from './comparisons';
import { openLayoutComparisons } from './layout-comparisons';

const HELP = `Measures the library against yardsticks, in turns and on one server.

Usage: npm run bench [-- [--layout LAYOUT] [--only TEXT] [--rounds N] [--json]]

  --layout LAYOUT
               against the same on the plain table instead, on two databases that are dropped at the end:
               partitioned, or citus where the server has it
  --only TEXT  only the comparisons whose name or yardstick contains TEXT
  --rounds N   measured rounds (default: 7); the ratio told is their median
  --json       print the figures as JSON
  --help       this text

The server is that of BENCH_DATABASE_URL, whose table timers is emptied, else an embedded PostgreSQL with
durability on, whose data are in .bench-data/.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      layout: { type: 'string' },
      only: { type: 'string', default: '' },
      rounds: { type: 'string', default: '7' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds must be a whole number of at least 1, not ${values.rounds}`);
  }
  const { layout } = values;
  await (layout === undefined ? benchYardsticks(rounds, values) : benchLayout(layout, rounds, values));
}

interface Selection {
  /** What the name or the yardstick has to contain. */
  readonly only: string;
  readonly json: boolean;
}

async function benchYardsticks(rounds: number, { only, json }: Selection): Promise<void> {
  const server = await openBenchServer();
  try {
    const results = await compareAll(await openComparisons(server.url), rounds, only);
    const claims: ClaimResult[] = [];
    for (const batchCreates of [true, false]) {
      const name = `a claim under 64 callers' full load, batchCreates ${batchCreates}`;
      if (name.includes(only)) {
        const { claimP99, createP99 } = await measureClaimWait(server.url, rounds, batchCreates, () => {});
        const ratios = claimP99.map((claim, round) => claim / (createP99[round] ?? Number.NaN));
        claims.push({
          name,
          claimP99: median(claimP99),
          createP99: median(createP99),
          ratio: median(ratios),
          ratios,
        });
      }
    }
    print(results, claims, json, server.description);
  } finally {
    await server.stop();
  }
}

async function benchLayout(name: string, rounds: number, { only, json }: Selection): Promise<void> {
  const { parseLayout } = await import('../../scripts/layouts.mjs');
  const layout = parseLayout(name, '--layout');
  await withBenchDatabases(async ({ create, server }) => {
    const comparisons = await openLayoutComparisons(await create(), await create(layout));
    print(await compareAll(comparisons, rounds, only), [], json, server);
  });
}

async function compareAll(
  { all, count, close }: Comparisons,
  rounds: number,
  only: string,
): Promise<ComparisonResult[]> {
  const chosen = all.filter(({ name, yardstick }) => `${name} ${yardstick}`.includes(only));
  const progress = new SingleBar({ format: '{bar} {percentage}% | {name}', noTTYOutput: false });
  progress.start(chosen.length * turnCount(rounds), 0, { name: '' });
  const results: ComparisonResult[] = [];
  for (const comparison of chosen) {
    progress.update({ name: `${comparison.name} / ${comparison.yardstick}` });
    const before = await count();
    const result = await compare(comparison, rounds, () => progress.increment());
    const after = await count();
    const multixacts = {
      made: after.made - before.made,
      members: after.members - before.members,
    };
    results.push({ ...result, multixacts });
  }
  progress.stop();
  await close();
  return results;
}

interface ClaimResult {
  readonly name: string;
  /** Milliseconds, medians of the rounds. */
  readonly claimP99: number;
  readonly createP99: number;
  readonly ratio: number;
  readonly ratios: readonly number[];
}

function print(
  results: readonly ComparisonResult[],
  claims: readonly ClaimResult[],
  json: boolean,
  server: string,
): void {
  if (json) {
    console.log(JSON.stringify({ machine: describeMachine(server), results, claims }, undefined, 2));
    return;
  }
  printComparisons(results, server);
  for (const { name, claimP99, createP99, ratio, ratios } of claims) {
    const spread = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
    console.log(
      `${name}: p99 ${claimP99.toFixed(1)} ms, of createTimer ${createP99.toFixed(1)} ms; ` +
        `ratio ${ratio.toFixed(2)} (${spread}), goal: at most 3 ${ratio <= 3 ? '✓' : '✗'}`,
    );
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

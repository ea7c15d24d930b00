import os from 'node:os';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import { openBenchServer } from './bench-server';
import { type ComparisonResult, compare, turnCount } from './compare';
import { openComparisons } from './comparisons';

const HELP = `Measures the library against yardsticks, in turns and on one server.

Usage: npm run bench [-- [--only TEXT] [--rounds N] [--json]]

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
  const server = await openBenchServer();
  try {
    const comparisons = await openComparisons(server.url);
    const chosen = comparisons.all.filter(({ name, yardstick }) =>
      `${name} ${yardstick}`.includes(values.only),
    );
    const progress = new SingleBar({ format: '{bar} {percentage}% | {name}', noTTYOutput: false });
    progress.start(chosen.length * turnCount(rounds), 0, { name: '' });
    const results: ComparisonResult[] = [];
    for (const comparison of chosen) {
      progress.update({ name: `${comparison.name} / ${comparison.yardstick}` });
      results.push(await compare(comparison, rounds, () => progress.increment()));
    }
    progress.stop();
    await comparisons.close();
    print(results, values.json, server.description);
  } finally {
    await server.stop();
  }
}

function print(results: readonly ComparisonResult[], json: boolean, server: string): void {
  const machine = `${os.cpus()[0]?.model.trim()}, ${os.cpus().length} cores, Node ${process.versions.node}; ${server}`;
  if (json) {
    console.log(JSON.stringify({ machine, results }, undefined, 2));
    return;
  }
  const table = new Table({
    head: ['work', 'against', 'ratio', 'min–max', 'goal', 'per second', 'yardstick'],
    style: { head: [], border: [] },
  });
  for (const result of results) {
    table.push([
      result.name,
      result.yardstick,
      result.medianRatio.toFixed(2),
      `${Math.min(...result.ratios).toFixed(2)}–${Math.max(...result.ratios).toFixed(2)}`,
      `${result.goal} ${result.medianRatio >= result.goal ? '✓' : '✗'}`,
      `${Math.round(result.oursPerSecond).toLocaleString('en')} ${result.unit}`,
      Math.round(result.theirsPerSecond).toLocaleString('en'),
    ]);
  }
  console.log(machine);
  console.log(table.toString());
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

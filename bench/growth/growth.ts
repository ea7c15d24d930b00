import { appendFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { withBenchDatabases } from '../lib/bench-databases';
import { describeMachine } from '../lib/print-comparisons';
import { BenchError, reportFailure } from '../lib/report-failure';
import { parseTimerCounts } from '../lib/timer-counts';
import { drawGrowth } from './draw-growth';
import { measureDeadRows, measureSizes } from './measure-growth';
import { printGrowth } from './print-growth';

const HELP = `Measures every operation of the store on shards of different sizes, in turns and on one server. Then on a shard
with as many dead rows behind the committed offset as pending timers, which the server cannot remove because another
transaction stays open, against a shard without.

Usage: npm run bench:growth [-- [--sizes LIST] [--rounds N] [--json] [--svg FILE]]

  --sizes LIST  pending timers (default: 10k,100k,1M,10M); each size is compared to the smallest, and the largest
                below 10M is measured with dead rows
  --rounds N    measured rounds (default: 5); the ratio told is their median
  --json        print the figures as JSON
  --svg FILE    write a chart of the ratios
  --help        this text

Each shard has a database of its own, which is dropped at the end. The server is that of BENCH_DATABASE_URL, whose
role must be allowed to create databases and to run CHECKPOINT, else an embedded PostgreSQL with durability on, whose
data are in .bench-data/. Have 20 GB of disk free for the default sizes.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sizes: { type: 'string', default: '10k,100k,1M,10M' },
      rounds: { type: 'string', default: '5' },
      json: { type: 'boolean', default: false },
      svg: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const sizes = parseTimerCounts(values.sizes);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new BenchError(`--rounds must be a whole number of at least 1, not ${values.rounds}`);
  }
  if (values.svg !== undefined) {
    // Fails now rather than after a quarter of an hour, and leaves a chart that is there.
    await appendFile(values.svg, '').catch((cause: Error) => {
      throw new BenchError(`--svg: cannot write the chart: ${cause.message}`, { cause });
    });
  }
  await withBenchDatabases(async (databases) => {
    const bySize = await measureSizes(databases, sizes, rounds);
    const byDeadRows = await measureDeadRows(databases, sizes, rounds);
    const machine = describeMachine(databases.server);
    if (values.json) {
      console.log(JSON.stringify({ machine, bySize, byDeadRows }, undefined, 2));
    } else {
      console.log(machine);
      printGrowth(bySize, byDeadRows);
    }
    if (values.svg !== undefined) {
      await writeFile(values.svg, drawGrowth(bySize, machine));
    }
  });
}

main().catch(reportFailure);

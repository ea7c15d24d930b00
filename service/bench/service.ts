import { parseArgs } from 'node:util';
import { PostgresTimerStore } from 'pg-timer-store';
import { EngineDatabase } from '../../bench/engine/engine-database';
import { type Figure, printFigures } from '../../bench/engine/figure';
import { withBenchDatabases } from '../../bench/lib/bench-databases';
import type { ComparisonResult } from '../../bench/lib/compare';
import { printComparisons } from '../../bench/lib/print-comparisons';
import { BenchError, reportFailure } from '../../bench/lib/report-failure';
import { withProgress } from '../../bench/lib/with-progress';
import { measureCallbacks } from './callbacks';
import { measureCalls } from './calls';
import { measureHostility } from './hostility';
import { load } from './pending-timers';

const HELP = `Measures the service: its calls beside those of the package, how late callbacks come, and what others notice of
hostile clients.

Usage: npm run bench:service [-- [--timers N]]

  --timers N    pending meanwhile, due in a day (default: 1000000)
  --help        this text

The load of the machine stands beside each figure. The server is that of BENCH_DATABASE_URL, whose role must be allowed to
create databases and to run CHECKPOINT, else an embedded PostgreSQL with durability on, whose data are in .bench-data/.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      timers: { type: 'string', default: '1000000' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const timers = Number(values.timers);
  if (!Number.isSafeInteger(timers) || timers < 1000) {
    throw new BenchError(`--timers must be a whole number of at least 1000, not ${values.timers}`);
  }
  await withBenchDatabases(async ({ create, server }) => {
    const url = await create();
    await withProgress(timers, async (advance) => {
      const store = await PostgresTimerStore.connect(url);
      await load(store, timers, (count) => advance(count, 'loading'));
      await store.close();
    });
    const database = await EngineDatabase.connect(url);
    await database.settleDown();
    await database.close();
    const figures: Figure[] = [];
    let comparisons: readonly ComparisonResult[] = [];
    try {
      figures.push(...(await measureCallbacks(url, timers)));
      figures.push(...(await measureHostility(url)));
      const calls = await measureCalls(url, timers, await create());
      comparisons = calls.comparisons;
      figures.push(...calls.figures);
    } finally {
      // What was measured before a failure has taken minutes.
      printComparisons(comparisons, server);
      printFigures(figures);
    }
  });
}

main().catch(reportFailure);

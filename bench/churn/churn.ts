import { appendFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { withBenchDatabases } from '../lib/bench-databases';
import { describeMachine } from '../lib/print-comparisons';
import { BenchError, reportFailure } from '../lib/report-failure';
import { withProgress } from '../lib/with-progress';
import { readVacuumSettings } from './churn-database';
import type { IdOrder } from './churn-shard';
import { drawChurn } from './draw-churn';
import { type ChurnResult, measureChurn } from './measure-churn';
import { DELETE_PACE_STEPS, measureDeletePace } from './measure-delete-pace';
import { printChurn, printDeletePace } from './print-churn';

const HELP = `Churns a table: timers are created, moved twice, read in pages and deleted, while as many stay pending. First with
the parameters that the server gives to any table, then with those of the migrations, each in a database of its own,
and compares what has become of it to a table into which the same timers were loaded. At the end, what others notice
of a caller that deletes a large range.

Usage: npm run bench:churn [-- [--timers N] [--backlog N] [--minutes N] [--ids ORDER] [--parameters LIST] [--json]
                            [--svg FILE]]

  --timers N         timers that go, of each database (default: 10000000)
  --backlog N        timers that are pending (default: 500000); they go no faster than once in 50 seconds, so that
                     autovacuum, which looks every second, comes as often as every minute in 50 minutes
  --minutes N        for the load of all databases; the rest takes 3 minutes more (default: 36)
  --ids ORDER        ids of the timers: random, as UUIDs are, or sequential (default: random)
  --parameters LIST  one more database with these storage parameters, such as fillfactor=80; may be repeated
  --json             print the figures as JSON
  --svg FILE         write a chart
  --help             this text

The server is that of BENCH_DATABASE_URL, whose role must be allowed to create databases, else an embedded PostgreSQL
with durability on and autovacuum_naptime = 1s, whose data are in .bench-data/.
`;

const DEFAULT = 'parameters of any table';
const MIGRATED = 'parameters of the migrations';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      timers: { type: 'string', default: '10000000' },
      backlog: { type: 'string', default: '500000' },
      minutes: { type: 'string', default: '36' },
      ids: { type: 'string', default: 'random' },
      parameters: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      svg: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const timers = wholeNumber('--timers', values.timers, 1000);
  // Enough to choose from: two pages of each shard are moved at a time.
  const backlog = wholeNumber('--backlog', values.backlog, 40_000);
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) {
    throw new BenchError(`--minutes must be a number above 0, not ${values.minutes}`);
  }
  const ids = idOrder(values.ids);
  if (values.svg !== undefined) {
    // Fails now rather than at the end.
    await appendFile(values.svg, '').catch((cause: Error) => {
      throw new BenchError(`--svg: cannot write the chart: ${cause.message}`, { cause });
    });
  }
  const contestants: [name: string, parameters: string | undefined][] = [
    [DEFAULT, ''],
    [MIGRATED, undefined],
    ...values.parameters.map((parameters): [string, string] => [parameters, parameters]),
  ];
  const load = { timers, backlog, ids, limitMs: (minutes * 60_000) / contestants.length };

  await withBenchDatabases(
    async (databases) => {
      const machine = describeMachine(databases.server);
      const settings = await readVacuumSettings(databases.serverUrl);
      const results: ChurnResult[] = [];
      await withProgress(contestants.length * timers, async (advance) => {
        for (const [name, parameters] of contestants) {
          results.push(await measureChurn(databases, name, parameters, load, advance));
        }
      });
      const paces = await withProgress(DELETE_PACE_STEPS, (advance) => measureDeletePace(databases, advance));
      if (values.json) {
        console.log(JSON.stringify({ machine, settings, load, results, paces }, undefined, 2));
      } else {
        console.log(`${machine}\n${settings}\n${backlog.toLocaleString('en')} timers pending, ids ${ids}`);
        printChurn(results);
        printDeletePace(paces);
      }
      if (values.svg !== undefined) {
        const title = `${timers.toLocaleString('en')} timers, ${backlog.toLocaleString('en')} pending, ${ids} ids`;
        await writeFile(values.svg, drawChurn(results, title, machine));
      }
    },
    { autovacuum_naptime: '1s' },
  );
}

function wholeNumber(option: string, text: string, least: number): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < least || number % 1000 !== 0) {
    throw new BenchError(`${option} must be a multiple of 1,000 of at least ${least}, not ${text}`);
  }
  return number;
}

function idOrder(text: string): IdOrder {
  if (text !== 'random' && text !== 'sequential') {
    throw new BenchError(`--ids must be random or sequential, not ${text}`);
  }
  return text;
}

main().catch(reportFailure);

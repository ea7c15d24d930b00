import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { withBenchDatabases } from '../lib/bench-databases';
import { describeMachine } from '../lib/print-comparisons';
import { BenchError, reportFailure } from '../lib/report-failure';
import { withProgress } from '../lib/with-progress';
import { type CreateMemory, measureCreateMemory } from './create-memory';
import { type IterateMemory, measureIterateMemory } from './iterate-memory';

const MIB = 1024 ** 2;
const ITERATED_TIMERS = 1_000_000;
const ITERATE_GOAL = 60 * MIB;

/** The bound of src/postgres/write-queue.ts, and the two statements of at most 1 MiB that may be under way. */
const CREATE_GOAL = (16 + 2) * MIB;

const HELP = `Measures the memory of this process: while it reads a million timers with iterateTimers, and while creates wait for
a shard that another connection has locked.

Usage: npm run bench:memory [-- [--creates N]]

  --creates N  calls of createTimer at once (default: 1000000)
  --help       this text

Works in a database of its own, which is dropped at the end, on the server of BENCH_DATABASE_URL, whose role must be
allowed to create databases, else on an embedded PostgreSQL, whose data are in .bench-data/.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      creates: { type: 'string', default: '1000000' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const creates = Number(values.creates);
  if (!Number.isInteger(creates) || creates < 1) {
    throw new BenchError(`--creates must be a whole number of at least 1, not ${values.creates}`);
  }
  await withBenchDatabases(async (databases) => {
    const url = await databases.create();
    const [iterate, create] = await withProgress(ITERATED_TIMERS + creates, async (advance) => [
      await measureIterateMemory(url, ITERATED_TIMERS, advance),
      await measureCreateMemory(url, creates, advance),
    ]);
    print(iterate, create, describeMachine(databases.server));
  });
}

function print(iterate: IterateMemory, create: CreateMemory, machine: string): void {
  console.log(machine);
  console.log(`\niterateTimers over ${count(iterate.timers)} timers, the most above the start on any page:`);
  const goal = `below ${mebibytes(ITERATE_GOAL)}`;
  printRows([
    ['process (RSS)', mebibytes(iterate.residentGrowth), goal, mark(iterate.residentGrowth < ITERATE_GOAL)],
    ['heap', mebibytes(iterate.heapGrowth), goal, mark(iterate.heapGrowth < ITERATE_GOAL)],
    ['heap still in use at the end', mebibytes(iterate.heapKept), '', ''],
  ]);
  console.log(`\n${count(create.calls)} calls of createTimer at once on a locked shard:`);
  printRows([
    [
      `copied by the queue: ${count(create.timersRead)} timers`,
      mebibytes(create.bytesRead),
      `at most ${mebibytes(CREATE_GOAL)}`,
      mark(create.bytesRead <= CREATE_GOAL),
    ],
    ['copies of all of them would be', mebibytes(create.bytesOfAll), '', ''],
    ['heap for each call that waits', `${count(create.heapPerCall)} bytes`, '', ''],
    ['all done after the lock is gone', `${(create.finishMs / 1000).toFixed(1)} s`, '', ''],
  ]);
}

function printRows(rows: readonly string[][]): void {
  const table = new Table({
    head: ['what', 'measured', 'goal', ''],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right', 'left'],
  });
  table.push(...rows);
  console.log(table.toString());
}

function mark(reached: boolean): string {
  return reached ? '✓' : '✗';
}

function mebibytes(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

main().catch(reportFailure);

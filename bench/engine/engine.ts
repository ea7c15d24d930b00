import { parseArgs } from 'node:util';
import type { PostgresTimerStore } from 'pg-timer-store';
import { type BenchDatabases, withBenchDatabases } from '../lib/bench-databases';
import { collectGarbage } from '../lib/collect-garbage';
import { type ComparisonResult, turnCount } from '../lib/compare';
import { describeMachine, printComparisons } from '../lib/print-comparisons';
import { BenchError, reportFailure } from '../lib/report-failure';
import { type Advance, withProgress } from '../lib/with-progress';
import { measureBusy } from './busy';
import { compareDrains } from './drain';
import { EngineDatabase } from './engine-database';
import { currentLoad, type Figure, printFigures } from './figure';
import { measureKill, measureLeave } from './hand-over';
import { IDLE_SHARDS, measureIdle } from './idle';
import { measureImmediate } from './immediate';
import { measureLateness } from './lateness';
import { measureLoadedMemory } from './loaded-memory';

const PARTS = ['drain', 'lateness', 'immediate', 'busy', 'kill', 'leave', 'idle', 'memory'] as const;
type Part = (typeof PARTS)[number];

const SHARDS = 64;

const IMMEDIATE = 1000;
const BUSY_SECONDS = 5;
const PINNED = { perSecond: 500, isPinned: true };

/** When pending timers are due: after the end of all. */
const PENDING_IN_MS = 86_400_000;

const HELP = `Measures an engine that fires timers: how fast it drains what is due, how late it delivers, how soon another process
takes over, and what it costs when there is nothing to do.

Usage: npm run bench:engine [-- [--only LIST] [--timers N] [--pending N] [--rates LIST] [--seconds N] [--rounds N]]

  --only LIST   of ${PARTS.join(', ')} (default: all)
  --timers N    to drain (default: 1000000)
  --pending N   due in a day, beside those that are measured (default: 1000000)
  --rates LIST  timers that are due each second, for the lateness (default: 500,1000)
  --seconds N   of each measurement of lateness, and of the idle one (default: 60)
  --rounds N    of the drain (default: 3); the ratio told is their median
  --help        this text

The load of the machine stands beside each figure: above 2 or 3, others were at work. Single creates and createTimers are
measured by npm run bench, deliveries by HTTP by npm run bench:http. The server is that of BENCH_DATABASE_URL, whose role
must be allowed to create databases and to run CHECKPOINT, else an embedded PostgreSQL with durability on, whose data are
in .bench-data/.
`;

interface Sizes {
  readonly timers: number;
  readonly pending: number;
  readonly rates: readonly number[];
  readonly seconds: number;
  readonly rounds: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: PARTS.join() },
      timers: { type: 'string', default: '1000000' },
      pending: { type: 'string', default: '1000000' },
      rates: { type: 'string', default: '500,1000' },
      seconds: { type: 'string', default: '60' },
      rounds: { type: 'string', default: '3' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const parts = values.only.split(',').map(parsePart);
  const sizes: Sizes = {
    timers: wholeNumber('--timers', values.timers, 10_000),
    pending: wholeNumber('--pending', values.pending, 1000),
    rates: values.rates.split(',').map((rate) => wholeNumber('--rates', rate, 1)),
    seconds: wholeNumber('--seconds', values.seconds, 1),
    rounds: wholeNumber('--rounds', values.rounds, 1),
  };
  if (parts.includes('memory')) {
    // Minutes before it is measured: does it work here?
    collectGarbage();
  }
  await withBenchDatabases(async (databases) => {
    if (parts.includes('drain')) {
      const drains = await measureDrains(databases, sizes);
      printComparisons(drains, `${databases.server}; load ${currentLoad().toFixed(1)}`);
    }
    const figures: Figure[] = [];
    try {
      await measureRest(databases, parts, sizes, figures);
    } finally {
      // What was measured before a failure has taken minutes.
      if (figures.length > 0) {
        console.log(describeMachine(databases.server));
        printFigures(figures);
      }
    }
  });
}

function parsePart(text: string): Part {
  const part = PARTS.find((each) => each === text);
  if (part === undefined) {
    throw new BenchError(`--only takes ${PARTS.join(', ')}, not ${text}`);
  }
  return part;
}

function wholeNumber(option: string, text: string, least: number): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < least) {
    throw new BenchError(`${option} must be a whole number of at least ${least}, not ${text}`);
  }
  return number;
}

async function measureDrains(
  { create }: BenchDatabases,
  { timers, rounds }: Sizes,
): Promise<ComparisonResult[]> {
  const database = await EngineDatabase.connect(await create());
  const shardCounts = [1, SHARDS];
  return await withProgress(shardCounts.length * turnCount(rounds), async (advance) => {
    const results: ComparisonResult[] = [];
    for (const shardCount of shardCounts) {
      const doing = `drain, ${shardCount} shards`;
      results.push(await compareDrains(database, timers, shardCount, rounds, () => advance(1, doing)));
    }
    await database.close();
    return results;
  });
}

type Measure = (database: EngineDatabase, store: PostgresTimerStore) => Promise<Figure[]>;

async function measureRest(
  databases: BenchDatabases,
  parts: readonly Part[],
  { pending, rates, seconds }: Sizes,
  figures: Figure[],
): Promise<void> {
  const lateness: Measure[] = [...rates.map((perSecond) => ({ perSecond, isPinned: false })), PINNED].map(
    (run) => (database, store) =>
      measureLateness(database, store, { ...run, pending, shardCount: SHARDS, seconds }),
  );
  const byPart: Record<Exclude<Part, 'drain'>, Measure[]> = {
    immediate: [(database, store) => measureImmediate(database, store, SHARDS, IMMEDIATE)],
    busy: [(database, store) => measureBusy(database, store, SHARDS, BUSY_SECONDS)],
    kill: [(database, store) => measureKill(database, store, SHARDS)],
    leave: [(database, store) => measureLeave(database, store, SHARDS)],
    memory: [(database, store) => measureLoadedMemory(database, store, SHARDS)],
    lateness,
    idle: [(database, store) => measureIdle(database, store, pending, seconds, databases.serverPid)],
  };
  const chosen = (some: readonly (keyof typeof byPart)[]) =>
    some.filter((part) => parts.includes(part)).flatMap((part) => byPart[part]);
  const besideNothing = chosen(['immediate', 'busy', 'kill', 'leave', 'memory']);
  const besidePending = chosen(['lateness']);
  // Of other shards: a database of its own.
  const idle = chosen(['idle']);
  const count = besideNothing.length + besidePending.length + idle.length;
  await withProgress(count, async (advance) => {
    await measureOn(databases, besideNothing, 0, advance, figures);
    await measureOn(databases, besidePending, pending, advance, figures);
    await measureOn(databases, idle, pending, advance, figures);
  });
}

/** Each finds the same timers: those that are not due. */
async function measureOn(
  { create }: BenchDatabases,
  measures: readonly Measure[],
  pending: number,
  advance: Advance,
  figures: Figure[],
): Promise<void> {
  if (measures.length === 0) {
    return;
  }
  const database = await EngineDatabase.connect(await create());
  const store = await database.openStore();
  if (pending > 0) {
    advance(0, 'filling');
    await database.fill({
      timers: pending,
      shardCount: IDLE_SHARDS,
      inMs: PENDING_IN_MS,
      gapMs: 1,
      name: 'pending',
    });
  }
  for (const measure of measures) {
    if (pending === 0) {
      await database.empty();
    }
    await database.settleDown();
    const measured = await measure(database, store);
    figures.push(...measured);
    advance(1, measured[0]?.what ?? '');
  }
  await store.close();
  await database.close();
}

main().catch(reportFailure);

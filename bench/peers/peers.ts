import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { currentLoad, type Figure, figure, printFigures, showTimes } from '../engine/figure';
import { withBenchDatabases } from '../lib/bench-databases';
import { inParallel } from '../lib/bench-timers';
import { type Comparison, compare, turnCount } from '../lib/compare';
import { printComparisons } from '../lib/print-comparisons';
import { BenchError, reportFailure } from '../lib/report-failure';
import { withProgress } from '../lib/with-progress';
import { openBullMq } from './bullmq';
import { openGraphileWorker } from './graphile-worker';
import { createPages, measureImmediate, measureLateness, type Rate } from './measure-latency';
import { PeerDatabase } from './peer-database';
import { openPgBoss } from './pg-boss';
import { openTimerStore } from './pg-timer-store';
import { jobAt, type Scheduler } from './scheduler';

/** What the peers need. */
const NODE = 22;
const NODE_TO_USE = '24';

const CALLERS = 64;
const CALLERS_OF_MANY = 4;
const CREATED = { ours: 20_000, theirs: 3000 };
const PAGES = 24;
const PAGE = 1000;
const HOUR_MS = 3_600_000;
const IMMEDIATE = 250;
const RATES: readonly Rate[] = [
  { pending: 100_000, perSecond: 200, seconds: 15 },
  { pending: 100_000, perSecond: 1000, seconds: 10 },
];

interface Peer {
  readonly open: (database: PeerDatabase) => Promise<Scheduler>;
  /** Of ours to theirs. */
  readonly goals: { readonly one: number; readonly many: number; readonly drain: number };
}

const PEERS: readonly Peer[] = [
  { open: openPgBoss, goals: { one: 10, many: 1.8, drain: 2.5 } },
  { open: openGraphileWorker, goals: { one: 10, many: 1.1, drain: 1.5 } },
  { open: openBullMq, goals: { one: 10, many: 1.8, drain: 50 } },
];

const HELP = `Measures the library against other schedulers that keep their jobs in PostgreSQL: each by the settings that are its best for the
work, on one server, in turns.

Usage: npm run bench:peers [-- --rounds N]

  --rounds N    the ratio told is their median (default: 3)
  --help        this text

The peers need Node ${NODE}: with an older one, all runs on Node ${NODE_TO_USE}, which comes from the npm registry and stays in .matrix/.
The server is that of BENCH_DATABASE_URL, else an embedded PostgreSQL with durability on, whose data are in .bench-data/.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '3' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  if (Number.parseInt(process.versions.node, 10) < NODE) {
    const { nodeFolder } = await import('../../scripts/npm-releases.mjs');
    const program = path.join(nodeFolder(NODE_TO_USE), 'node');
    const { status } = spawnSync(program, [...process.execArgv, ...process.argv.slice(1)], {
      stdio: 'inherit',
    });
    process.exitCode = status ?? 1;
    return;
  }
  const rounds = Number(values.rounds);
  if (!Number.isSafeInteger(rounds) || rounds < 1) {
    throw new BenchError(`--rounds must be a whole number of at least 1, not ${values.rounds}`);
  }
  await withBenchDatabases(async ({ create, server }) => {
    const enter = async (open: Peer['open']): Promise<Contestant> => {
      const database = await PeerDatabase.connect(await create());
      return { database, scheduler: await open(database) };
    };
    const ours = await enter(openTimerStore);
    const all = [ours];
    const comparisons: Comparison[] = [];
    for (const { open, goals } of PEERS) {
      const peer = await enter(open);
      all.push(peer);
      comparisons.push(...comparisonsOf(ours, peer, goals));
    }
    const steps = comparisons.length * turnCount(rounds) + all.length * (RATES.length + 1);
    const { results, figures } = await withProgress(steps, async (advance) => {
      const done = [];
      for (const comparison of comparisons) {
        done.push(await compare(comparison, rounds, () => advance(1, comparison.yardstick)));
      }
      return { results: done, figures: await latenciesOf(all, (what) => advance(1, what)) };
    });
    printComparisons(results, `${server}; Node ${process.versions.node}; load ${currentLoad().toFixed(1)}`);
    printFigures(figures);
    for (const { scheduler, database } of all) {
      await scheduler.empty();
      await scheduler.close();
      await database.close();
    }
  });
}

interface Contestant {
  readonly database: PeerDatabase;
  readonly scheduler: Scheduler;
}

function comparisonsOf(ours: Contestant, peer: Contestant, goals: Peer['goals']): Comparison[] {
  const { name, calls } = peer.scheduler;
  const empty = async () => {
    await ours.scheduler.empty();
    await peer.scheduler.empty();
  };
  return [
    {
      name: `${ours.scheduler.calls.one}, ${CALLERS} callers`,
      yardstick: `${name}: ${calls.one}`,
      goal: goals.one,
      unit: 'timers',
      prepare: empty,
      ours: () => createOneByOne(ours.scheduler, CREATED.ours),
      theirs: () => createOneByOne(peer.scheduler, CREATED.theirs),
    },
    {
      name: `${ours.scheduler.calls.many} of ${PAGE}, ${CALLERS_OF_MANY} callers`,
      yardstick: `${name}: ${calls.many}`,
      goal: goals.many,
      unit: 'timers',
      prepare: empty,
      ours: () => createManyAtOnce(ours.scheduler),
      theirs: () => createManyAtOnce(peer.scheduler),
    },
    {
      name: 'drain, until all is settled',
      yardstick: name,
      goal: goals.drain,
      unit: 'timers',
      prepare: async () => {
        await empty();
        for (const { scheduler, database } of [ours, peer]) {
          const start = Date.now() - scheduler.drained;
          await createPages(scheduler, scheduler.drained, (index) => start + index);
          await database.settleDown();
        }
      },
      ours: () => drain(ours.scheduler),
      theirs: () => drain(peer.scheduler),
    },
  ];
}

async function createOneByOne(scheduler: Scheduler, count: number): Promise<number> {
  const dueAt = Date.now() + HOUR_MS;
  await inParallel(CALLERS, count, (index) => scheduler.create(jobAt(dueAt + index, index)));
  return count;
}

async function createManyAtOnce(scheduler: Scheduler): Promise<number> {
  const dueAt = Date.now() + HOUR_MS;
  await inParallel(CALLERS_OF_MANY, PAGES, (page) =>
    scheduler.createMany(
      Array.from({ length: PAGE }, (_, at) => jobAt(dueAt + page * PAGE + at, page * PAGE + at)),
    ),
  );
  return PAGES * PAGE;
}

async function drain(scheduler: Scheduler): Promise<number> {
  let delivered = 0;
  await scheduler.deliver('throughput', () => {
    delivered++;
  });
  while (delivered < scheduler.drained || (await scheduler.countLeft()) > 0) {
    await sleep(20);
  }
  return scheduler.drained;
}

async function latenciesOf(
  contestants: readonly Contestant[],
  onMeasured: (what: string) => void,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  const add = (what: string, times: readonly number[]) => {
    figures.push(figure(what, showTimes(times)));
    onMeasured(what);
  };
  for (const rate of RATES) {
    for (const { scheduler, database } of contestants) {
      const what = `lateness, ${rate.perSecond} a second, ${rate.pending.toLocaleString('en')} pending: ${scheduler.name}`;
      add(what, await measureLateness(database, scheduler, rate));
    }
  }
  for (const { scheduler } of contestants) {
    add(`create to delivery, idle: ${scheduler.name}`, await measureImmediate(scheduler, IMMEDIATE));
  }
  return figures;
}

main().catch(reportFailure);

import { parseArgs } from 'node:util';
import { metrics, trace } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { AlwaysOffSampler, NodeTracerProvider, ParentBasedSampler } from '@opentelemetry/sdk-trace-node';
import type { PostgresTimerStore } from 'pg-timer-store';
import { instrumentTimers } from 'pg-timer-store/telemetry';
import { withBenchDatabases } from '../lib/bench-databases';
import { benchTimer, inParallel } from '../lib/bench-timers';
import { type Comparison, compare, type Side, turnCount } from '../lib/compare';
import { printComparisons } from '../lib/print-comparisons';
import { reportFailure } from '../lib/report-failure';
import { withProgress } from '../lib/with-progress';
import { drainByEngine } from './drain';
import { EngineDatabase } from './engine-database';
import { currentLoad } from './figure';

const SHARDS = 16;
const CALLERS = 64;
const CREATES = 40_000;
const DRAINED = 100_000;

/** What instrumentTimers may cost where no SDK is registered. */
const GOAL = 0.98;

const HELP = `Measures what instrumentTimers costs: where no SDK of OpenTelemetry is registered, and with one that counts all and samples
nothing, against the same work without.

Usage: npm run bench:telemetry [-- --rounds N]

  --rounds N    the ratio told is their median (default: 9)
  --help        this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '9' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const rounds = Number(values.rounds);
  await withBenchDatabases(async ({ create, server }) => {
    const database = await EngineDatabase.connect(await create());
    await database.turnOffAutovacuum();
    const store = await database.openStore();
    const comparisons = comparisonsOf(database, store);
    const results = await withProgress(comparisons.length * turnCount(rounds), async (advance) => {
      const done = [];
      for (const comparison of comparisons) {
        done.push(await compare(comparison, rounds, () => advance(1, comparison.name)));
      }
      return done;
    });
    printComparisons(results, `${server}; load ${currentLoad().toFixed(1)}`);
    await store.close();
    await database.close();
  });
}

function comparisonsOf(database: EngineDatabase, store: PostgresTimerStore): Comparison[] {
  const works: { name: string; prepare: () => Promise<void>; work: Side }[] = [
    {
      name: `createTimerNoLock, ${CALLERS} callers, ${SHARDS} shards`,
      prepare: async () => {
        await database.empty();
        await Promise.all(
          Array.from({ length: SHARDS }, (_, shardId) => store.claimShardOwnership(shardId, 'bench:1')),
        );
      },
      work: () => createTimers(store),
    },
    {
      name: `drain, ${SHARDS} shards`,
      prepare: async () => {
        await database.empty();
        await database.fill({ timers: DRAINED, shardCount: SHARDS, inMs: -DRAINED, gapMs: 1 });
        await database.settleDown();
      },
      work: () => drainByEngine(store, DRAINED, SHARDS),
    },
  ];
  return works.flatMap(({ name, prepare, work }) => [
    {
      name: `${name}, no SDK`,
      yardstick: 'the same without',
      goal: GOAL,
      unit: 'timers',
      prepare,
      ours: () => instrumented(work),
      theirs: work,
    },
    {
      name: `${name}, an SDK that samples nothing`,
      yardstick: 'the same without',
      goal: 0.5,
      unit: 'timers',
      prepare,
      ours: () => withSdk(() => instrumented(work)),
      theirs: work,
    },
  ]);
}

async function createTimers(store: PostgresTimerStore): Promise<number> {
  await inParallel(CALLERS, CREATES, (index) => store.createTimerNoLock(index % SHARDS, benchTimer(index)));
  return CREATES;
}

async function instrumented(work: Side): Promise<number> {
  const telemetry = instrumentTimers();
  try {
    return await work();
  } finally {
    telemetry.stop();
  }
}

async function withSdk(work: Side): Promise<number> {
  const tracing = new NodeTracerProvider({
    sampler: new ParentBasedSampler({ root: new AlwaysOffSampler() }),
  });
  tracing.register();
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const metering = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
  metrics.setGlobalMeterProvider(metering);
  try {
    return await work();
  } finally {
    trace.disable();
    metrics.disable();
    await Promise.all([tracing.shutdown(), metering.shutdown()]);
  }
}

main().catch(reportFailure);

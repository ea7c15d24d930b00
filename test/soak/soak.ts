/** The command `npm run soak`. */
import { subscribe } from 'node:diagnostics_channel';
import { appendFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { PostgresTimerStore } from '../../src';
import { RestartableServer } from '../support/restartable-server';
import { TcpProxy } from '../support/tcp-proxy';
import { drawSoak, type SoakSample } from './draw-soak';
import { passed } from './passed';
import { seededRandom } from './seeded-random';
import { type InflictedFault, SERVER_FAULTS, SOAK } from './server-faults';
import { ShardLoad } from './shard-load';
import { SoakCounts } from './soak-counts';

const HELP = `Loads a server of its own with all that a store can do, from several stores on several shards whose owners take
them from each other, and every few seconds kills the server, cuts connections, loses answers, locks the table, and so
on. Every new owner of a shard compares what it reads with all that was acknowledged before.

Usage: npm run soak [-- [--minutes N] [--seed N] [--svg FILE]]

  --minutes N  for so long (default: 1)
  --seed N     chooses what happens when (default: a new one)
  --svg FILE   write a chart of it
  --help       this text

Ends with 1 if anything acknowledged was lost, a former owner could write, or anything unforeseen happened. Ctrl-C ends
it early, with its report.
`;

const STORES = 3;
const SHARDS = 6;
const SAMPLE_MS = 10_000;
const MIN_PAUSE_MS = 2000;
const MAX_PAUSE_MS = 5000;
const MAX_FAULTS_TOLD = 100;

class UsageError extends Error {}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '1' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
      svg: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const minutes = Number(values.minutes);
  const seed = Number(values.seed);
  if (!(minutes > 0)) throw new UsageError(`--minutes must be a number above 0, not ${values.minutes}`);
  if (!Number.isInteger(seed)) throw new UsageError(`--seed must be a whole number, not ${values.seed}`);
  // Fails now rather than at the end.
  if (values.svg !== undefined) {
    await appendFile(values.svg, '').catch(({ message }) => {
      throw new UsageError(`--svg: cannot write the chart: ${message}`);
    });
  }
  const { counts, samples, inflicted } = await soak(minutes * 60_000, seed);
  printReport(counts, inflicted, seed);
  if (values.svg !== undefined) await writeFile(values.svg, drawSoak(samples, inflicted));
  if (counts.faults.length > 0) process.exitCode = 1;
}

interface SoakResult {
  readonly counts: SoakCounts;
  readonly samples: readonly SoakSample[];
  readonly inflicted: readonly InflictedFault[];
}

async function soak(durationMs: number, seed: number): Promise<SoakResult> {
  const counts = new SoakCounts();
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => counts.faults.push(`${event}: ${error}`));
  }
  subscribe('pg-timer-store:retry', () => counts.retried++);

  const server = await RestartableServer.start({
    max_connections: 60,
    log_min_messages: 'fatal',
    // Between two faults, which undo what it has not finished.
    autovacuum_naptime: '1s',
  });
  const proxies = await Promise.all(Array.from({ length: STORES }, () => TcpProxy.open(server.url)));
  const stores = await Promise.all(
    proxies.map((proxy) => {
      const url = new URL(proxy.url(server.storeUrl));
      url.searchParams.set('application_name', SOAK);
      return PostgresTimerStore.connect({ connectionString: url.href });
    }),
  );
  const random = seededRandom(seed);
  const loads = Array.from(
    { length: SHARDS },
    (_, shardId) => new ShardLoad(shardId, stores, counts, seededRandom(seed + shardId + 1)),
  );
  const startMs = Date.now();
  const elapsedMs = () => Date.now() - startMs;
  const end = endAfter(durationMs);
  const inflicted: InflictedFault[] = [];
  const samples: SoakSample[] = [];

  async function inflictFaults(): Promise<void> {
    let left = [...SERVER_FAULTS];
    for (;;) {
      await passed(MIN_PAUSE_MS + random() * (MAX_PAUSE_MS - MIN_PAUSE_MS), end);
      if (end.aborted) return;
      // Each once, in a new order every time.
      if (left.length === 0) left = [...SERVER_FAULTS];
      const [fault] = left.splice(Math.floor(random() * left.length), 1);
      inflicted.push({ name: fault?.name ?? '', elapsedMs: elapsedMs() });
      await fault?.inflict({ server, proxies, random });
    }
  }

  async function sample(): Promise<void> {
    console.log(`seed ${seed}: ${STORES} stores, ${SHARDS} shards\n\n${SAMPLE_HEADER}`);
    let told = 0;
    while (!end.aborted) {
      await passed(SAMPLE_MS, end);
      const { acknowledged } = counts;
      samples.push({
        elapsedMs: elapsedMs(),
        acknowledged,
        rssBytes: process.memoryUsage().rss,
        tableBytes: await tableBytes(server.url),
      });
      console.log(sampleLine(samples, counts, inflicted.length));
      for (const fault of counts.faults.slice(told, MAX_FAULTS_TOLD)) console.log(`  ${fault}`);
      told = counts.faults.length;
    }
  }

  try {
    await Promise.all([inflictFaults(), sample(), ...loads.map((load) => load.run(end))]);
    await Promise.all(stores.map((store) => store.close()));
  } finally {
    await Promise.all(proxies.map((proxy) => proxy.close()));
    await server.delete();
  }
  return { counts, samples, inflicted };
}

/** Fires after so long, or at the first Ctrl-C. The second ends the process. */
function endAfter(ms: number): AbortSignal {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  process.once('SIGINT', () => {
    clearTimeout(timer);
    controller.abort();
  });
  return controller.signal;
}

/** With its indexes; null: the server is not there to say. */
async function tableBytes(url: string): Promise<number | null> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query("SELECT pg_total_relation_size('timers')::float8 AS bytes");
    return rows[0].bytes;
  } catch {
    return null;
  } finally {
    await client.end();
  }
}

const SAMPLE_COLUMNS = [
  'time',
  'faults',
  'acknowledged',
  'per second',
  'broken promises',
  'fenced',
  'unknown',
  'retried',
  'claims',
  'RSS MiB',
  'table MiB',
];
const SAMPLE_HEADER = SAMPLE_COLUMNS.join('  ');

function sampleLine(samples: readonly SoakSample[], counts: SoakCounts, faults: number): string {
  const [before, now] = [samples.at(-2), samples.at(-1) as SoakSample];
  const ms = now.elapsedMs - (before?.elapsedMs ?? 0);
  const perSecond = Math.round((1000 * (now.acknowledged - (before?.acknowledged ?? 0))) / ms);
  const seconds = Math.round(now.elapsedMs / 1000);
  return [
    `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`,
    faults,
    now.acknowledged,
    perSecond,
    counts.faults.length,
    counts.fenced,
    counts.unknown,
    counts.retried,
    counts.claims,
    mebibytes(now.rssBytes),
    now.tableBytes === null ? '' : mebibytes(now.tableBytes),
  ]
    .map((value, column) => String(value).padStart(SAMPLE_COLUMNS[column]?.length ?? 0))
    .join('  ');
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(1);
}

function printReport(counts: SoakCounts, inflicted: readonly InflictedFault[], seed: number): void {
  const times = SERVER_FAULTS.map(
    ({ name }) => `${inflicted.filter((fault) => fault.name === name).length} x ${name}`,
  );
  console.log(`
${inflicted.length} faults: ${times.join(', ')}
${counts.acknowledged} writes acknowledged; ${counts.refused} calls failed with nothing applied
${counts.fenced} writes of former owners fenced, over ${counts.claims} claims
${counts.unknown} writes and claims of unknown outcome: of the writes, ${counts.applied} applied, ${counts.notApplied} not
${counts.retried} attempts made again by the stores
${counts.comparisons} times a new owner found its shard to be as acknowledged: ${counts.faults.length} broken promises`);
  if (counts.faults.length > 0) console.log(`Again: npm run soak -- --seed ${seed}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof UsageError ? error.message : error);
  process.exitCode = 1;
});

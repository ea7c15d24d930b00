import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { PostgresTimerStore, TimerStoreError } from 'pg-timer-store';
import { type Deliver, type EngineEvent, httpDelivery, TimerEngine } from 'pg-timer-store/engine';
import { startEmbeddedServer } from '../src/testing';
import { BadLineError, RECEIVER_ORIGIN, readTimers } from './read-timers';
import { openReceiver } from './receiver';
import { RunSummary } from './run-summary';
import { ADDRESS, countTimers, ShardsTakenError, storeTimers, usedShards } from './store-timers';

const ROOT = path.join(__dirname, '..');

/** Whether any timer is left. */
const LOOK_AGAIN_MS = 200;

const HELP = `Keeps timers in PostgreSQL and calls each one's URL when it is due.

Usage: npm start [-- [--database URL] [--shards N] [FILE]]

  FILE            timers as JSON Lines; - is standard input (default: examples/timers.jsonl)
  --database URL  a database of yours, which you have migrated (default: an embedded PostgreSQL, thrown away at the end)
  --shards N      how many shards to spread them over (default: 4)
  --help          this text

Each line is an object with id, namespace, executeAt ("2030-01-31T12:00:00Z", or "+2.5s" from now), callbackUrl
(absolute; a path such as "/coffee" goes to a receiver that this program opens), and optionally payload,
retryPolicy and callbackTimeoutSeconds. A file with a bad line is refused as a whole.

With --database, shards that belong to another owner are refused, and so are those with timers of others. Stopped and
started again, it goes on with the timers that are left, and does not load FILE before those are done. It must be given
the same --shards then.

A callback that fails is tried again by the timer's retryPolicy; a timer that has used it up is reported, and kept as a
dead timer.

Exit code: 0 every timer was delivered, 1 not every one, 2 wrong usage or a bad line, 130 or 143 stopped by Ctrl-C or
SIGTERM: what is under way is finished first.
`;

class UsageError extends Error {}

interface Arguments {
  readonly file: string;
  /** undefined: an embedded server. */
  readonly database: string | undefined;
  readonly shardCount: number;
}

function readArguments(): Arguments | 'help' {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const { values, positionals } = parsed;
  if (values.help) {
    return 'help';
  }
  if (positionals.length > 1) {
    throw new UsageError(`One FILE at the most, not ${positionals.length}`);
  }
  const shardCount = Number(values.shards);
  if (!/^\d+$/.test(values.shards) || shardCount < 1 || shardCount > 64) {
    throw new UsageError(`--shards must be a whole number from 1 to 64, not ${values.shards}`);
  }
  const file = positionals[0] ?? path.join(__dirname, 'timers.jsonl');
  return { file, database: values.database, shardCount };
}

function parse() {
  return parseArgs({
    allowPositionals: true,
    options: {
      database: { type: 'string' },
      shards: { type: 'string', default: '4' },
      help: { type: 'boolean', default: false },
    },
  });
}

/** A throw-away server with a migrated database, unless a database is given, which is not migrated unasked. */
async function openDatabase(given: string | undefined): Promise<{ url: string; stop(): Promise<void> }> {
  if (process.env['DATABASE_URL']) {
    console.log('DATABASE_URL is ignored: a database of yours is used only if it is given as --database');
  }
  if (given !== undefined) {
    return { url: given, stop: async () => {} };
  }
  const server = await startEmbeddedServer();
  const url = `${server.url()}?sslmode=disable`;
  const { runDbmate } = await import('../scripts/run-dbmate.mjs');
  await runDbmate(ROOT, url, 'up');
  console.log('Embedded PostgreSQL, thrown away at the end');
  return { url, stop: server.stop };
}

async function main({ file, database, shardCount }: Arguments): Promise<number> {
  const lines = readLines(file);
  const { url, stop } = await openDatabase(database);
  try {
    const store = await PostgresTimerStore.connect(url);
    try {
      return await keepAndFire(store, url, lines, shardCount);
    } finally {
      await store.close();
    }
  } finally {
    await stop();
  }
}

function readLines(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function keepAndFire(
  store: PostgresTimerStore,
  databaseUrl: string,
  lines: string,
  shardCount: number,
): Promise<number> {
  const stop = stopOnSignal();
  const timers = await readTimers(lines, new Date(), store);
  const isStored = await storeTimers(store, databaseUrl, shardCount, timers);
  const total = isStored ? timers.length : await countTimers(store, shardCount);
  console.log(
    isStored
      ? `${total} timers stored in ${shardCount} shards`
      : `${total} timers of an earlier run are left; going on with them, FILE is not loaded`,
  );
  const summary = new RunSummary(isStored ? total : 0);
  const lost = new AbortController();
  const onEvent = (event: unknown) => tell(event as EngineEvent, summary, lost);
  const receiver = await openReceiver();
  subscribe('pg-timer-store:engine', onEvent);
  const progress = showProgress(total, summary);
  try {
    const deliver = deliverTo(receiver.origin, summary);
    const engine = await TimerEngine.start({ store, shardCount, address: ADDRESS, deliver });
    try {
      await untilNoneIsLeft(store, shardCount, AbortSignal.any([stop, lost.signal]));
    } finally {
      await engine.stop();
    }
  } finally {
    progress.end();
    unsubscribe('pg-timer-store:engine', onEvent);
    receiver.close();
    console.log(summary.toString());
  }
  if (stop.aborted) {
    return stop.reason === 'SIGINT' ? 130 : 143;
  }
  return lost.signal.aborted || summary.failed > 0 || summary.fired < total ? 1 : 0;
}

function deliverTo(receiverOrigin: string, summary: RunSummary): Deliver {
  const post = httpDelivery();
  return async (timer, context) => {
    const latenessMs = Date.now() - timer.executeAt.getTime();
    const callbackUrl = timer.callbackUrl?.replace(RECEIVER_ORIGIN, receiverOrigin) ?? null;
    const result = await post({ ...timer, callbackUrl }, context);
    summary.addFired(latenessMs);
    return result;
  };
}

/** Says what the engine met; a shard that is another process's by now ends this one. */
function tell(event: EngineEvent, summary: RunSummary, lost: AbortController): void {
  switch (event.type) {
    case 'delivery-failed':
      summary.retried++;
      break;
    case 'timer-died':
      summary.failed++;
      console.error(
        `${event.namespace}/${event.id} is given up after ${event.attempt} attempts: ${(event.error as Error).message}`,
      );
      break;
    case 'shard-lost':
      console.error(`Shard ${event.shardId} was claimed by another process, which goes on with its timers`);
      lost.abort();
      break;
    default:
      if ('error' in event) {
        console.error(`${event.type}: ${(event.error as Error).message}`);
      }
  }
}

async function untilNoneIsLeft(
  store: PostgresTimerStore,
  shardCount: number,
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted && (await usedShards(store, shardCount)).length > 0) {
    await sleep(LOOK_AGAIN_MS, undefined, { signal: stop }).catch(() => {});
  }
}

/** Its reason is the signal's name. */
function stopOnSignal(): AbortSignal {
  const controller = new AbortController();
  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => {
      process.once(signal, () => process.exit(exitCode));
      console.log('\nStopping: what is under way is finished. Once more: at once');
      controller.abort(signal);
    });
  }
  return controller.signal;
}

/** A bar where somebody watches, a line every second elsewhere. */
function showProgress(total: number, summary: RunSummary): { end(): void } {
  const done = () => summary.fired + summary.failed;
  const bar = process.stdout.isTTY
    ? new SingleBar({ format: '{bar} {value}/{total} fired, {duration_formatted}', hideCursor: true })
    : undefined;
  bar?.start(total, 0);
  const show = () => (bar ? bar.update(done()) : console.log(`${done()} of ${total} fired`));
  const timer = setInterval(show, bar ? 100 : 1000);
  return {
    end() {
      clearInterval(timer);
      show();
      bar?.stop();
    },
  };
}

async function run(): Promise<number> {
  try {
    const parsed = readArguments();
    if (parsed === 'help') {
      console.log(HELP);
      return 0;
    }
    return await main(parsed);
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message}. See npm start -- --help`);
      return 2;
    }
    if (error instanceof BadLineError) {
      console.error(`${error.message}. Nothing was stored`);
      return 2;
    }
    if (error instanceof ShardsTakenError) {
      console.error(`Refused: ${error.message}. Nothing was changed`);
      return 1;
    }
    if (error instanceof TimerStoreError) {
      console.error(`${error.code}: ${error.message}`);
      return 1;
    }
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

run().then((exitCode) => {
  process.exitCode = exitCode;
});

import path from 'node:path';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import {
  cursorAtEndOf,
  type NewTimer,
  PostgresTimerStore,
  ShardConditionFailedError,
  type ShardInfo,
  shardIdFor,
  TimerNotFoundError,
  TimerStoreError,
  ZERO_CURSOR,
} from 'pg-timer-store';
import { startEmbeddedServer } from '../src/testing';
import { BadLineError, RECEIVER_ORIGIN, readTimers } from './read-timers';
import { openReceiver } from './receiver';
import { RunSummary } from './run-summary';
import { runShardLoop } from './shard-loop';

const ROOT = path.join(__dirname, '..');

const HELP = `Keeps timers in PostgreSQL and calls each one's URL when it is due.

Usage: npm start [-- [--shards N] [FILE]]

  FILE        timers as JSON Lines; - is standard input (default: examples/timers.jsonl)
  --shards N  how many shards to spread them over (default: 4)
  --help      this text

Each line is an object with id, namespace, executeAt ("2030-01-31T12:00:00Z", or "+2.5s" from now), callbackUrl
(absolute; a path such as "/coffee" goes to a receiver that this program opens), and optionally payload,
retryPolicy and callbackTimeoutSeconds. A file with a bad line is refused as a whole.

The server is that of DATABASE_URL, else an embedded PostgreSQL that keeps its data in .pgdata/.

Stopped and started again, it goes on with the timers that are left, and does not load FILE before those are
done. It must be given the same --shards then. A callback that fails is tried again by the timer's retryPolicy;
a timer that has used it up is reported and deleted.

Exit code: 0 every timer was delivered, 1 not every one, 2 wrong usage or a bad line, 130 stopped by Ctrl-C.
`;

/** Stored while a file is being loaded: found at the start, it tells that the loading was cut short. */
const LOADING: NewTimer = {
  id: 'loading',
  namespace: 'fire-timers',
  executeAt: new Date('9999-12-31T23:59:59.999Z'),
  callbackUrl: RECEIVER_ORIGIN,
};

class UsageError extends Error {}

interface Arguments {
  readonly file: string;
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
  return { file: positionals[0] ?? path.join(__dirname, 'timers.jsonl'), shardCount };
}

function parse() {
  return parseArgs({
    allowPositionals: true,
    options: { shards: { type: 'string', default: '4' }, help: { type: 'boolean', default: false } },
  });
}

/** The user's server, or one of our own. */
async function openServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const url = process.env['DATABASE_URL'];
  if (url) {
    return { url, stop: async () => {} };
  }
  const server = await startEmbeddedServer({ dataDir: path.join(ROOT, '.pgdata') });
  console.log('Embedded PostgreSQL, data in .pgdata/');
  return { url: `${server.url()}?sslmode=disable`, stop: server.stop };
}

async function main({ file, shardCount }: Arguments): Promise<number> {
  const server = await openServer();
  try {
    const { runDbmate } = await import('../scripts/run-dbmate.mjs');
    await runDbmate(ROOT, server.url, 'up');
    const store = await PostgresTimerStore.connect(server.url);
    try {
      return await keepAndFire(store, file, shardCount);
    } finally {
      await store.close();
    }
  } finally {
    await server.stop();
  }
}

async function keepAndFire(store: PostgresTimerStore, file: string, shardCount: number): Promise<number> {
  const summary = new RunSummary();
  const stop = stopOnCtrlC();
  const shards = await Promise.all(
    Array.from({ length: shardCount }, (_, shardId) =>
      store.claimShardOwnership(shardId, `pid-${process.pid}`),
    ),
  );
  const owned = shards.map(({ current }) => current);
  const left = await loadUnlessLeft(store, owned, file, summary);

  const receiver = await openReceiver();
  const progress = showProgress(left, summary);
  try {
    await Promise.all(
      owned.map((shard) =>
        runShardLoop({
          store,
          shardId: shard.shardId,
          shardVersion: shard.shardVersion,
          receiverOrigin: receiver.origin,
          summary,
          stop,
        }),
      ),
    );
  } finally {
    progress.end();
    receiver.close();
    console.log(summary.toString());
  }
  if (stop.aborted) {
    return 130;
  }
  return summary.failed === 0 && summary.fired >= left ? 0 : 1;
}

/** How many timers there are to fire: those of an earlier run, or else those of the file, which it stores. */
async function loadUnlessLeft(
  store: PostgresTimerStore,
  shards: readonly ShardInfo[],
  file: string,
  summary: RunSummary,
): Promise<number> {
  const marked = shards[0] as ShardInfo;
  const cutShort = (await store.getTimer(marked.shardId, LOADING.namespace, LOADING.id)) !== null;
  const left = cutShort ? 0 : await countTimers(store, shards);
  if (left > 0) {
    console.log(`${left} timers of an earlier run are left; going on with them, ${file} is not loaded`);
    return left;
  }
  const timers = await readTimers(file, new Date(), store);
  await store.createTimer(marked.shardId, marked.shardVersion, LOADING);
  for (const shard of shards) {
    const ofShard = timers.filter((timer) => shardIdFor(timer.id, shards.length) === shard.shardId);
    await store.createTimers(shard.shardId, shard.shardVersion, ofShard);
    // An earlier run has left its offset; a timer that is due before it would never be read.
    await store.updateShardMetadata(shard.shardId, shard.shardVersion, {});
    summary.stored += ofShard.length;
  }
  await store.deleteTimer(marked.shardId, marked.shardVersion, LOADING.namespace, LOADING.id);
  console.log(`${summary.stored} timers stored in ${shards.length} shards`);
  return timers.length;
}

async function countTimers(store: PostgresTimerStore, shards: readonly ShardInfo[]): Promise<number> {
  let count = 0;
  for (const { shardId, metadata } of shards) {
    let after = metadata.committedOffset ?? ZERO_CURSOR;
    for (;;) {
      const page = await store.rangeGetTimers(
        shardId,
        { after, upTo: cursorAtEndOf(LOADING.executeAt) },
        1000,
      );
      const last = page.at(-1);
      if (last === undefined) {
        break;
      }
      count += page.length;
      after = { executeAt: last.executeAt, uuid: last.uuid };
    }
  }
  return count;
}

function stopOnCtrlC(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => {
    process.once('SIGINT', () => process.exit(130));
    console.log('\nStopping: what is under way is finished, the rest is kept. Ctrl-C again: at once');
    controller.abort();
  });
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
    if (error instanceof ShardConditionFailedError) {
      console.error(`${error.message}. This process stops; the other one goes on with the timers`);
      return 1;
    }
    if (error instanceof TimerNotFoundError || !(error instanceof TimerStoreError)) {
      console.error(error instanceof Error ? error.message : error);
      return 1;
    }
    console.error(`${error.code}: ${error.message}`);
    return 1;
  }
}

run().then((exitCode) => {
  process.exitCode = exitCode;
});

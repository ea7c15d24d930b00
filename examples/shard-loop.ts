import { setTimeout as sleep } from 'node:timers/promises';
import { cursorAtEndOf, type Timer, type TimerCursor, type TimerStore, ZERO_CURSOR } from 'pg-timer-store';
import { RECEIVER_ORIGIN } from './read-timers';
import { retryDelay } from './retry-delay';
import type { RunSummary } from './run-summary';

const PAGE_SIZE = 100;
const CALLS_AT_ONCE = 20;
const END_OF_TIME = cursorAtEndOf(new Date('9999-12-31T23:59:59.999Z'));

/** A timer that other processes store is seen after this long at the latest. */
const LONGEST_SLEEP_MS = 1000;

export interface ShardLoopOptions {
  readonly store: TimerStore;
  readonly shardId: number;
  readonly shardVersion: number;
  /** What `RECEIVER_ORIGIN` stands for in this run. */
  readonly receiverOrigin: string;
  readonly summary: RunSummary;
  /** Ends the loop between two pages. */
  readonly stop: AbortSignal;
}

/** Fires the timers of one shard until none is left. */
export async function runShardLoop(options: ShardLoopOptions): Promise<void> {
  const { store, shardId, shardVersion, stop } = options;
  const shard = await store.getShard(shardId);
  let offset = shard?.metadata.committedOffset ?? ZERO_CURSOR;
  // A run that ended between keeping the offset and deleting up to it has left these.
  await deleteUpTo(options, offset);
  while (!stop.aborted) {
    const due = { after: offset, upTo: cursorAtEndOf(new Date()) };
    const page = await store.rangeGetTimers(shardId, due, PAGE_SIZE);
    const last = page.at(-1);
    if (last === undefined) {
      const [next] = await store.rangeGetTimers(shardId, { after: offset, upTo: END_OF_TIME }, 1);
      if (next === undefined) {
        return;
      }
      const ms = Math.min(next.executeAt.getTime() - Date.now(), LONGEST_SLEEP_MS);
      await sleep(Math.max(ms, 0), undefined, { signal: stop }).catch(() => {});
      continue;
    }
    await callAll(page, last.executeAt, options);
    // Only now are they done: a crash before this line fires them again, which is what "at least once" means.
    offset = { executeAt: last.executeAt, uuid: last.uuid };
    await store.updateShardMetadata(shardId, shardVersion, { committedOffset: offset });
    await deleteUpTo(options, offset);
  }
}

async function deleteUpTo(
  { store, shardId, shardVersion }: ShardLoopOptions,
  upTo: TimerCursor,
): Promise<void> {
  let deletedCount = PAGE_SIZE;
  while (deletedCount === PAGE_SIZE) {
    const range = { after: ZERO_CURSOR, upTo };
    ({ deletedCount } = await store.rangeDeleteWithLimit(shardId, shardVersion, range, PAGE_SIZE));
  }
}

/** Calls the callbacks of a page, a few at once, each as soon as another is done. */
async function callAll(page: readonly Timer[], pageEnd: Date, options: ShardLoopOptions): Promise<void> {
  const queue = page.values();
  const callOneByOne = async () => {
    for (const timer of queue) {
      await callOrReschedule(timer, pageEnd, options);
    }
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, callOneByOne));
}

async function callOrReschedule(timer: Timer, pageEnd: Date, options: ShardLoopOptions): Promise<void> {
  const { store, shardId, shardVersion, summary } = options;
  const latenessMs = Date.now() - timer.executeAt.getTime();
  const failure = await call(timer, options.receiverOrigin);
  if (failure === undefined) {
    summary.addFired(latenessMs);
    return;
  }
  const attempts = timer.attempts + 1;
  const delay = retryDelay(attempts, timer.retryPolicy);
  if (delay === undefined) {
    summary.failed++;
    console.error(`${timer.namespace}/${timer.id} is given up after ${attempts} attempts: ${failure}`);
    return;
  }
  summary.retried++;
  // After this page, even if the clock was set back, or it would be deleted with the page.
  const executeAt = new Date(Math.max(Date.now() + Math.ceil(delay * 1000), pageEnd.getTime() + 1));
  await store.updateTimer(shardId, shardVersion, timer.namespace, timer.id, { executeAt, attempts });
}

/** What went wrong; undefined when the callback has answered with success. */
async function call(timer: Timer, receiverOrigin: string): Promise<string | undefined> {
  if (timer.callbackUrl === null) {
    return 'it has no callbackUrl';
  }
  const url = timer.callbackUrl.replace(RECEIVER_ORIGIN, receiverOrigin);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: timer.id, namespace: timer.namespace, payload: timer.payload }),
      signal: AbortSignal.timeout(timer.callbackTimeoutSeconds * 1000),
    });
    await response.body?.cancel();
    return response.ok ? undefined : `HTTP ${response.status}`;
  } catch (error) {
    const { cause, message } = error as Error;
    return cause instanceof Error ? `${message}: ${cause.message}` : message;
  }
}

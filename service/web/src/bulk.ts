import { CallError } from './api/call-error';
import { listTimers } from './api/calls';
import type { Filter, TimerKey } from './api/types';
import { callErrorOf } from './use-answer';

/** Calls under way at a time. */
const AT_A_TIME = 8;
const PAGE = 1000;

/** After these, the next call would have no other answer. */
const FINAL = ['UNAUTHENTICATED', 'FORBIDDEN', 'NAMESPACE_NOT_FOUND', 'UNREACHABLE', 'UNAVAILABLE'];

export interface BulkResult {
  readonly done: number;
  /** Somebody else, or their time, came first. */
  readonly gone: number;
  readonly failed: number;
  /** The first. */
  readonly error: CallError | undefined;
}

/** All timers of a list, as it is read. */
export async function* keysOf(filter: Filter): AsyncGenerator<TimerKey> {
  let pageToken: string | null = null;
  do {
    const page = await listTimers({ ...filter, limit: PAGE, ...(pageToken !== null && { pageToken }) });
    yield* page.timers.map(({ namespace, id }) => ({ namespace, timerId: id }));
    pageToken = page.nextPageToken;
  } while (pageToken !== null);
}

/**
 * Does the same to many timers.
 *
 * @param onProgress hears of each that is done with.
 */
export async function doToAll(
  keys: AsyncIterable<TimerKey> | Iterable<TimerKey>,
  action: (key: TimerKey) => Promise<void>,
  onProgress: (result: BulkResult) => void,
  signal: AbortSignal,
): Promise<BulkResult> {
  let result: BulkResult = { done: 0, gone: 0, failed: 0, error: undefined };
  let isOver = false;
  const stopAt = (error: CallError, failed: number) => {
    result = { ...result, failed: result.failed + failed, error: result.error ?? error };
    isOver ||= FINAL.includes(error.code);
  };
  const doOne = async (key: TimerKey): Promise<void> => {
    try {
      await untilItMay(() => action(key), signal);
      result = { ...result, done: result.done + 1 };
    } catch (thrown) {
      const error = callErrorOf(thrown);
      if (error.code === 'TIMER_NOT_FOUND') {
        result = { ...result, gone: result.gone + 1 };
      } else {
        stopAt(error, 1);
      }
    }
    onProgress(result);
  };
  const running = new Set<Promise<void>>();
  try {
    for await (const key of keys) {
      if (signal.aborted || isOver) {
        break;
      }
      const one = doOne(key).finally(() => running.delete(one));
      running.add(one);
      if (running.size >= AT_A_TIME) {
        await Promise.race(running);
      }
    }
  } catch (thrown) {
    stopAt(callErrorOf(thrown), 0);
  }
  await Promise.all(running);
  return result;
}

/** A limit of calls a second is no failure: it is waited for. */
async function untilItMay(action: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof CallError && error.code === 'RATE_LIMITED') || signal.aborted) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, Math.max(error.retryAfterMs, 1000)));
    }
  }
}

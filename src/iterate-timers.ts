import { checkInteger, MAX_INT4 } from './arguments/check-scalar';
import type { TimerStore } from './timer-store';
import type { CallOptions, Timer, TimerCursor, TimerRange } from './timer-store-types';

export interface IterateOptions extends CallOptions {
  /** Timers read at a time; two pages are in memory at most. (Default: 1,000) */
  readonly pageSize?: number | undefined;
}

/**
 * Every timer of a range in order, in constant memory: page by page, the next one being read while its
 * predecessor is worked on. `timeoutMs` counts for each page.
 *
 * It is not one snapshot: a timer that is created, moved or deleted meanwhile is seen if that happened before its
 * page was read.
 *
 * @throws InvalidArgumentError, and whatever `rangeGetTimers` throws.
 */
export async function* iterateTimers(
  store: Pick<TimerStore, 'rangeGetTimers'>,
  shardId: number,
  range: TimerRange,
  { pageSize = 1000, ...options }: IterateOptions = {},
): AsyncGenerator<Timer, void, undefined> {
  checkInteger('options.pageSize', pageSize, 1, MAX_INT4);
  const { upTo } = range;
  let reading = store.rangeGetTimers(shardId, range, pageSize, options);
  for (;;) {
    const page = await reading;
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) {
      yield* page;
      return;
    }
    reading = store.rangeGetTimers(shardId, { after: cursorOf(last), upTo }, pageSize, options);
    // Reported when its turn comes; a caller that stops before has no use for it.
    reading.catch(() => {});
    yield* page;
  }
}

function cursorOf({ executeAt, uuid }: Timer): TimerCursor {
  return { executeAt, uuid };
}

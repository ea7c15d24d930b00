import { checkInteger, MAX_INT4 } from './contract/scalars';
import type { TimerStore } from './contract/timer-store';
import type { PoolCallOptions, Timer, TimerCursor, TimerRange } from './contract/types';
import { checkMethod, parseOptions } from './validation/objects';
import { parseRange } from './validation/range';

export interface IterateOptions extends PoolCallOptions {
  /** Timers read at a time; two pages are in memory at most. (Default: 1,000) */
  readonly pageSize?: number | undefined;
}

const ITERATE_OPTION_FIELDS = [
  'pageSize',
  'signal',
  'timeoutMs',
] as const satisfies readonly (keyof IterateOptions)[];

/**
 * Every timer of a range in order, in constant memory: page by page, the next one being read while its
 * predecessor is worked on. `timeoutMs` counts for each page.
 *
 * It is not one snapshot: a timer that is created, moved or deleted meanwhile is seen if that happened before its
 * page was read.
 *
 * @throws InvalidArgumentError, and whatever `rangeGetTimers` throws.
 * @example
 * for await (const timer of iterateTimers(store, 7, { after: ZERO_CURSOR, upTo: cursorAtEndOf(inAnHour) })) {
 *   console.log(timer.id, timer.executeAt);
 * }
 */
export async function* iterateTimers(
  store: Pick<TimerStore, 'rangeGetTimers'>,
  shardId: number,
  range: TimerRange,
  options: IterateOptions = {},
): AsyncGenerator<Timer, void, undefined> {
  checkMethod('store', store, 'rangeGetTimers');
  const { pageSize = 1000, ...callOptions } = parseOptions('options', options, ITERATE_OPTION_FIELDS);
  checkInteger('options.pageSize', pageSize, 1, MAX_INT4);
  const { after, upTo } = parseRange(range);
  let reading = store.rangeGetTimers(shardId, { after, upTo }, pageSize, callOptions);
  for (;;) {
    const page = await reading;
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) {
      yield* page;
      return;
    }
    reading = store.rangeGetTimers(shardId, { after: cursorOf(last), upTo }, pageSize, callOptions);
    // Reported when its turn comes; a caller that stops before has no use for it.
    reading.catch(() => {});
    yield* page;
  }
}

function cursorOf({ executeAt, uuid }: Timer): TimerCursor {
  return { executeAt, uuid };
}

import type { PreparedQuery } from '@pgtyped/runtime';
import { UnreadableRowError } from '../contract/errors';
import type { TimerRange } from '../contract/types';
import type { RangeGetTimersParams } from '../generated/range-select.queries';
import type { StoreCall } from './store-call';
import { rangeParams } from './timer-params';
import type { TimerRow } from './timer-row';

/**
 * Reads a page by one statement, or more if it had unreadable rows: a short page must mean that the range has no more.
 */
export async function readTimers<T>(
  call: StoreCall,
  query: PreparedQuery<RangeGetTimersParams, TimerRow>,
  shardId: number,
  range: TimerRange,
  limit: number,
  toTimer: (row: TimerRow) => T,
  onUnreadableRow: (error: UnreadableRowError) => void,
): Promise<T[]> {
  const timers: T[] = [];
  let { after } = range;
  for (;;) {
    const missing = limit - timers.length;
    const params = { shardId, limit: missing, ...rangeParams({ after, upTo: range.upTo }) };
    const { rows } = await call.read(query, params);
    for (const row of rows) {
      try {
        timers.push(toTimer(row));
      } catch (error) {
        if (!(error instanceof UnreadableRowError)) {
          throw error;
        }
        onUnreadableRow(error);
      }
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < missing || timers.length === limit) {
      return timers;
    }
    // The row lies between two cursors, so its time is one that a cursor can have.
    after = { executeAt: new Date(last.executeAtMs as number), uuid: last.uuid };
  }
}

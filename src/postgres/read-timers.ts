import { UnreadableRowError } from '../contract/errors';
import type { Timer, TimerRange } from '../contract/types';
import { rangeGetTimers } from '../generated/range-select.queries';
import type { StoreCall } from './store-call';
import { rangeParams } from './timer-params';
import { toTimer } from './timer-row';

/** One statement, unless there were rows that cannot be read: a short page must mean that the range has no more. */
export async function readTimers(
  call: StoreCall,
  shardId: number,
  range: TimerRange,
  limit: number,
  onUnreadableRow: (error: UnreadableRowError) => void,
): Promise<Timer[]> {
  const timers: Timer[] = [];
  let { after } = range;
  for (;;) {
    const missing = limit - timers.length;
    const params = { shardId, limit: missing, ...rangeParams({ after, upTo: range.upTo }) };
    const { rows } = await call.read(rangeGetTimers, params);
    for (const row of rows) {
      try {
        timers.push(toTimer(shardId, row));
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
    // A row between two cursors has a time that a cursor can have.
    after = { executeAt: new Date(last.executeAtMs as number), uuid: last.uuid };
  }
}

import { checkLimit, checkShardId } from '../contract/scalars';
import type { CallOptions, Timer, TimerRange } from '../contract/types';
import * as queries from '../generated/range-select.queries';
import { checkTimerKey } from '../validation/keys';
import { parseRange } from '../validation/range';
import { readTimers } from './read-timers';
import type { StoreContext } from './store-context';
import { toTimer } from './timer-row';

export async function getTimer(
  store: StoreContext,
  shardId: number,
  namespace: string,
  timerId: string,
  options?: CallOptions,
): Promise<Timer | null> {
  checkShardId(shardId);
  checkTimerKey(namespace, timerId);
  const { rows } = await store.call('getTimer', options, (call) =>
    call.read(queries.getTimer, { shardId, namespace, timerId }),
  );
  return rows[0] === undefined ? null : toTimer(shardId, rows[0]);
}

export async function rangeGetTimers(
  store: StoreContext,
  shardId: number,
  range: TimerRange,
  limit: number,
  options?: CallOptions,
): Promise<Timer[]> {
  checkShardId(shardId);
  const checkedRange = parseRange(range);
  checkLimit(limit);
  return await store.call('rangeGetTimers', options, (call) =>
    readTimers(
      call,
      queries.rangeGetTimers,
      shardId,
      checkedRange,
      limit,
      (row) => toTimer(shardId, row),
      store.onUnreadableRow,
    ),
  );
}

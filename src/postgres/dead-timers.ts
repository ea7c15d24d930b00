import { TimerNotFoundError, UnreadableRowError } from '../contract/errors';
import { newRevision } from '../contract/new-revision';
import { checkLimit, checkShardId, parseDate } from '../contract/scalars';
import type { CallOptions, DeadTimer, Timer, TimerRange } from '../contract/types';
import * as queries from '../generated/dead.queries';
import { checkTimerKey } from '../validation/keys';
import { parseRange } from '../validation/range';
import { livesAgain } from '../validation/refusals';
import { readTimers } from './read-timers';
import type { StoreContext } from './store-context';
import { toTimer } from './timer-row';
import { writeUnsealed } from './write-unsealed';

export async function rangeGetDeadTimers(
  store: StoreContext,
  shardId: number,
  range: TimerRange,
  limit: number,
  options?: CallOptions,
): Promise<DeadTimer[]> {
  checkShardId(shardId);
  const checkedRange = parseRange(range);
  checkLimit(limit);
  return await store.call('rangeGetDeadTimers', options, (call) =>
    readTimers(
      call,
      queries.rangeGetDeadTimers,
      shardId,
      checkedRange,
      limit,
      (row) => toDeadTimer(shardId, toTimer(shardId, row)),
      store.onUnreadableRow,
    ),
  );
}

export async function getDeadTimer(
  store: StoreContext,
  shardId: number,
  namespace: string,
  timerId: string,
  options?: CallOptions,
): Promise<DeadTimer | null> {
  checkShardId(shardId);
  checkTimerKey(namespace, timerId);
  const { rows } = await store.call('getDeadTimer', options, (call) =>
    call.read(queries.getDeadTimer, { shardId, namespace, timerId }),
  );
  return rows[0] === undefined ? null : toDeadTimer(shardId, toTimer(shardId, rows[0]));
}

function toDeadTimer(shardId: number, timer: Timer): DeadTimer {
  const { lastError } = timer;
  if (lastError === null) {
    throw new UnreadableRowError(shardId, timer, 'it is dead, and its lastError is NULL');
  }
  return { ...timer, lastError, diedAt: timer.updatedAt };
}

export async function reviveTimer(
  store: StoreContext,
  shardId: number,
  namespace: string,
  timerId: string,
  executeAt: Date,
  options?: CallOptions,
): Promise<Timer> {
  checkShardId(shardId);
  checkTimerKey(namespace, timerId);
  const due = parseDate('executeAt', executeAt).toISOString();
  const key = { shardId, namespace, timerId };
  return await store.call('reviveTimer', options, async (call) => {
    for (;;) {
      const params = { ...key, executeAt: due, revision: newRevision() };
      const { rows } = await writeUnsealed(call, queries.reviveTimer, params);
      if (rows[0] !== undefined) {
        return toTimer(shardId, rows[0]);
      }
      const state = await call.read(queries.getDeadTimerState, key);
      if (state.rows[0] === undefined) {
        throw new TimerNotFoundError(shardId, namespace, timerId);
      }
      if (state.rows[0].isLiving) {
        throw livesAgain();
      }
      // What lived has gone in between.
    }
  });
}

export async function deleteDeadTimer(
  store: StoreContext,
  shardId: number,
  namespace: string,
  timerId: string,
  options?: CallOptions,
): Promise<void> {
  checkShardId(shardId);
  checkTimerKey(namespace, timerId);
  const params = { shardId, namespace, timerId };
  const { rowCount } = await store.call('deleteDeadTimer', options, (call) =>
    writeUnsealed(call, queries.deleteDeadTimer, params),
  );
  if (rowCount === 0) {
    throw new TimerNotFoundError(shardId, namespace, timerId);
  }
}

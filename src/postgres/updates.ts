import { TimerNotFoundError } from '../contract/errors';
import { checkShardId } from '../contract/scalars';
import type { CallOptions, Timer, TimerChanges } from '../contract/types';
import * as queries from '../generated/update.queries';
import { checkShard, checkTimerKey } from '../validation/keys';
import { parseTimerChanges } from '../validation/timer';
import { requireFence } from './require-fence';
import type { StoreContext } from './store-context';
import { changeParams } from './timer-params';
import { toTimer } from './timer-row';
import { writeUnsealed } from './write-unsealed';

export async function updateTimer(
  store: StoreContext,
  shardId: number,
  shardVersion: number,
  namespace: string,
  timerId: string,
  changes: TimerChanges<unknown>,
  options?: CallOptions,
): Promise<Timer> {
  checkShard(shardId, shardVersion);
  checkTimerKey(namespace, timerId);
  const values = parseTimerChanges(changes, store.maxPayloadBytes);
  const params = { shardId, shardVersion, namespace, timerId, ...changeParams(values) };
  const { rows } = await store.call('updateTimer', options, (call) =>
    call.write(queries.updateTimer, params),
  );
  requireFence(rows[0] !== undefined, shardId, shardVersion);
  if (rows[0].id === null) {
    throw new TimerNotFoundError(shardId, namespace, timerId);
  }
  return toTimer(shardId, { ...rows[0], id: rows[0].id });
}

export async function updateTimerNoLock(
  store: StoreContext,
  shardId: number,
  namespace: string,
  timerId: string,
  changes: TimerChanges<unknown>,
  options?: CallOptions,
): Promise<Timer> {
  checkShardId(shardId);
  checkTimerKey(namespace, timerId);
  const values = parseTimerChanges(changes, store.maxPayloadBytes);
  const params = { shardId, namespace, timerId, ...changeParams(values) };
  const { rows } = await store.call('updateTimerNoLock', options, (call) =>
    writeUnsealed(call, queries.updateTimerNoLock, params),
  );
  if (rows[0] === undefined) {
    throw new TimerNotFoundError(shardId, namespace, timerId);
  }
  return toTimer(shardId, rows[0]);
}

import { TimerNotFoundError } from '../contract/errors';
import { checkShardId } from '../contract/scalars';
import type { CallOptions, Timer, TimerChanges } from '../contract/types';
import * as queries from '../generated/update.queries';
import { publishBatch } from '../telemetry/batch-channel';
import { checkShard, checkTimerKey } from '../validation/keys';
import { type ChangeValues, parseTimerChanges } from '../validation/timer';
import { askedTimers, outcomesOf, type Unwritten } from './asked-timers';
import {
  type FencedTarget,
  isOfOneTarget,
  type Outcome,
  type QueuedWrite,
  type WriteKind,
  type WriteValues,
} from './queued-write';
import { requireFence } from './require-fence';
import type { StoreCall } from './store-call';
import type { StoreContext } from './store-context';
import { changeArrays, changeParams } from './timer-params';
import { type TimerRow, toTimer } from './timer-row';
import { writeUnsealed } from './write-unsealed';

interface UpdateValues extends WriteValues {
  readonly changes: ChangeValues;
}

type QueuedUpdate = QueuedWrite<FencedTarget, UpdateValues>;

/** None is replaceable, since each call gets the timer as it left it. */
const UPDATE: WriteKind<FencedTarget, UpdateValues, Timer> = {
  sharesParts: false,
  isReplaceable: () => false,
  write: updateEach,
};

/**
 * Updates a timer together with others that come at the same time, unless it belongs to a transaction of the caller.
 */
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
  const target = { operation: 'updateTimer', shardId, shardVersion };
  const parse = () => {
    const parsed = parseTimerChanges(changes, store.maxPayloadBytes);
    return { namespace, id: timerId, changes: parsed, size: parsed.size };
  };
  return await store.call(target.operation, options, (call) =>
    call.client === undefined
      ? store.writes.add(UPDATE, target, parse, call.deadline)
      : updateOne(call, target, parse()),
  );
}

async function updateOne(
  call: StoreCall,
  { shardId, shardVersion }: FencedTarget,
  { namespace, id, changes }: UpdateValues,
): Promise<Timer> {
  const params = { shardId, shardVersion, namespace, timerId: id, ...changeParams(changes) };
  const { rows } = await call.write(queries.updateTimer, params);
  requireFence(rows[0] !== undefined, shardId, shardVersion);
  if (rows[0].id === null) {
    throw new TimerNotFoundError(shardId, namespace, id);
  }
  return toTimer(shardId, { ...rows[0], id: rows[0].id });
}

async function updateEach(
  call: StoreCall,
  writes: readonly QueuedUpdate[],
): Promise<readonly Outcome<Timer>[]> {
  const { target, values } = writes[0] as QueuedUpdate;
  publishBatch(call.operation, writes.length);
  if (writes.length === 1) {
    // One timer has a statement of its own: arrays of one element take the server longer.
    return [{ result: await updateOne(call, target, values) }];
  }
  const asked = askedTimers(writes);
  const params = { ...asked.params, ...changeArrays(asked.values.map(({ changes }) => changes)) };
  const { shardId, shardVersion } = target;
  const { rows } = isOfOneTarget(writes)
    ? await call.write(queries.updateTimers, { shardId, shardVersion, ...params })
    : await call.write(queries.updateTimersOfShards, params);
  requireFence(rows[0] !== undefined, shardId, shardVersion);
  const updated = new Map<number, Outcome<Timer>>();
  for (const { place, ...row } of rows) {
    if (place !== null) {
      updated.set(place, readUpdated((writes[place] as QueuedUpdate).target, row as TimerRow));
    }
  }
  return outcomesOf(writes, asked.params, updated, rows[0] as unknown as Unwritten);
}

function readUpdated({ shardId }: FencedTarget, row: TimerRow): Outcome<Timer> {
  try {
    return { result: toTimer(shardId, row) };
  } catch (error) {
    return { error };
  }
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

import { TimerNotFoundError } from '../contract/errors';
import { checkLimit, checkShardId, MAX_INT4 } from '../contract/scalars';
import type { CallOptions, NewTimer, RangeDeleteResult, TimerRange } from '../contract/types';
import { getShard } from '../generated/claim.queries';
import * as queries from '../generated/delete.queries';
import { publishBatch } from '../telemetry/batch-channel';
import { activeTraceparent } from '../telemetry/instrument';
import { checkShard, checkTimerKey } from '../validation/keys';
import { parseRange } from '../validation/range';
import { parseNewTimers } from '../validation/timer';
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
import { rangeParams, timerArrays } from './timer-params';
import { writeTimers } from './write-timers';
import { writeUnsealed } from './write-unsealed';

/** About how many bytes a key takes in memory and on the wire. */
const KEY_SIZE = 256;

type QueuedDelete = QueuedWrite<FencedTarget>;

/** None is replaceable, since the second of two calls finds no timer. */
const DELETE: WriteKind<FencedTarget, WriteValues, void> = {
  sharesParts: false,
  isReplaceable: () => false,
  write: deleteEach,
};

/**
 * Deletes a timer together with others that come at the same time, unless it belongs to a transaction of the caller.
 */
export async function deleteTimer(
  store: StoreContext,
  shardId: number,
  shardVersion: number,
  namespace: string,
  timerId: string,
  options?: CallOptions,
): Promise<void> {
  checkShard(shardId, shardVersion);
  checkTimerKey(namespace, timerId);
  const target = { operation: 'deleteTimer', shardId, shardVersion };
  const key = { namespace, id: timerId, size: KEY_SIZE };
  await store.call(target.operation, options, (call) =>
    call.client === undefined
      ? store.writes.add(DELETE, target, () => key, call.deadline)
      : deleteOne(call, target, key),
  );
}

async function deleteOne(
  call: StoreCall,
  { shardId, shardVersion }: FencedTarget,
  { namespace, id }: WriteValues,
): Promise<void> {
  const params = { shardId, shardVersion, namespace, timerId: id };
  const { rows } = await call.write(queries.deleteTimer, params);
  requireFence(rows[0] !== undefined, shardId, shardVersion);
  if (rows[0].deletedCount === 0) {
    throw new TimerNotFoundError(shardId, namespace, id);
  }
}

async function deleteEach(
  call: StoreCall,
  writes: readonly QueuedDelete[],
): Promise<readonly Outcome<void>[]> {
  const { target, values } = writes[0] as QueuedDelete;
  publishBatch(call.operation, writes.length);
  if (writes.length === 1) {
    // One timer has a statement of its own: arrays of one element take the server longer.
    return [{ result: await deleteOne(call, target, values) }];
  }
  const { params } = askedTimers(writes);
  const { shardId, shardVersion } = target;
  const { rows } = isOfOneTarget(writes)
    ? await call.write(queries.deleteTimers, { shardId, shardVersion, ...params })
    : await call.write(queries.deleteTimersOfShards, params);
  requireFence(rows[0] !== undefined, shardId, shardVersion);
  const { deletedPlaces, ...unwritten } = rows[0] as unknown as Deleted;
  const deleted = new Map(deletedPlaces.map((place) => [place, { result: undefined }]));
  return outcomesOf(writes, params, deleted, unwritten);
}

interface Deleted extends Unwritten {
  readonly deletedPlaces: readonly number[];
}

export async function deleteTimerNoLock(
  store: StoreContext,
  shardId: number,
  namespace: string,
  timerId: string,
  options?: CallOptions,
): Promise<void> {
  checkShardId(shardId);
  checkTimerKey(namespace, timerId);
  const params = { shardId, namespace, timerId };
  const { rowCount } = await store.call('deleteTimerNoLock', options, (call) =>
    writeUnsealed(call, queries.deleteTimerNoLock, params),
  );
  if (rowCount === 0) {
    throw new TimerNotFoundError(shardId, namespace, timerId);
  }
}

export async function rangeDeleteWithLimit(
  store: StoreContext,
  shardId: number,
  shardVersion: number,
  range: TimerRange,
  limit: number,
  options?: CallOptions,
): Promise<RangeDeleteResult> {
  checkShard(shardId, shardVersion);
  const checkedRange = parseRange(range);
  checkLimit(limit);
  return await store.call('rangeDeleteWithLimit', options, (call) =>
    deleteFirst(call, shardId, shardVersion, checkedRange, limit),
  );
}

async function deleteFirst(
  call: StoreCall,
  shardId: number,
  shardVersion: number,
  range: TimerRange,
  limit: number,
): Promise<RangeDeleteResult> {
  const params = { shardId, shardVersion, limit, ...rangeParams(range) };
  const { rowCount } = await call.write(queries.rangeDeleteWithLimit, params);
  if (rowCount === 0) {
    // Versions only rise: a shard that is still at this one was at it when nothing was deleted.
    const { rows } = await call.read(getShard, { shardId });
    requireFence(rows[0]?.shardVersion === shardVersion, shardId, shardVersion);
  }
  return { deletedCount: rowCount };
}

export async function rangeDeleteWithLimitNoLock(
  store: StoreContext,
  shardId: number,
  range: TimerRange,
  limit: number,
  options?: CallOptions,
): Promise<RangeDeleteResult> {
  checkShardId(shardId);
  const checkedRange = parseRange(range);
  checkLimit(limit);
  const params = { shardId, limit, ...rangeParams(checkedRange) };
  const { rowCount } = await store.call('rangeDeleteWithLimitNoLock', options, (call) =>
    writeUnsealed(call, queries.rangeDeleteWithLimitNoLock, params),
  );
  return { deletedCount: rowCount };
}

export async function rangeDeleteWithBatchInsertTxn(
  store: StoreContext,
  shardId: number,
  shardVersion: number,
  range: TimerRange,
  timersToInsert: readonly NewTimer<unknown>[],
  options?: CallOptions,
): Promise<RangeDeleteResult> {
  checkShard(shardId, shardVersion);
  const checkedRange = parseRange(range);
  const defaults = { traceparent: activeTraceparent() };
  return await store.call('rangeDeleteWithBatchInsertTxn', options, async (call) => {
    const values = await parseNewTimers(
      'timersToInsert',
      timersToInsert,
      store.maxPayloadBytes,
      undefined,
      defaults,
    );
    if (await store.citus.ask(call)) {
      // Citus takes the one statement apart, and while it moves the shard its parts do not hold one lock.
      return await call.transact(shardId, async (inTransaction) => {
        const result = await deleteFirst(inTransaction, shardId, shardVersion, checkedRange, MAX_INT4);
        await writeTimers(inTransaction, { shardId, shardVersion }, values);
        return result;
      });
    }
    const { rows } = await call.write(queries.rangeDeleteWithBatchInsertTxn, {
      shardId,
      shardVersion,
      ...rangeParams(checkedRange),
      ...(await timerArrays(values)),
    });
    requireFence(rows[0] !== undefined, shardId, shardVersion);
    return { deletedCount: rows[0].deletedCount };
  });
}

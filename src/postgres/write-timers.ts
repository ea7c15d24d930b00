import { newRevision } from '../contract/new-revision';
import {
  createTimer,
  createTimerNoLock,
  createTimerOfUnclaimedShard,
  createTimers,
  createTimersNoLock,
  createTimersOfUnclaimedShard,
} from '../generated/insert.queries';
import { publishBatch } from '../telemetry/batch-channel';
import type { TimerValues } from '../validation/timer';
import { requireFence } from './require-fence';
import type { StoreCall } from './store-call';
import { inLockOrder, timerArrays } from './timer-params';
import { checkUnsealed, refuseSealed } from './write-unsealed';

/**
 * Stores all timers by one statement, under a fence if the target has a version. Without one, a shard that has
 * no row yet takes further statements.
 */
export async function writeTimers(
  call: StoreCall,
  { shardId, shardVersion }: { readonly shardId: number; readonly shardVersion: number | undefined },
  timers: readonly TimerValues[],
): Promise<void> {
  const [timer] = timers;
  if (timer === undefined) {
    return;
  }
  publishBatch(call.operation, timers.length);
  // One timer has a statement of its own: arrays of one element take the server longer.
  const isOne = timers.length === 1;
  if (shardVersion !== undefined) {
    const { rowCount } = await (isOne
      ? call.write(createTimer, { shardId, shardVersion, revision: newRevision(), ...timer })
      : call.write(createTimers, { shardId, shardVersion, ...(await timerArrays(timers)) }));
    requireFence(rowCount > 0, shardId, shardVersion);
    return;
  }
  const { rowCount } = await (isOne
    ? call.write(createTimerNoLock, { shardId, revision: newRevision(), ...timer })
    : call.write(createTimersNoLock, { shardId, ...(await timerArrays(timers)) }));
  if (rowCount === 0) {
    await writeUnopened(call, shardId, timers);
  }
}

/** Stores timers of a shard that had no row, or was sealed, a moment ago. */
export async function writeUnopened(
  call: StoreCall,
  shardId: number,
  timers: readonly TimerValues[],
): Promise<void> {
  if (call.cluster.answer === true) {
    await writeUnclaimedOnCitus(call, shardId, timers);
    return;
  }
  // The second is needed where the shard was claimed for the first time in between.
  for (const query of [createTimersOfUnclaimedShard, createTimersNoLock]) {
    const { rowCount } = await call.write(query, { shardId, ...(await timerArrays(timers)) });
    if (rowCount > 0) {
      return;
    }
  }
  await refuseSealed(call, shardId);
}

/** One is written alone, and the others from its row: see sql/insert.sql. */
async function writeUnclaimedOnCitus(
  call: StoreCall,
  shardId: number,
  timers: readonly TimerValues[],
): Promise<void> {
  await checkUnsealed(call, shardId);
  const [first, ...others] = (await inLockOrder(timers)) as [TimerValues, ...TimerValues[]];
  const writeFirst = async (by: StoreCall) =>
    await by.write(createTimerOfUnclaimedShard, { shardId, revision: newRevision(), ...first });
  if (others.length === 0) {
    await writeFirst(call);
    return;
  }
  await call.transact(shardId, async (inTransaction) => {
    await writeFirst(inTransaction);
    const { rowCount } = await inTransaction.write(createTimersNoLock, {
      shardId,
      ...(await timerArrays(others)),
    });
    if (rowCount === 0) {
      await refuseSealed(inTransaction, shardId);
    }
  });
}

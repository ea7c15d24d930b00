import {
  createTimer,
  createTimerNoLock,
  createTimers,
  createTimersNoLock,
  createTimersOfUnclaimedShard,
} from '../generated/insert.queries';
import type { TimerValues } from '../validation/timer';
import type { CreateTarget } from './create-queue';
import { newRevision } from './new-revision';
import { requireFence } from './require-fence';
import type { StoreCall } from './store-call';
import { timerArrays } from './timer-params';
import { refuseSealed } from './write-unsealed';

/**
 * All of them in one statement, with a fence if the target has a version. Without one, a shard that has never been
 * claimed takes a second statement.
 */
export async function writeTimers(
  call: StoreCall,
  { shardId, shardVersion }: CreateTarget,
  timers: readonly TimerValues[],
): Promise<void> {
  const [timer] = timers;
  if (timer === undefined) {
    return;
  }
  // A statement of its own for one timer: arrays of one element take the server longer.
  const isOne = timers.length === 1;
  if (shardVersion !== undefined) {
    const { rowCount } = await (isOne
      ? call.write(createTimer, { shardId, shardVersion, revision: newRevision(), ...timer })
      : call.write(createTimers, { shardId, shardVersion, ...timerArrays(timers) }));
    requireFence(rowCount > 0, shardId, shardVersion);
    return;
  }
  const ofClaimed = () =>
    isOne
      ? call.write(createTimerNoLock, { shardId, revision: newRevision(), ...timer })
      : call.write(createTimersNoLock, { shardId, ...timerArrays(timers) });
  const ofUnclaimed = () => call.write(createTimersOfUnclaimedShard, { shardId, ...timerArrays(timers) });
  // Again at the end: the shard may have been claimed for the first time in between.
  for (const create of [ofClaimed, ofUnclaimed, ofClaimed]) {
    const { rowCount } = await create();
    if (rowCount > 0) {
      return;
    }
  }
  await refuseSealed(call, shardId);
}

import type { TimerValues } from './arguments/read-timer';
import type { CreateTarget } from './create-queue';
import { createTimer, createTimerNoLock, createTimers, createTimersNoLock } from './generated/insert.queries';
import { requireFence } from './require-fence';
import type { StoreCall } from './store-call';
import { timerArrays } from './timer-params';
import { refuseSealed } from './write-unsealed';

/** All of them in one statement, with a fence if the target has a version. */
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
  if (shardVersion === undefined) {
    const { rowCount } = await (isOne
      ? call.write(createTimerNoLock, { shardId, ...timer })
      : call.write(createTimersNoLock, { shardId, ...timerArrays(timers) }));
    return rowCount > 0 ? undefined : refuseSealed(call, shardId);
  }
  const { rowCount } = await (isOne
    ? call.write(createTimer, { shardId, shardVersion, ...timer })
    : call.write(createTimers, { shardId, shardVersion, ...timerArrays(timers) }));
  requireFence(rowCount > 0, shardId, shardVersion);
}

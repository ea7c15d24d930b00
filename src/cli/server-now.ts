import { ZERO_CURSOR } from '../contract/cursor';
import type { TimerStore } from '../contract/timer-store';

/** The server's time, by which timers are due. */
export async function serverNow(store: TimerStore, signal: AbortSignal): Promise<Date> {
  const { nowMs } = await store.readDueTimers([{ shardId: 0, after: ZERO_CURSOR }], 0, 1, { signal });
  return new Date(Math.floor(nowMs));
}

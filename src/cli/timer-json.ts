import type { Timer } from '../contract/types';
import type { Found } from './find-timers';

/** A timer as programs get it: all that it has, but for what only a settlement needs. */
export function timerJson<T extends Timer>({ shardId, timer }: Found<T>): object {
  const { revision: _, ...fields } = timer;
  return { shardId, ...fields };
}

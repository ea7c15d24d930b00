import { crc32 } from 'node:zlib';
import { checkInteger, checkText, MAX_INT4 } from './scalars';

/**
 * The shard of a timer: the CRC-32 of its id in UTF-8, modulo the number of shards.
 *
 * @param numShards 1 to 2,147,483,647. Changing it moves almost every timer to another shard.
 * @returns 0 to `numShards` - 1.
 * @throws InvalidArgumentError
 * @example
 * const timer = { id: 'order-42', namespace: 'reminders', executeAt: inAnHour };
 * await store.createTimerNoLock(shardIdFor(timer.id, 64), timer); // without an engine
 */
export function shardIdFor(timerId: string, numShards: number): number {
  checkText('timerId', timerId);
  checkInteger('numShards', numShards, 1, MAX_INT4);
  return crc32(timerId) % numShards;
}

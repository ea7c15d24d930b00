import { InvalidArgumentError } from '../contract/errors';
import { checkInteger, MAX_INT4, MIN_INT4 } from '../contract/scalars';
import type { TimerBatch } from '../contract/types';
import { MessageSize } from './message-size';
import { parseElements, parseFields } from './objects';
import { type NewTimerDefaults, parseNewTimers, type TimerValues } from './timer';

const BATCH_FIELDS = ['shardId', 'shardVersion', 'timers'] as const satisfies readonly (keyof TimerBatch)[];

/** A batch as it is sent: nothing of the caller's, which may change. */
export interface TimerBatchValues {
  readonly shardId: number;
  /** Undefined: without a fence. */
  readonly shardVersion: number | undefined;
  readonly timers: readonly TimerValues[];
}

/** @throws InvalidArgumentError also for two batches of one shard, and for more than one message can carry. */
export async function parseTimerBatches(
  batches: unknown,
  maxPayloadBytes: number,
  defaults?: NewTimerDefaults,
): Promise<TimerBatchValues[]> {
  const message = new MessageSize('batches');
  const firstIndexOf = new Map<number, number>();
  const values: TimerBatchValues[] = [];
  for (const [index, element] of parseElements('batches', batches).entries()) {
    const argument = `batches[${index}]`;
    const { shardId, shardVersion, timers } = parseFields(argument, element, BATCH_FIELDS);
    checkInteger(`${argument}.shardId`, shardId, MIN_INT4, MAX_INT4);
    if (shardVersion !== undefined) {
      checkInteger(`${argument}.shardVersion`, shardVersion, 1, Number.MAX_SAFE_INTEGER);
    }
    const firstIndex = firstIndexOf.get(shardId);
    if (firstIndex !== undefined) {
      throw new InvalidArgumentError(`${argument}.shardId`, `is that of batches[${firstIndex}], too`);
    }
    firstIndexOf.set(shardId, index);
    const parsed = await parseNewTimers(`${argument}.timers`, timers, maxPayloadBytes, message, defaults);
    values.push({ shardId, shardVersion, timers: parsed });
  }
  return values;
}

import { InvalidArgumentError, ShardConditionFailedError, UnexpectedServerError } from '../contract/errors';
import { createTimersOfShards } from '../generated/insert.queries';
import { publishBatch } from '../telemetry/batch-channel';
import type { TimerBatchValues } from '../validation/timer-batches';
import type { StoreCall } from './store-call';
import { batchArrays } from './timer-params';
import { writeTimers, writeUnopened } from './write-timers';

/** Timers of one shard, under one version or, without a version, unfenced. */
export type Batch = TimerBatchValues;

/**
 * Stores each batch or nothing of it, all of them by one statement. Shards that have no row yet take statements of
 * their own.
 *
 * @param batches at least one, each with at least one timer, and each of another shard or of another version of it.
 * @returns what came of each: null, or its error.
 * @throws what came of all of them.
 */
export async function writeBatches(call: StoreCall, batches: readonly Batch[]): Promise<unknown[]> {
  if (batches.length === 1) {
    // The statements of one shard need no array of shards.
    return await outcomesOf(call, batches, (batch) => writeTimers(call, batch, batch.timers));
  }
  publishBatch(
    call.operation,
    batches.reduce((count, { timers }) => count + timers.length, 0),
  );
  const { rows } = await call.write(createTimersOfShards, await batchArrays(batches));
  const open = new Set(rows[0]?.openPlaces as unknown as readonly number[]);
  const closed = batches.filter((_, place) => !open.has(place));
  const errors = await outcomesOf(call, closed, async ({ shardId, shardVersion, timers }) => {
    if (shardVersion !== undefined) {
      throw new ShardConditionFailedError(shardId, shardVersion);
    }
    await writeUnopened(call, shardId, timers);
  });
  const errorOf = new Map(closed.map((batch, index) => [batch, errors[index]]));
  return batches.map((batch) => errorOf.get(batch) ?? null);
}

/** Writes each batch by statements of its own: side by side, or one after another in a transaction of the caller. */
export async function outcomesOf(
  call: StoreCall,
  batches: readonly Batch[],
  write: (batch: Batch) => Promise<void>,
): Promise<unknown[]> {
  const outcomes: Promise<unknown>[] = [];
  for (const batch of batches) {
    const outcome = write(batch).then(
      () => null,
      (error: unknown) => error,
    );
    if (call.client !== undefined) {
      await outcome;
    }
    outcomes.push(outcome);
  }
  return await Promise.all(outcomes);
}

/**
 * Whether the server refused the content, rather than that the fence was lost or the server could do nothing for now.
 */
export function isRefusal(error: unknown): boolean {
  return error instanceof InvalidArgumentError || error instanceof UnexpectedServerError;
}

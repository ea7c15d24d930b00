import { ShardConditionFailedError } from '../contract/errors';
import { createTimersOfShards } from '../generated/insert.queries';
import { publishBatch } from '../telemetry/batch-channel';
import { type Batch, outcomesOf } from './batch-outcomes';
import type { StoreCall } from './store-call';
import { batchArrays } from './timer-params';
import { writeParts } from './write-parts';
import { writeTimers, writeUnopened } from './write-timers';

/**
 * Stores each batch or nothing of it, all of them by one statement; on Citus, by one for each part. Shards that have no row
 * yet take statements of their own.
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
  if (call.cluster.answer === true) {
    return await writeParts(call, batches);
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

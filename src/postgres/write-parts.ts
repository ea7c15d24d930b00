import { ShardConditionFailedError } from '../contract/errors';
import { createTimersOfPart } from '../generated/insert.queries';
import { publishBatch } from '../telemetry/batch-channel';
import { type Batch, isRefusal, outcomesOf } from './batch-outcomes';
import type { StoreCall } from './store-call';
import { partArrays } from './timer-params';
import { writeTimers } from './write-timers';

/** A batch that has a fence. */
export type FencedBatch = Batch & { readonly shardVersion: number };

/**
 * Stores each batch or nothing of it, on Citus: those of one part by one statement, if they have a fence. The others take
 * one each, and so do all in a transaction of the caller, which could not go on if Citus refused one.
 *
 * @returns what came of each: null, or its error.
 */
export async function writeParts(call: StoreCall, batches: readonly Batch[]): Promise<unknown[]> {
  const writeAlone = (batch: Batch) => writeTimers(call, batch, batch.timers);
  if (call.client !== undefined) {
    return await outcomesOf(call, batches, writeAlone);
  }
  const errors = new Map<Batch, unknown>();
  const writeEach = async (each: readonly Batch[]) => {
    const ofEach = await outcomesOf(call, each, writeAlone);
    for (const [place, batch] of each.entries()) {
      errors.set(batch, ofEach[place]);
    }
  };
  const writePart = async (part: readonly FencedBatch[]) => {
    try {
      const held = await writeTogether(call, part);
      for (const batch of part) {
        const { shardId, shardVersion } = batch;
        errors.set(batch, held.has(shardId) ? null : new ShardConditionFailedError(shardId, shardVersion));
      }
    } catch (error) {
      if (isRefusal(error)) {
        // Of a timer, whose neighbours land without it; or of the shards, which are of one part no longer.
        call.cluster.forgetParts();
        await writeEach(part);
        return;
      }
      for (const batch of part) {
        errors.set(batch, error);
      }
    }
  };
  const { parts, others } = partsOf(call, batches);
  await Promise.all([...parts.map(writePart), writeEach(others)]);
  return batches.map((batch) => errors.get(batch));
}

/** Parts of at least two batches, with each shard once; and what is in none of them. */
function partsOf(call: StoreCall, batches: readonly Batch[]) {
  const parts = new Map<number, Map<number, FencedBatch>>();
  const others: Batch[] = [];
  for (const batch of batches) {
    const { shardId, shardVersion } = batch;
    const number = shardVersion === undefined ? undefined : call.cluster.partOf(shardId);
    const part = number === undefined ? undefined : (parts.get(number) ?? new Map());
    if (number === undefined || part === undefined || part.has(shardId)) {
      others.push(batch);
    } else {
      parts.set(number, part.set(shardId, batch as FencedBatch));
    }
  }
  const all = Array.from(parts.values(), (part) => [...part.values()]);
  return {
    parts: all.filter((part) => part.length > 1),
    others: [...others, ...all.filter((part) => part.length === 1).flat()],
  };
}

/** @returns the shards that were at their versions. */
async function writeTogether(call: StoreCall, part: readonly FencedBatch[]): Promise<ReadonlySet<number>> {
  publishBatch(
    call.operation,
    part.reduce((count, { timers }) => count + timers.length, 0),
  );
  const { rows } = await call.write(createTimersOfPart, await partArrays(part));
  return new Set(rows.map(({ shardId }) => shardId));
}

import { InvalidArgumentError, ShardConditionFailedError } from '../contract/errors';
import type { TimerStore } from '../contract/timer-store';
import { NOBODY } from './ownership';

/**
 * Keeps with shard 0 how many shards the data is made with: what was made with another number would be looked for in
 * other shards. Of processes that start at once the fence lets one write it, and the others find it.
 *
 * @throws InvalidArgumentError the data was made with another number.
 */
export async function keepShardCount(store: TimerStore, shardCount: number): Promise<void> {
  let kept = await readShardCount(store);
  while (kept === undefined) {
    kept = await writeShardCount(store, shardCount);
  }
  if (kept !== shardCount) {
    const reason = `must be ${kept}, which the data was made with, not ${shardCount}`;
    throw new InvalidArgumentError('options.shardCount', reason);
  }
}

async function readShardCount(store: TimerStore): Promise<number | undefined> {
  return (await store.getShard(0))?.metadata.shardCount;
}

/** @returns what is kept by now; undefined: another process has come between. */
async function writeShardCount(store: TimerStore, shardCount: number): Promise<number | undefined> {
  try {
    const { current } = await store.claimShardOwnership(0, NOBODY);
    const { metadata, shardVersion } = current;
    if (metadata.shardCount === undefined) {
      await store.updateShardMetadata(0, shardVersion, { ...metadata, shardCount });
    }
    return metadata.shardCount ?? shardCount;
  } catch (error) {
    if (error instanceof ShardConditionFailedError) {
      return await readShardCount(store);
    }
    throw error;
  }
}

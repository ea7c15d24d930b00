import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidArgumentError, ShardConditionFailedError } from '../contract/errors';
import type { TimerStore } from '../contract/timer-store';
import { NOBODY } from './ownership';

/** Milliseconds: at most so long at first, and so long in the end, does one wait whom another has come between. */
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1000;

/**
 * Keeps with shard 0 how many shards the data is made with: what was made with another number would be looked for in
 * other shards. Of processes that start at once the fence lets one write it, and the others find it. To write it takes a
 * claim, by which each comes between the others: so they wait for each other, by chance.
 *
 * @throws InvalidArgumentError the data was made with another number.
 */
export async function keepShardCount(store: TimerStore, shardCount: number): Promise<void> {
  let kept = await readShardCount(store);
  for (let pauseMs = FIRST_PAUSE_MS; kept === undefined; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    kept = await writeShardCount(store, shardCount);
    if (kept === undefined) {
      await sleep(Math.random() * pauseMs);
      kept = await readShardCount(store);
    }
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

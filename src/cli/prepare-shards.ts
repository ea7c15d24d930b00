import { ShardConditionFailedError } from '../contract/errors';
import { readBacklogs } from '../postgres/backlogs';
import type { PostgresTimerStore } from '../postgres/postgres-timer-store';
import { shardIdsOf } from './shard-count';

const OWNER = 'pg-timer-store load';

/**
 * Makes the shards that nobody has claimed yet, and keeps their number with the data, so that an engine with another one
 * is refused, and timers of many shards go into one statement. An engine claims them from here as from any owner.
 */
export async function prepareShards(
  store: PostgresTimerStore,
  shardCount: number,
  signal: AbortSignal,
): Promise<void> {
  const { shards } = await readBacklogs(store, shardIdsOf(shardCount), 1, { signal });
  for (const { shardId } of shards.filter(({ shardVersion, isMoved }) => shardVersion === null && !isMoved)) {
    try {
      const { current } = await store.claimShardOwnership(shardId, OWNER, { signal });
      if (shardId === 0) {
        await store.updateShardMetadata(
          0,
          current.shardVersion,
          { ...current.metadata, shardCount },
          { signal },
        );
      }
    } catch (error) {
      // An engine was faster, and does the same.
      if (!(error instanceof ShardConditionFailedError)) {
        throw error;
      }
    }
  }
}

import type { PostgresTimerStore } from 'pg-timer-store';
import { benchTimer, inParallel } from '../lib/bench-timers';
import type { Comparison } from '../lib/compare';

const CALLERS = 64;
const TIMERS = 40_000;
const SHARD_COUNTS = [16, 64, 256];

/** Concurrent creates that are spread over shards, against those of one shard. */
export function shardComparisons(store: PostgresTimerStore, empty: () => Promise<void>): Comparison[] {
  let versions: number[] = [];
  const prepare = async () => {
    await empty();
    versions = [];
    for (let shard = 0; shard < Math.max(...SHARD_COUNTS); shard++) {
      versions.push((await store.claimShardOwnership(shard, 'bench')).current.shardVersion);
    }
  };
  const create = async (shardCount: number, isFenced: boolean) => {
    await inParallel(CALLERS, TIMERS, (index) => {
      const shard = index % shardCount;
      return isFenced
        ? store.createTimer(shard, versions[shard] as number, benchTimer(index))
        : store.createTimerNoLock(shard, benchTimer(index));
    });
    return TIMERS;
  };
  return [true, false].flatMap((isFenced) =>
    SHARD_COUNTS.map((shardCount) => ({
      name: `${isFenced ? 'createTimer' : 'createTimerNoLock'}, ${CALLERS} callers, ${shardCount} shards`,
      unit: 'timers',
      yardstick: 'the same, 1 shard',
      goal: 0.9,
      prepare,
      ours: () => create(shardCount, isFenced),
      theirs: () => create(1, isFenced),
    })),
  );
}

import { deepEqual, equal } from 'node:assert/strict';
import { buildTimer } from '../build-timer';
import { ALL, type ClaimedShard, rejectsWith, type Suite } from './suite';

export function fenceCases(suite: Suite): void {
  const CALLS: Record<string, (shard: ClaimedShard) => Promise<unknown>> = {
    updateShardMetadata: ({ shardId, shardVersion }) =>
      suite.store.updateShardMetadata(shardId, shardVersion, { shardCount: 7 }),
    createTimer: ({ shardId, shardVersion }) =>
      suite.store.createTimer(shardId, shardVersion, buildTimer({ id: 'new' })),
    createTimers: ({ shardId, shardVersion }) =>
      suite.store.createTimers(shardId, shardVersion, [buildTimer({ id: 'new' })]),
    updateTimer: ({ shardId, shardVersion }) =>
      suite.store.updateTimer(shardId, shardVersion, 'tests', 'a', { attempts: 7 }),
    deleteTimer: ({ shardId, shardVersion }) => suite.store.deleteTimer(shardId, shardVersion, 'tests', 'a'),
    rangeDeleteWithLimit: ({ shardId, shardVersion }) =>
      suite.store.rangeDeleteWithLimit(shardId, shardVersion, ALL, 10),
    rangeDeleteWithBatchInsertTxn: ({ shardId, shardVersion }) =>
      suite.store.rangeDeleteWithBatchInsertTxn(shardId, shardVersion, ALL, [buildTimer({ id: 'new' })]),
  };
  suite.describe('a fence', () => {
    for (const [method, call] of Object.entries(CALLS)) {
      suite.test(`lets ${method} through at the version of the shard`, async () => {
        const shard = await suite.shardWith(buildTimer({ id: 'a' }));
        const before = [await suite.store.getShard(shard.shardId), shard.timers];
        await call(shard);
        const after = [await suite.store.getShard(shard.shardId), await suite.timersOf(shard)];
        equal(JSON.stringify(before) === JSON.stringify(after), false, 'something has changed');
      });

      suite.test(`stops ${method} by a former owner, by one to come, and where nobody is`, async () => {
        const shard = await suite.shardWith(buildTimer({ id: 'a' }));
        const { current } = await suite.store.claimShardOwnership(shard.shardId, 'another');
        for (const shardVersion of [shard.shardVersion, current.shardVersion + 1]) {
          await rejectsWith(call({ ...shard, shardVersion }), 'SHARD_CONDITION_FAILED', {
            shardId: shard.shardId,
            expectedVersion: shardVersion,
            retryable: false,
          });
        }
        deepEqual(await suite.store.getShard(shard.shardId), current);
        deepEqual(await suite.timersOf(shard), shard.timers);
        await rejectsWith(call({ shardId: -7, shardVersion: 1 }), 'SHARD_CONDITION_FAILED');
        deepEqual([await suite.store.getShard(-7), await suite.timersOf({ shardId: -7 })], [null, []]);
      });
    }
  });
}

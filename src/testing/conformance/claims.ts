import { deepEqual, equal, ok } from 'node:assert/strict';
import { cursorAtEndOf } from '../../contract/cursor';
import type { ShardClaim } from '../../contract/types';
import { rejectsWith, type Suite } from './suite';

const OFFSET = cursorAtEndOf(new Date('2030-01-01T00:00:00.001Z'));

export function claimCases(suite: Suite): void {
  suite.describe('claims', () => {
    suite.test('a shard that was never claimed is null', async () => {
      equal(await suite.store.getShard(-2_147_483_648), null);
    });

    suite.test('the first makes version 1, without a previous owner and with empty metadata', async () => {
      const { previous, current } = await suite.store.claimShardOwnership(-1, 'host-a:7000');
      equal(previous, null);
      ok(current.claimedAt instanceof Date);
      deepEqual(current, {
        shardId: -1,
        ownerAddr: 'host-a:7000',
        shardVersion: 1,
        metadata: {},
        claimedAt: current.claimedAt,
      });
      deepEqual(await suite.store.getShard(-1), current);
    });

    suite.test('the next adds 1 to the version, and returns the previous owner exactly', async () => {
      const first = await suite.store.claimShardOwnership(-2, 'host-a:7000');
      const second = await suite.store.claimShardOwnership(-2, 'host-b:7000');
      deepEqual(second.previous, first.current);
      equal(second.current.ownerAddr, 'host-b:7000');
      equal(second.current.shardVersion, 2);
      const third = await suite.store.claimShardOwnership(-2, 'host-b:7000');
      equal(third.current.shardVersion, 3);
    });

    suite.test('of several at once each version has one winner, and the others lose the race', async () => {
      const { shardId, shardVersion } = await suite.claimedShard();
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, (_, index) => suite.store.claimShardOwnership(shardId, `host-${index}`)),
      );
      const claims = outcomes.filter(
        (outcome): outcome is PromiseFulfilledResult<ShardClaim> => outcome.status === 'fulfilled',
      );
      const versions = claims.map(({ value }) => value.current.shardVersion).sort((a, b) => a - b);
      deepEqual(
        versions,
        claims.map((_, index) => shardVersion + 1 + index),
      );
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') {
          await rejectsWith(Promise.reject(outcome.reason), 'SHARD_CONDITION_FAILED', { shardId });
        }
      }
    });

    suite.test('metadata outlives owners, and is replaced as a whole', async () => {
      const { shardId, shardVersion } = await suite.claimedShard();
      await suite.store.updateShardMetadata(shardId, shardVersion, {
        committedOffset: OFFSET,
        shardCount: 64,
      });
      const { previous, current } = await suite.store.claimShardOwnership(shardId, 'next');
      deepEqual(previous?.metadata, { committedOffset: OFFSET, shardCount: 64 });
      deepEqual(current.metadata, { committedOffset: OFFSET, shardCount: 64 });
      await suite.store.updateShardMetadata(shardId, current.shardVersion, {});
      deepEqual((await suite.store.getShard(shardId))?.metadata, {});
    });

    suite.test('what was returned is the caller’s, and no way to change the shard', async () => {
      const { shardId, shardVersion } = await suite.claimedShard();
      await suite.store.updateShardMetadata(shardId, shardVersion, { committedOffset: OFFSET });
      const { current } = await suite.store.claimShardOwnership(shardId, 'next');
      current.claimedAt.setFullYear(1970);
      current.metadata.committedOffset?.executeAt.setFullYear(1970);
      const shard = await suite.store.getShard(shardId);
      ok(shard && shard.claimedAt.getFullYear() > 1970);
      deepEqual(shard.metadata, { committedOffset: OFFSET });
    });
  });
}

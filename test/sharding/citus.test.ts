import { moveShard } from '../../src';
import { errorOf } from '../support/error-of';
import { pretendCitus } from '../support/pretend-citus';
import { openMovingServers } from './moving-servers';

test.each(['source', 'target'] as const)('a shard is not moved when its %s has Citus', async (end) => {
  const servers = await openMovingServers();
  const { a, b } = servers;
  const { shardId } = await servers.claimedShard();
  await pretendCitus((end === 'source' ? a : b).direct);
  expect(await errorOf(moveShard(shardId, a.store, b.store))).toMatchObject({
    code: 'SHARD_MOVE_FAILED',
    message: expect.stringContaining(`the ${end} has Citus`),
  });
  expect(await b.store.getShard(shardId)).toBeNull();
  await servers.close();
});

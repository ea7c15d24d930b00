import { checkShardId, checkText } from '../contract/scalars';
import type { CallOptions, ShardClaim, ShardInfo, ShardMetadata } from '../contract/types';
import * as queries from '../generated/claim.queries';
import { checkShard } from '../validation/keys';
import { parseShardMetadata } from '../validation/range';
import { claimShard } from './claim-shard';
import { requireFence } from './require-fence';
import { metadataText, toShardInfo } from './shard-row';
import type { StoreContext } from './store-context';

export async function claimShardOwnership(
  store: StoreContext,
  shardId: number,
  ownerAddr: string,
  options?: CallOptions,
): Promise<ShardClaim> {
  checkShardId(shardId);
  checkText('ownerAddr', ownerAddr);
  return await store.call('claimShardOwnership', options, (call) => claimShard(call, shardId, ownerAddr));
}

export async function getShard(
  store: StoreContext,
  shardId: number,
  options?: CallOptions,
): Promise<ShardInfo | null> {
  checkShardId(shardId);
  const { rows } = await store.call('getShard', options, (call) => call.read(queries.getShard, { shardId }));
  return rows[0] === undefined ? null : toShardInfo(shardId, rows[0]);
}

export async function updateShardMetadata(
  store: StoreContext,
  shardId: number,
  shardVersion: number,
  metadata: ShardMetadata,
  options?: CallOptions,
): Promise<void> {
  checkShard(shardId, shardVersion);
  const params = { shardId, shardVersion, metadata: metadataText(parseShardMetadata(metadata)) };
  await store.call('updateShardMetadata', options, async (call) => {
    const { rowCount } = await call.write(queries.updateShardMetadata, params);
    requireFence(rowCount > 0, shardId, shardVersion);
  });
}

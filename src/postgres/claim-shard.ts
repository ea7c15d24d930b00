import { ShardConditionFailedError } from '../contract/errors';
import type { ShardClaim } from '../contract/types';
import { claimNewShard, claimShardOwnership } from '../generated/claim.queries';
import { toShardInfo } from './shard-row';
import type { StoreCall } from './store-call';
import { refuseSealed } from './write-unsealed';

/** Claims a shard by one statement, or by another one if the shard has never been claimed. */
export async function claimShard(call: StoreCall, shardId: number, ownerAddr: string): Promise<ShardClaim> {
  const { rows } = await call.write(claimShardOwnership, { shardId, ownerAddr });
  const claim = rows[0];
  if (claim === undefined) {
    return claimUnownedShard(call, shardId, ownerAddr);
  }
  if (claim.previousVersion === null) {
    return refuseSealed(call, shardId);
  }
  if (claim.shardVersion === null) {
    throw new ShardConditionFailedError(shardId, claim.previousVersion);
  }
  const current = toShardInfo(shardId, { ...claim, shardVersion: claim.shardVersion });
  const previous = toShardInfo(shardId, {
    shardVersion: claim.previousVersion,
    ownerAddr: claim.previousOwnerAddr,
    claimedAtMs: claim.previousClaimedAtMs,
    metadata: claim.metadata,
  });
  return { previous, current };
}

async function claimUnownedShard(call: StoreCall, shardId: number, ownerAddr: string): Promise<ShardClaim> {
  const { rows } = await call.write(claimNewShard, { shardId, ownerAddr });
  const claim = rows[0];
  if (claim === undefined) {
    throw new ShardConditionFailedError(shardId, 0);
  }
  return { previous: null, current: toShardInfo(shardId, claim) };
}

import { ShardConditionFailedError } from '../contract/errors';

/** @throws ShardConditionFailedError */
export function requireFence(held: boolean, shardId: number, shardVersion: number): asserts held {
  if (!held) {
    throw new ShardConditionFailedError(shardId, shardVersion);
  }
}

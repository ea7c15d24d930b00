import { checkShardId, checkShardVersion, checkText } from '../contract/scalars';

/** @throws InvalidArgumentError */
export function checkShard(shardId: unknown, shardVersion: unknown): void {
  checkShardId(shardId);
  checkShardVersion(shardVersion);
}

/** @throws InvalidArgumentError */
export function checkTimerKey(namespace: unknown, timerId: unknown): void {
  checkText('namespace', namespace);
  checkText('timerId', timerId);
}

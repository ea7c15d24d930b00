import {
  checkInteger,
  checkShardId,
  checkShardVersion,
  checkText,
  MAX_INT4,
  MIN_INT4,
} from '../contract/scalars';
import { parseElements } from './objects';

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

/** A copy, since the caller's may change. @throws InvalidArgumentError */
export function parseShardIds(argument: string, shardIds: unknown): number[] {
  return parseElements(argument, shardIds).map((shardId, index) => {
    checkInteger(`${argument}[${index}]`, shardId, MIN_INT4, MAX_INT4);
    return shardId;
  });
}

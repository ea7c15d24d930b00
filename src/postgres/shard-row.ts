import { InvalidArgumentError, ShardMovedError, UnreadableRowError } from '../contract/errors';
import { isInstant } from '../contract/scalars';
import type { ShardInfo, ShardMetadata } from '../contract/types';
import { InexactJson } from '../driver/parse-jsonb';
import type { GetShardResult } from '../generated/claim.queries';
import { parseShardMetadata } from '../validation/range';

/** What every query that returns shards returns of each. */
export type ShardRow = GetShardResult;

/**
 * @throws ShardMovedError
 * @throws UnreadableRowError another program wrote something that would have to be guessed at.
 */
export function toShardInfo(shardId: number, row: ShardRow): ShardInfo {
  const { ownerAddr, shardVersion, claimedAtMs } = row;
  const metadata = storedMetadata(row);
  if (isSealed(shardVersion, metadata)) {
    throw new ShardMovedError(shardId);
  }
  if (shardVersion === null || !Number.isSafeInteger(shardVersion)) {
    throw new UnreadableRowError(
      shardId,
      undefined,
      'its version is NULL or beyond what a JavaScript number keeps',
    );
  }
  if (ownerAddr === null) {
    throw new UnreadableRowError(shardId, undefined, 'its owner is NULL');
  }
  if (!isInstant(claimedAtMs)) {
    throw new UnreadableRowError(
      shardId,
      undefined,
      'the time of its claim is NULL or outside the years 1 to 9999',
    );
  }
  return {
    shardId,
    ownerAddr,
    shardVersion,
    metadata: toShardMetadata(shardId, metadata),
    claimedAt: new Date(claimedAtMs),
  };
}

/** Takes inexact metadata as they are: this version reads no numbers of them, so another version wrote the number. */
function storedMetadata({ metadata }: ShardRow): unknown {
  const value: unknown = metadata;
  return value instanceof InexactJson ? value.nearest : value;
}

/** Whether a move has taken the shard from whoever uses this server: see sql/move.sql. */
function isSealed(shardVersion: number | null, metadata: unknown): boolean {
  return shardVersion === null && typeof metadata === 'object' && metadata !== null && 'move' in metadata;
}

/** Writes the JSON text that the column keeps: the committed offset's time is as `toISOString` writes it. */
export function metadataText(metadata: ShardMetadata): string {
  return JSON.stringify(metadata);
}

/**
 * Reads the committed offset. One that cannot be read is not taken for none, which would fire every timer of the shard
 * again. Fields that this version does not know are left to the version that does.
 *
 * @throws UnreadableRowError
 */
function toShardMetadata(shardId: number, stored: unknown): ShardMetadata {
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) {
    throw unreadable(shardId, 'it is not a JSON object');
  }
  const shardCount = 'shardCount' in stored ? { shardCount: stored.shardCount as number } : {};
  if (!('committedOffset' in stored)) {
    return checked(shardId, shardCount);
  }
  const offset: unknown = stored.committedOffset;
  if (typeof offset !== 'object' || offset === null || !('executeAt' in offset) || !('uuid' in offset)) {
    throw unreadable(shardId, 'its committedOffset is not {"executeAt", "uuid"}');
  }
  const executeAt = new Date(String(offset.executeAt));
  const metadata = checked(shardId, {
    ...shardCount,
    committedOffset: { executeAt, uuid: offset.uuid as string },
  });
  if (executeAt.toISOString() !== offset.executeAt) {
    throw unreadable(shardId, 'the time of its committedOffset is not in UTC with whole milliseconds');
  }
  return metadata;
}

function checked(shardId: number, metadata: ShardMetadata): ShardMetadata {
  try {
    return parseShardMetadata(metadata);
  } catch (error) {
    throw error instanceof InvalidArgumentError ? unreadable(shardId, error.message) : error;
  }
}

function unreadable(shardId: number, reason: string): UnreadableRowError {
  return new UnreadableRowError(shardId, undefined, `its metadata: ${reason}`);
}

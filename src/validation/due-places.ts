import type { DuePlace } from '../contract/due-timers';
import { InvalidArgumentError } from '../contract/errors';
import { checkInteger, checkShardId, MAX_INT4, show } from '../contract/scalars';
import { parseCursor } from './range';

/** Longer than anything that an engine looks ahead: a day. */
const MAX_LOOK_AHEAD_MS = 86_400_000;

/** @throws InvalidArgumentError also for two places of one shard. */
export function parseDueRead(places: unknown, lookAheadMs: unknown, limit: unknown): DuePlace[] {
  if (!Array.isArray(places)) {
    throw new InvalidArgumentError('places', `must be an array, not ${show(places)}`);
  }
  const seen = new Set<number>();
  const parsed = places.map((place: DuePlace, index) => {
    const { shardId, after } = place;
    checkShardId(shardId);
    if (seen.has(shardId)) {
      throw new InvalidArgumentError(`places[${index}].shardId`, `must not be given twice: ${shardId}`);
    }
    seen.add(shardId);
    return { shardId, after: parseCursor(`places[${index}].after`, { ...after }) };
  });
  checkInteger('lookAheadMs', lookAheadMs, 0, MAX_LOOK_AHEAD_MS);
  checkInteger('limit', limit, 1, MAX_INT4);
  return parsed;
}

/** @throws InvalidArgumentError */
export function checkAnnounced(shardIds: readonly unknown[] | null): void {
  for (const shardId of shardIds ?? []) {
    checkShardId(shardId);
  }
}

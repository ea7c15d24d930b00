import type { DuePlace } from '../contract/due-timers';
import { InvalidArgumentError } from '../contract/errors';
import { checkInteger, MAX_INT4, MIN_INT4 } from '../contract/scalars';
import { parseElements, parseFields } from './objects';
import { CURSOR_FIELDS, parseCursor } from './range';

/** Longer than anything that an engine looks ahead: a day. */
const MAX_LOOK_AHEAD_MS = 86_400_000;

const PLACE_FIELDS = ['shardId', 'after'] as const satisfies readonly (keyof DuePlace)[];

/** @throws InvalidArgumentError also for no place at all, and for two of one shard. */
export function parseDueRead(places: unknown, lookAheadMs: unknown, limit: unknown): DuePlace[] {
  const elements = parseElements('places', places);
  if (elements.length === 0) {
    throw new InvalidArgumentError('places', 'must not be empty: no server would tell its time');
  }
  const seen = new Set<number>();
  const parsed = elements.map((place, index) => {
    const argument = `places[${index}]`;
    const { shardId, after } = parseFields(argument, place, PLACE_FIELDS);
    checkInteger(`${argument}.shardId`, shardId, MIN_INT4, MAX_INT4);
    if (seen.has(shardId)) {
      throw new InvalidArgumentError(`${argument}.shardId`, `must not be given twice: ${shardId}`);
    }
    seen.add(shardId);
    const cursor = parseFields(`${argument}.after`, after, CURSOR_FIELDS);
    return { shardId, after: parseCursor(`${argument}.after`, cursor) };
  });
  checkInteger('lookAheadMs', lookAheadMs, 0, MAX_LOOK_AHEAD_MS);
  checkInteger('limit', limit, 1, MAX_INT4);
  return parsed;
}

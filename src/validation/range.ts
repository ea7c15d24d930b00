import { InvalidArgumentError } from '../contract/errors';
import { checkInteger, checkUuid, MAX_INT4, parseDate } from '../contract/scalars';
import type { ShardMetadata, TimerCursor, TimerRange } from '../contract/types';
import { parseFields, parsePlainFields } from './objects';

export const CURSOR_FIELDS = ['executeAt', 'uuid'] as const satisfies readonly (keyof TimerCursor)[];

export function parseCursor(argument: string, { executeAt, uuid }: Record<string, unknown>): TimerCursor {
  const instant = parseDate(`${argument}.executeAt`, executeAt);
  checkUuid(`${argument}.uuid`, uuid);
  return { executeAt: instant, uuid };
}

export function parseRange(range: unknown): TimerRange {
  const fields = parseFields('range', range, ['after', 'upTo'] satisfies (keyof TimerRange)[]);
  const after = parseCursor('range.after', parseFields('range.after', fields['after'], CURSOR_FIELDS));
  const upTo = parseCursor('range.upTo', parseFields('range.upTo', fields['upTo'], CURSOR_FIELDS));
  if (isBefore(upTo, after)) {
    throw new InvalidArgumentError('range.upTo', 'must not be before range.after');
  }
  return { after, upTo };
}

/** In lower case, UUIDs are ordered as text just as PostgreSQL orders them: byte by byte. */
function isBefore(a: TimerCursor, b: TimerCursor): boolean {
  const difference = a.executeAt.getTime() - b.executeAt.getTime();
  return difference < 0 || (difference === 0 && a.uuid.toLowerCase() < b.uuid.toLowerCase());
}

export function parseShardMetadata(metadata: unknown): ShardMetadata {
  const { committedOffset, shardCount } = parsePlainFields('metadata', metadata, [
    'committedOffset',
    'shardCount',
  ] satisfies (keyof ShardMetadata)[]);
  if (shardCount !== undefined) {
    checkInteger('metadata.shardCount', shardCount, 1, MAX_INT4);
  }
  const argument = 'metadata.committedOffset';
  return {
    ...(committedOffset !== undefined && {
      committedOffset: parseCursor(argument, parsePlainFields(argument, committedOffset, CURSOR_FIELDS)),
    }),
    ...(shardCount !== undefined && { shardCount }),
  };
}

import { InvalidArgumentError } from '../errors';
import type { ShardMetadata, TimerCursor, TimerRange } from '../timer-store-types';
import { checkUuid, readDate, readFields, readPlainFields } from './check-scalar';

const CURSOR_FIELDS = ['executeAt', 'uuid'] as const satisfies readonly (keyof TimerCursor)[];

function readCursor(argument: string, { executeAt, uuid }: Record<string, unknown>): TimerCursor {
  const instant = readDate(`${argument}.executeAt`, executeAt);
  checkUuid(`${argument}.uuid`, uuid);
  return { executeAt: instant, uuid };
}

export function readRange(range: unknown): TimerRange {
  const fields = readFields('range', range, ['after', 'upTo'] satisfies (keyof TimerRange)[]);
  const after = readCursor('range.after', readFields('range.after', fields['after'], CURSOR_FIELDS));
  const upTo = readCursor('range.upTo', readFields('range.upTo', fields['upTo'], CURSOR_FIELDS));
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

export function readShardMetadata(metadata: unknown): ShardMetadata {
  const fields = readPlainFields('metadata', metadata, ['committedOffset'] satisfies (keyof ShardMetadata)[]);
  if (!('committedOffset' in fields)) {
    return {};
  }
  const argument = 'metadata.committedOffset';
  const cursor = readPlainFields(argument, fields['committedOffset'], CURSOR_FIELDS);
  return { committedOffset: readCursor(argument, cursor) };
}

import { InvalidArgumentError } from '../errors';
import type { ShardMetadata, TimerCursor, TimerRange } from '../timer-store-types';
import { checkDate, checkFields, checkPlainObject, checkUuid } from './check-scalar';

export function checkCursor(argument: string, cursor: unknown): asserts cursor is TimerCursor {
  checkFields(argument, cursor, ['executeAt', 'uuid'] satisfies (keyof TimerCursor)[]);
  checkDate(`${argument}.executeAt`, cursor['executeAt']);
  checkUuid(`${argument}.uuid`, cursor['uuid']);
}

export function checkRange(range: unknown): asserts range is TimerRange {
  checkFields('range', range, ['after', 'upTo'] satisfies (keyof TimerRange)[]);
  const { after, upTo } = range;
  checkCursor('range.after', after);
  checkCursor('range.upTo', upTo);
  if (isBefore(upTo, after)) {
    throw new InvalidArgumentError('range.upTo', 'must not be before range.after');
  }
}

/** In lower case, UUIDs are ordered as text just as PostgreSQL orders them: byte by byte. */
function isBefore(a: TimerCursor, b: TimerCursor): boolean {
  const difference = a.executeAt.getTime() - b.executeAt.getTime();
  return difference < 0 || (difference === 0 && a.uuid.toLowerCase() < b.uuid.toLowerCase());
}

export function checkShardMetadata(metadata: unknown): asserts metadata is ShardMetadata {
  checkPlainObject('metadata', metadata);
  checkFields('metadata', metadata, ['committedOffset'] satisfies (keyof ShardMetadata)[]);
  if ('committedOffset' in metadata) {
    checkPlainObject('metadata.committedOffset', metadata['committedOffset']);
    checkCursor('metadata.committedOffset', metadata['committedOffset']);
  }
}

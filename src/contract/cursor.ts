import { EARLIEST_INSTANT, NIL_UUID, parseDate } from './scalars';
import type { TimerCursor } from './types';

/** The UUID after all others. Source: RFC 9562, section 5.10. */
const MAX_UUID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * The cursor before every timer, at which the reading of a shard begins.
 *
 * @example
 * const first = await store.rangeGetTimers(7, { after: ZERO_CURSOR, upTo: cursorAtEndOf(new Date()) }, 1_000);
 */
export const ZERO_CURSOR: TimerCursor = Object.freeze({
  // A new Date at each access: a Date cannot be frozen, and this object is shared by everyone.
  get executeAt() {
    return new Date(EARLIEST_INSTANT);
  },
  uuid: NIL_UUID,
});

/**
 * The cursor after every timer that is due at that instant or earlier.
 *
 * @throws InvalidArgumentError
 * @example
 * const dueBefore = { after: ZERO_CURSOR, upTo: cursorAtEndOf(new Date('2030-01-31T12:00:00Z')) };
 */
export function cursorAtEndOf(executeAt: Date): TimerCursor {
  return { executeAt: parseDate('executeAt', executeAt), uuid: MAX_UUID };
}

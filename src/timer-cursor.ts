import { readDate } from './arguments/check-scalar';
import type { TimerCursor } from './timer-store-types';

/** The UUID before all others. Shard rows have it; no timer may. */
export const NIL_UUID = '00000000-0000-0000-0000-000000000000';

/** The UUID after all others. Source: RFC 9562, section 5.10. */
const MAX_UUID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The earliest and the latest instant that a timer can have: the years 1 to 9999, in UTC. */
export const EARLIEST_INSTANT = Date.parse('0001-01-01T00:00:00.000Z');
export const LATEST_INSTANT = Date.parse('9999-12-31T23:59:59.999Z');

/** Whether a time that was read is one that a timer can have. Infinity is read as null. */
export function isInstant(ms: number | null): ms is number {
  return ms !== null && ms >= EARLIEST_INSTANT && ms <= LATEST_INSTANT;
}

/** Before every timer: where the reading of a shard starts that has no committed offset yet. */
export const ZERO_CURSOR: TimerCursor = Object.freeze({
  // A new Date at each access: a Date cannot be frozen, and this object is shared by everyone.
  get executeAt() {
    return new Date(EARLIEST_INSTANT);
  },
  uuid: NIL_UUID,
});

/**
 * After every timer that is due at that instant or earlier.
 *
 * @throws InvalidArgumentError
 */
export function cursorAtEndOf(executeAt: Date): TimerCursor {
  return { executeAt: readDate('executeAt', executeAt), uuid: MAX_UUID };
}

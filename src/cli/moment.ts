import { isInstant } from '../contract/scalars';
import { parseRfc3339 } from '../engine/rfc3339';
import { CommandError, ExitCode } from './exit-code';

/** A time that may count from the server's now. */
export type Moment = (now: Date) => Date;

const UNITS_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const CANONICAL_LENGTH = '2030-01-31T12:00:00.000Z'.length;

/** Digits beyond the third after the point that are not zero. */
const FINER_THAN_MILLISECONDS = /\.\d{3}\d*[1-9]/;

/** @throws CommandError nothing is in the span: it ends before it begins. */
export function checkSpan(
  startOption: string,
  start: Date | undefined,
  endOption: string,
  end: Date | undefined,
): void {
  if (start !== undefined && end !== undefined && start > end) {
    const message = `${startOption} must not be after ${endOption}: ${start.toISOString()} is after ${end.toISOString()}`;
    throw new CommandError(ExitCode.USAGE, message);
  }
}

/** Undefined: it is none, or is not exact in milliseconds. */
export function parseMoment(text: string): Moment | undefined {
  if (text === 'now') {
    return (now) => now;
  }
  const [, sign, amount, unit] = /^([+-])(\d+(?:\.\d{1,3})?)([smhd])$/.exec(text) ?? [];
  if (sign !== undefined) {
    const ms = Math.round(Number(`${sign}${amount}`) * UNITS_MS[unit as keyof typeof UNITS_MS]);
    return isInstant(Date.now() + ms) ? (now) => new Date(now.getTime() + ms) : undefined;
  }
  const exact = parseInstant(text);
  return exact && (() => exact);
}

/** An instant of RFC 3339 that milliseconds keep exactly. */
export function parseInstant(text: string): Date | undefined {
  // As `dump` and most programs write it. What comes out as it went in is right, in a third of the time.
  if (text.length === CANONICAL_LENGTH) {
    const instant = new Date(text);
    if (isInstant(instant.getTime()) && instant.toISOString() === text) {
      return instant;
    }
  }
  return FINER_THAN_MILLISECONDS.test(text) ? undefined : parseRfc3339(text);
}

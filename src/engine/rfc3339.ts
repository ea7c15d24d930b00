import { isInstant } from '../contract/scalars';

const RFC_3339 =
  /^(\d{4}-\d{2}-(\d{2}))[Tt](([01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d{1,3})(\d*))?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/**
 * A time such as 2030-01-31T12:00:00.5+01:00. What is finer than a millisecond is rounded up, so that nothing fires
 * before the time that was named. Undefined for anything else, for a date that no calendar has, and for one that a
 * timer cannot have.
 *
 * @example
 * parseRfc3339('2030-01-31T12:00:00+01:00')?.toISOString(); // 2030-01-31T11:00:00.000Z
 */
export function parseRfc3339(text: string): Date | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, date, day, time, , milliseconds = '', finer = '', zone = ''] = match;
  // Date takes the 31st of February for one in March.
  if (new Date(`${date}T00:00:00Z`).getUTCDate() !== Number(day)) {
    return undefined;
  }
  const exact = Date.parse(`${date}T${time}.${milliseconds.padEnd(3, '0')}${zone.toUpperCase()}`);
  const ms = exact + (/[1-9]/.test(finer) ? 1 : 0);
  return isInstant(Number.isNaN(ms) ? null : ms) ? new Date(ms) : undefined;
}

import { Cron } from 'croner';
import { InvalidArgumentError } from '../contract/errors';
import { checkText, parseDate, show } from '../contract/scalars';
import { parseOptions } from '../validation/objects';

/**
 * Which runs are made up for that did not begin within a minute of their time, since nothing ran then: none; one, however
 * many there are; or all, one after the other.
 */
export type MissedRuns = 'none' | 'one' | 'all';

/** When a timer fires, again and again. It is plain JSON, so that a payload may hold it. */
export interface Recurrence {
  /**
   * Minute, hour, day of the month, month and day of the week, as in `30 2 * * *`; before them perhaps the second, and then
   * behind them the year. Also `@hourly`, `@daily`, `@weekly`, `@monthly` and `@yearly`; `L` for the last day of a
   * month, `15W` for the working day nearest to the 15th, `FRI#2` for the second Friday.
   */
  readonly cron: string;
  /** Whose clocks the expression speaks of, by its IANA name, such as `Europe/Berlin`, or `UTC`. */
  readonly timeZone: string;
  /** (Default: one) */
  readonly missed?: MissedRuns | undefined;
}

/** A recurrence that was checked. */
export interface ParsedRecurrence {
  readonly missed: MissedRuns;
  /** The first run after a time; null if there is none. */
  next(after: Date): Date | null;
}

const FIELDS = ['cron', 'timeZone', 'missed'] satisfies (keyof Recurrence)[];
const POLICIES: readonly unknown[] = ['none', 'one', 'all'] satisfies MissedRuns[];

/**
 * The first run of a recurrence after a time; null if there is none, as for the 31st of February.
 *
 * A local time that clocks leave out when they go forward is run at the end of the gap, and one that they repeat when they go
 * back is run the first time: so each local day has its run, and has it once. Expressions with `*` or a step for hour, minute or second
 * go on through a repeated hour, and leave out the one that is missing.
 *
 * @example
 * const executeAt = nextRun({ cron: '30 2 * * *', timeZone: 'Europe/Berlin' }, new Date());
 *
 * @throws InvalidArgumentError
 */
export function nextRun(recurrence: Recurrence, after: Date): Date | null {
  return parseRecurrence(recurrence).next(parseDate('after', after));
}

/** @throws InvalidArgumentError */
export function parseRecurrence(recurrence: unknown): ParsedRecurrence {
  const { cron, timeZone, missed = 'one' } = parseOptions('recurrence', recurrence, FIELDS);
  if (!POLICIES.includes(missed)) {
    throw new InvalidArgumentError('recurrence.missed', `must be none, one or all, not ${show(missed)}`);
  }
  checkTimeZone(timeZone);
  const pattern = parseCron(cron, timeZone);
  return { missed: missed as MissedRuns, next: (after) => pattern.nextRun(after) };
}

function checkTimeZone(timeZone: unknown): asserts timeZone is string {
  checkText('recurrence.timeZone', timeZone);
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch (cause) {
    throw new InvalidArgumentError(
      'recurrence.timeZone',
      `must be the name of a time zone such as Europe/Berlin, not ${show(timeZone)}`,
      { cause },
    );
  }
}

function parseCron(cron: unknown, timezone: string): Cron {
  checkText('recurrence.cron', cron);
  try {
    // Dates would be taken too: what has a colon is one.
    if (cron.includes(':')) {
      throw new TypeError('a date is no cron expression');
    }
    // Lists and ranges of times are times like any other: each of them once a day.
    return new Cron(cron, { timezone, fixedTimeRule: 'no-wildcard' });
  } catch (cause) {
    throw new InvalidArgumentError('recurrence.cron', `must be a cron expression, not ${show(cron)}`, {
      cause,
    });
  }
}

/** Runs by the clocks of time zones, through what these do twice a year. */
import { InvalidArgumentError } from '../../src';
import { nextRun, type Recurrence } from '../../src/recurring';
import { errorOf } from '../support/error-of';

/** The first runs after a time. */
function runsAfter(after: string, count: number, recurrence: Recurrence): (string | undefined)[] {
  const runs: (string | undefined)[] = [];
  for (let last: Date | null = new Date(after); runs.length < count && last !== null; ) {
    last = nextRun(recurrence, last);
    runs.push(last?.toISOString());
  }
  return runs;
}

const BERLIN = 'Europe/Berlin';

test.each<[name: string, cron: string, timeZone: string, after: string, runs: readonly string[]]>([
  [
    'clocks go forward over it: at the end of the gap',
    '30 2 * * *',
    BERLIN,
    '2026-03-27T12:00:00Z',
    ['2026-03-28T01:30:00.000Z', '2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z'],
  ],
  [
    'clocks go back over it: the first time',
    '30 2 * * *',
    BERLIN,
    '2026-10-23T12:00:00Z',
    ['2026-10-24T00:30:00.000Z', '2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z'],
  ],
  [
    'asked for between the two times: on the next day',
    '30 2 * * *',
    BERLIN,
    '2026-10-25T00:45:00Z',
    ['2026-10-26T01:30:00.000Z'],
  ],
  [
    'several times a day, of which one comes twice',
    '0 2,14 * * *',
    BERLIN,
    '2026-10-24T22:00:00Z',
    ['2026-10-25T00:00:00.000Z', '2026-10-25T13:00:00.000Z', '2026-10-26T01:00:00.000Z'],
  ],
  [
    'several times a day, of which two meet at the end of the gap: once',
    '30 2,3 * * *',
    BERLIN,
    '2026-03-28T12:00:00Z',
    ['2026-03-29T01:00:00.000Z', '2026-03-29T01:30:00.000Z', '2026-03-30T00:30:00.000Z'],
  ],
  [
    'each hour, through a repeated one',
    '0 * * * *',
    BERLIN,
    '2026-10-24T23:30:00Z',
    ['2026-10-25T00:00:00.000Z', '2026-10-25T01:00:00.000Z', '2026-10-25T02:00:00.000Z'],
  ],
  [
    'each hour, over a missing one',
    '0 * * * *',
    BERLIN,
    '2026-03-28T23:30:00Z',
    ['2026-03-29T00:00:00.000Z', '2026-03-29T01:00:00.000Z', '2026-03-29T02:00:00.000Z'],
  ],
  [
    'in the other hemisphere, where clocks move by half an hour',
    '15 2 * * *',
    'Australia/Lord_Howe',
    '2026-10-02T12:00:00Z',
    ['2026-10-02T15:45:00.000Z', '2026-10-03T15:30:00.000Z', '2026-10-04T15:15:00.000Z'],
  ],
  [
    'at a midnight that there is not',
    '0 0 * * *',
    'Africa/Cairo',
    '2026-04-22T12:00:00Z',
    ['2026-04-22T22:00:00.000Z', '2026-04-23T22:00:00.000Z', '2026-04-24T21:00:00.000Z'],
  ],
  [
    'on the last day of the month',
    '0 12 L * *',
    'UTC',
    '2028-01-31T12:00:00Z',
    ['2028-02-29T12:00:00.000Z', '2028-03-31T12:00:00.000Z'],
  ],
  [
    'each ten seconds',
    '*/10 * * * * *',
    'UTC',
    '2026-01-01T00:00:00.001Z',
    ['2026-01-01T00:00:10.000Z', '2026-01-01T00:00:20.000Z'],
  ],
  ['by a nickname', '@daily', 'UTC', '2026-01-01T23:59:59.999Z', ['2026-01-02T00:00:00.000Z']],
])('%s', (_name, cron, timeZone, after, runs) => {
  expect(runsAfter(after, runs.length, { cron, timeZone })).toEqual(runs);
});

test('each local day of a year has one run, whatever its clocks do', () => {
  for (const timeZone of [
    BERLIN,
    'America/New_York',
    'America/Santiago',
    'Australia/Lord_Howe',
    'Africa/Cairo',
  ]) {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
    for (const cron of ['0 0 * * *', '30 2 * * *']) {
      const days = runsAfter('2026-01-01T12:00:00Z', 365, { cron, timeZone }).map((run) =>
        format.format(new Date(run as string)),
      );
      const first = Date.parse(days[0] as string);
      expect(days).toEqual(
        days.map((_, index) => new Date(first + index * 86_400_000).toISOString().slice(0, 10)),
      );
    }
  }
});

test('there may be no run at all', () => {
  expect(nextRun({ cron: '0 0 31 2 *', timeZone: 'UTC' }, new Date())).toBeNull();
});

test.each<[recurrence: unknown, argument: string]>([
  ['30 2 * * *', 'recurrence'],
  [null, 'recurrence'],
  [[], 'recurrence'],
  [{ cron: '0 0 * * *', timeZone: 'UTC', timezone: 'UTC' }, 'recurrence.timezone'],
  [{ cron: 'daily', timeZone: 'UTC' }, 'recurrence.cron'],
  [{ cron: '60 * * * *', timeZone: 'UTC' }, 'recurrence.cron'],
  [{ cron: '* * *', timeZone: 'UTC' }, 'recurrence.cron'],
  [{ cron: '2026-01-01T00:00:00', timeZone: 'UTC' }, 'recurrence.cron'],
  [{ cron: 5, timeZone: 'UTC' }, 'recurrence.cron'],
  [{ cron: '* '.repeat(1000), timeZone: 'UTC' }, 'recurrence.cron'],
  [{ timeZone: 'UTC' }, 'recurrence.cron'],
  [{ cron: '0 0 * * *' }, 'recurrence.timeZone'],
  [{ cron: '0 0 * * *', timeZone: 'Europe/Atlantis' }, 'recurrence.timeZone'],
  [{ cron: '0 0 * * *', timeZone: '' }, 'recurrence.timeZone'],
  [{ cron: '0 0 * * *', timeZone: 'UTC', missed: 'some' }, 'recurrence.missed'],
])('refuses %p by name', async (recurrence, argument) => {
  const error = await errorOf((async () => nextRun(recurrence as Recurrence, new Date()))());
  expect(error).toBeInstanceOf(InvalidArgumentError);
  expect(error).toMatchObject({ argument });
});

test('refuses a time that is none', async () => {
  const daily = { cron: '@daily', timeZone: 'UTC' };
  for (const after of [new Date(Number.NaN), '2026-01-01', undefined]) {
    const error = await errorOf((async () => nextRun(daily, after as Date))());
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', argument: 'after' });
  }
});

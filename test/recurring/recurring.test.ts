/** Recurring timers, fired by an engine whose clock the test moves. */
import { cursorAtEndOf, InvalidArgumentError, type JsonValue, ZERO_CURSOR } from '../../src';
import { type Deliver, TimerEngine } from '../../src/engine';
import { type MissedRuns, nextRun, type Recurrence, recurring } from '../../src/recurring';
import { buildTimer, expectScheduled, InMemoryTimerStore, TestClock } from '../../src/testing';

const HOURLY: Recurrence = { cron: '0 * * * *', timeZone: 'UTC' };
const HOUR = 3_600_000;
const MINUTE = 60_000;

let clock: TestClock;
let store: InMemoryTimerStore;
let engine: TimerEngine;
/** What the runs were due at, hours and minutes. */
let ran: string[];
beforeEach(() => {
  clock = new TestClock(new Date('2030-01-01T08:30:00.000Z'));
  store = new InMemoryTimerStore({ clock });
  ran = [];
});
afterEach(async () => await engine.stop());

const run: Deliver = async (_timer, { dueAt }) => void ran.push(dueAt.toISOString().slice(11, 16));

async function start(deliver: Deliver, payload: JsonValue = null): Promise<void> {
  engine = await TimerEngine.start({ store, clock, shardCount: 1, address: 'test', deliver });
  const executeAt = nextRun(HOURLY, clock.date) as Date;
  await engine.schedule(buildTimer({ id: 'report', executeAt, payload }));
}

/** Moves the clock on at once, as if nothing had run meanwhile. */
async function later(ms: number): Promise<string[]> {
  clock.advance(ms);
  await engine.runDueTimers();
  return ran.splice(0);
}

async function next(): Promise<string> {
  const { executeAt } = await expectScheduled(store, { id: 'report' });
  return executeAt.toISOString().slice(11, 16);
}

test('fires at each of its times', async () => {
  await start(recurring(HOURLY, run));
  expect(await later(30 * MINUTE)).toEqual(['09:00']);
  expect(await later(HOUR)).toEqual(['10:00']);
  expect(await later(59 * MINUTE)).toEqual([]);
  expect(await next()).toBe('11:00');
});

describe('of the runs that were missed, there are made up for', () => {
  test.each<[missed: MissedRuns | undefined, made: readonly string[]]>([
    ['none', []],
    ['one', ['09:00']],
    [undefined, ['09:00']],
    ['all', ['09:00', '10:00', '11:00']],
  ])('%s', async (missed, made) => {
    await start(recurring({ ...HOURLY, missed }, run));
    expect(await later(2 * HOUR + 45 * MINUTE)).toEqual(made);
    expect(await next()).toBe('12:00');
    expect(await later(45 * MINUTE)).toEqual(['12:00']);
  });
});

test('a run that is late by no more than a minute is not missed', async () => {
  await start(recurring({ ...HOURLY, missed: 'none' }, run));
  expect(await later(31 * MINUTE)).toEqual(['09:00']);
  expect(await later(HOUR + 1)).toEqual([]);
  expect(await next()).toBe('11:00');
});

test('a run that was begun in time is not missed when it is tried again, however late', async () => {
  let isUp = false;
  const deliver = recurring({ ...HOURLY, missed: 'none' }, async (timer, context) => {
    if (!isUp) throw new Error('not now');
    await run(timer, context);
  });
  await start(deliver);
  expect(await later(30 * MINUTE)).toEqual([]);
  isUp = true;
  expect(await later(90 * MINUTE)).toEqual(['09:00']);
  expect(await next()).toBe('11:00');
});

test('a run that is fired by hand before its time changes nothing about the next', async () => {
  await start(recurring(HOURLY, run));
  await engine.update('tests', 'report', { executeAt: clock.date });
  expect(await later(0)).toEqual(['08:30']);
  expect(await next()).toBe('09:00');
});

test('each timer may have its own recurrence, or none', async () => {
  const recurrenceOf = ({ payload }: { payload: JsonValue }) => payload as Recurrence | null;
  await start(recurring(recurrenceOf, run), { ...HOURLY, missed: 'one' });
  await engine.schedule(buildTimer({ id: 'once', executeAt: clock.date }));
  await engine.schedule(buildTimer({ id: 'bad', executeAt: clock.date, payload: { cron: 'secret' } }));
  expect(await later(0)).toEqual(['08:30']);
  expect(await later(30 * MINUTE)).toEqual(['09:00']);
  expect(await next()).toBe('10:00');
  expect(await engine.get('tests', 'once')).toBeNull();
  const all = { after: ZERO_CURSOR, upTo: cursorAtEndOf(clock.date) };
  expect(await store.rangeGetDeadTimers(0, all, 10)).toMatchObject([
    {
      id: 'bad',
      lastError:
        'PermanentDeliveryError: the timer has no recurrence that can be used: see its recurrence.timeZone',
    },
  ]);
});

test('it ends when its timer is cancelled, by the delivery too, or when there is no next time', async () => {
  await start(recurring(HOURLY, async ({ namespace, id }) => await engine.cancel(namespace, id)));
  await later(30 * MINUTE);
  expect(await engine.get('tests', 'report')).toBeNull();
  await engine.stop();
  await start(recurring({ cron: '0 0 9 1 1 * 2030', timeZone: 'UTC' }, run));
  expect(await later(HOUR)).toHaveLength(1);
  expect(await engine.get('tests', 'report')).toBeNull();
});

test('what the delivery itself says of the next time counts', async () => {
  const nextExecuteAt = new Date('2030-01-01T23:45:00.000Z');
  await start(recurring(HOURLY, async () => ({ nextExecuteAt, payload: 'new' })));
  await later(30 * MINUTE);
  expect(await next()).toBe('23:45');
  await expectScheduled(store, { id: 'report', payload: 'new' });
});

test('refuses at once what can never recur', async () => {
  expect(() => recurring({ cron: 'daily', timeZone: 'UTC' }, run)).toThrow(InvalidArgumentError);
  expect(() => recurring(HOURLY, undefined as never)).toThrow(InvalidArgumentError);
  await start(run);
});

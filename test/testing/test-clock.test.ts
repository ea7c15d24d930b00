import { InvalidArgumentError } from '../../src';
import { TestClock } from '../../src/testing';

const START = new Date('2030-01-01T00:00:00.000Z');

test('stands still until it is moved', () => {
  const clock = new TestClock(START);
  expect(clock.now()).toBe(START.getTime());
  clock.advance(1_500);
  expect(clock.date).toEqual(new Date('2030-01-01T00:00:01.500Z'));
  clock.advanceTo(new Date('2030-06-01T00:00:00.000Z'));
  clock.advanceTo(clock.date);
  expect(clock.date).toEqual(new Date('2030-06-01T00:00:00.000Z'));
});

test('shows the time of the process if it is given none', () => {
  const before = Date.now();
  const { date } = new TestClock();
  expect(date.getTime()).toBeGreaterThanOrEqual(before);
  expect(date.getTime()).toBeLessThanOrEqual(Date.now());
});

test('gives away no date by which it can be moved', () => {
  const start = new Date(START);
  const clock = new TestClock(start);
  start.setFullYear(2040);
  clock.date.setFullYear(2040);
  expect(clock.date).toEqual(START);
});

test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '1', undefined, 300_000_000_000_000])(
  'refuses to advance by %p',
  (ms) => {
    const clock = new TestClock(START);
    expect(() => clock.advance(ms as number)).toThrow(InvalidArgumentError);
    expect(clock.date).toEqual(START);
  },
);

test.each([new Date(START.getTime() - 1), new Date(Number.NaN), START.toISOString(), null])(
  'refuses to advance to %p',
  (date) => {
    expect(() => new TestClock(START).advanceTo(date as Date)).toThrow(InvalidArgumentError);
  },
);

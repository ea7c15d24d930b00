import { InvalidArgumentError } from '../contract/errors';
import { LATEST_INSTANT, parseDate, show } from '../contract/scalars';
import type { EngineClock } from '../engine/engine-clock';

/**
 * A clock that stands still until a test moves it: of an `InMemoryTimerStore`, and of engines, which then do nothing by
 * themselves. They fire when `engine.runDueTimers()` is called.
 *
 * @example
 * const clock = new TestClock(new Date('2030-01-01T09:00:00Z'));
 * clock.advance(86_400_000);
 */
export class TestClock implements EngineClock {
  #ms: number;

  /**
   * @param start (Default: now)
   * @throws InvalidArgumentError
   */
  constructor(start: Date = new Date()) {
    this.#ms = parseDate('start', start).getTime();
  }

  /** What it shows, in milliseconds since 1970. */
  now(): number {
    return this.#ms;
  }

  /** What it shows. */
  get date(): Date {
    return new Date(this.#ms);
  }

  /**
   * Moves it on by so many milliseconds. Nothing fires by that alone.
   *
   * @throws InvalidArgumentError less than 0, not a whole number, or beyond the year 9999.
   */
  advance(ms: number): void {
    if (!Number.isSafeInteger(ms) || ms < 0 || this.#ms + ms > LATEST_INSTANT) {
      throw new InvalidArgumentError(
        'ms',
        `must be a whole number of at least 0 that leads to no year after 9999, not ${show(ms)}`,
      );
    }
    this.#ms += ms;
  }

  /**
   * Moves it on to that time. Nothing fires by that alone.
   *
   * @throws InvalidArgumentError it is before what the clock shows, or no valid date.
   */
  advanceTo(date: Date): void {
    const ms = parseDate('date', date).getTime();
    if (ms < this.#ms) {
      throw new InvalidArgumentError(
        'date',
        `must not be before ${this.date.toISOString()}, which the clock shows: clocks of engines never go back`,
      );
    }
    this.#ms = ms;
  }

  /** Never calls back: what an engine waits for, it does when `runDueTimers` is called. */
  after(): () => void {
    return () => {};
  }
}

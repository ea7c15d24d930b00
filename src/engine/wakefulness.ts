import type { EngineClock } from './engine-clock';

const TICK_MS = 200;

/**
 * For so long, in milliseconds, a process may be stopped, or its event loop blocked, and still be believed what it knew
 * before. Members take themselves for lost half a beat before the others may: by default, 500 ms.
 */
const MAX_GAP_MS = 500;

/**
 * Since when this process has been awake. One that was stopped, or blocked, may have been taken for dead meanwhile, and
 * finds in its queues what it was to do before: of what it knew by then, nothing counts any more. So does one whose machine
 * was asleep: that shows by the clock of the day, since the monotonic one may stand still meanwhile.
 */
export class Wakefulness {
  readonly #monotonic: EngineClock;
  #since: number;
  #lastTick: number;
  #lastDate = Date.now();
  #stopWaiting = () => {};

  constructor(monotonic: EngineClock) {
    this.#monotonic = monotonic;
    this.#lastTick = monotonic.now();
    this.#since = this.#lastTick;
  }

  /** By the monotonic clock, in milliseconds. */
  get since(): number {
    this.#notice();
    return this.#since;
  }

  start(): void {
    this.#notice();
    this.#stopWaiting = this.#monotonic.after(TICK_MS, () => this.start());
  }

  stop(): void {
    this.#stopWaiting();
  }

  #notice(): void {
    const now = this.#monotonic.now();
    const date = Date.now();
    if (Math.max(now - this.#lastTick, date - this.#lastDate) > MAX_GAP_MS) {
      this.#since = now;
    }
    this.#lastTick = now;
    this.#lastDate = date;
  }
}

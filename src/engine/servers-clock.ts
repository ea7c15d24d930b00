import type { EngineClock } from './engine-clock';
import { ServerClock } from './server-clock';

/** The time of several servers: that of the one whose clock is the most behind, by which nothing is early on any. */
export class ServersClock {
  readonly #monotonic: EngineClock;
  readonly #clocks = new Set<ServerClock>();

  constructor(monotonic: EngineClock) {
    this.#monotonic = monotonic;
  }

  /** The clock of one server more. It counts from its first observation. */
  add(): ServerClock {
    const clock = new ServerClock(this.#monotonic);
    this.#clocks.add(clock);
    return clock;
  }

  /** Nobody observes it any more. */
  delete(clock: ServerClock): void {
    this.#clocks.delete(clock);
  }

  get isKnown(): boolean {
    return this.now() !== Number.NEGATIVE_INFINITY;
  }

  /** Milliseconds since 1970, with a fraction; minus infinity before the first observation. */
  now(): number {
    let now = Number.POSITIVE_INFINITY;
    for (const clock of this.#clocks) {
      if (clock.isKnown) {
        now = Math.min(now, clock.now());
      }
    }
    return now === Number.POSITIVE_INFINITY ? Number.NEGATIVE_INFINITY : now;
  }
}

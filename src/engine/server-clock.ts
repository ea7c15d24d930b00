import type { EngineClock } from './engine-clock';

/** How many of the last observations count. The clocks of two machines drift apart by less than 1 ms in the time of these. */
const OBSERVATIONS = 16;

/**
 * The time of the server, as far as this process can know it: what the server last said, and what has passed since by the
 * monotonic clock. The clock of this process may say what it likes, and jump.
 *
 * An answer is some time on its way, so that the server is later than what it said. Of the last answers, the fastest is
 * the nearest to the truth. None is ahead of it: nothing is due here before it is due by the server.
 */
export class ServerClock {
  readonly #monotonic: EngineClock;
  readonly #offsets: number[] = [];
  #offset = Number.NEGATIVE_INFINITY;

  constructor(monotonic: EngineClock) {
    this.#monotonic = monotonic;
  }

  /** @param serverMs what the server said, in milliseconds since 1970, in an answer that came just now. */
  observe(serverMs: number, receivedAt = this.#monotonic.now()): void {
    this.#offsets.push(serverMs - receivedAt);
    if (this.#offsets.length > OBSERVATIONS) {
      this.#offsets.shift();
    }
    this.#offset = Math.max(...this.#offsets);
  }

  get isKnown(): boolean {
    return this.#offsets.length > 0;
  }

  /** Milliseconds since 1970, with a fraction; minus infinity before the first observation. */
  now(): number {
    return this.#monotonic.now() + this.#offset;
  }
}

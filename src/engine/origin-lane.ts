import { DeliveryPostponedError } from './delivery';

/** Of an origin that has not answered yet: it may be dead. */
const FIRST_PLACES = 8;
/** So many times as many as can be under way at once may wait for a place. */
const WAITING_PER_PLACE = 4;
/** What would wait longer is postponed, and takes no place of the engine's meanwhile. */
const MAX_WAIT_MS = 200;
const MIN_POSTPONEMENT_MS = 100;
/** Nor longer than the origin has been silent by then, if it is. */
const MAX_POSTPONEMENT_MS = 5 * 60 * 1000;

/** How much the last delivery counts in the usual time of one. */
const WEIGHT_OF_LAST = 0.1;

interface Waiting {
  /** Gives it the place. */
  readonly admit: () => void;
}

/**
 * The places of one origin. There are few until it answers, and while it does not: half as many after each delivery
 * without an answer, one more after each with one. So a dead origin soon holds a single place, whatever its time-outs
 * are; and until these are over, the longer it is silent, the fewer wait for it. Whoever comes while it is silent comes
 * again no later than after as long as it has been: once it answers, what was postponed is late by no more than it was.
 */
export class OriginLane {
  readonly #maxPlaces: number;
  #places: number;
  #underWay = 0;
  readonly #waiting = new Set<Waiting>();
  #usualMs = 0;
  /** When the last place was left, or taken; of `performance.now()`. */
  #lastChange = 0;
  /** When the last one that was postponed is expected to find a place; of `performance.now()`. */
  #lastTurn = 0;
  /** When the first of the last deliveries began, none of which was answered; of `performance.now()`. */
  #unansweredSince: number | undefined;

  constructor(maxPlaces: number) {
    this.#maxPlaces = maxPlaces;
    this.#places = Math.min(FIRST_PLACES, maxPlaces);
  }

  get isIdle(): boolean {
    return this.#underWay === 0 && this.#waiting.size === 0;
  }

  /**
   * Takes a place, at once or after a short wait. Whoever has one must {@link leave}.
   *
   * @throws DeliveryPostponedError if there is none soon; the signal's reason.
   */
  async enter(signal: AbortSignal, maxWaitMs: number): Promise<void> {
    if (this.#underWay < this.#places) {
      this.#take();
      return;
    }
    const expectedMs = this.#silentMs() + (this.#waiting.size + 1) * this.#msPerTurn();
    if (this.#waiting.size >= WAITING_PER_PLACE * this.#places || expectedMs > MAX_WAIT_MS) {
      throw this.#postpone();
    }
    await this.#wait(signal, Math.min(maxWaitMs, MAX_WAIT_MS));
  }

  /** @param answered Undefined: it was aborted, which tells nothing about the origin. */
  leave(answered: boolean | undefined, tookMs: number): void {
    if (answered !== undefined) {
      if (!answered) {
        this.#unansweredSince ??= performance.now() - tookMs;
      } else if (this.#unansweredSince !== undefined) {
        // What its time-outs took, and the line for these, tell nothing of what it takes now.
        this.#unansweredSince = undefined;
        this.#usualMs = tookMs;
        this.#lastTurn = 0;
      }
      this.#usualMs += (tookMs - this.#usualMs) * WEIGHT_OF_LAST;
      this.#places = answered
        ? Math.min(this.#places + 1, this.#maxPlaces)
        : Math.max(Math.floor(this.#places / 2), 1);
    }
    this.#underWay--;
    this.#lastChange = performance.now();
    for (const next of this.#waiting) {
      if (this.#underWay >= this.#places) {
        break;
      }
      this.#take();
      next.admit();
    }
  }

  #take(): void {
    this.#underWay++;
    this.#lastChange = performance.now();
  }

  #wait(signal: AbortSignal, maxWaitMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        this.#waiting.delete(waiting);
        clearTimeout(timeout);
        signal.removeEventListener('abort', onAbort);
        settle();
      };
      const waiting: Waiting = { admit: () => end(resolve) };
      const timeout = setTimeout(() => end(() => reject(this.#postpone())), maxWaitMs);
      const onAbort = () => end(() => reject(signal.reason));
      signal.addEventListener('abort', onAbort);
      this.#waiting.add(waiting);
    });
  }

  /**
   * One after the other, as places are expected to become free: they come again once, and not all at once. The next place
   * is left no sooner than after as long as none was; those behind it as usual, since the silence may have been a moment of
   * the origin, or one in which this process was blocked.
   */
  #postpone(): DeliveryPostponedError {
    const now = performance.now();
    this.#lastTurn = Math.max(this.#lastTurn, now + this.#silentMs()) + this.#msPerTurn();
    const ms = this.#lastTurn - now;
    const maxMs = Math.min(now - (this.#unansweredSince ?? Number.NEGATIVE_INFINITY), MAX_POSTPONEMENT_MS);
    if (ms > maxMs) {
      // The line is longer than that. Whoever is last in it now need not be, once the origin answers again.
      this.#lastTurn = now + maxMs;
      return postponed(Math.max(maxMs * (0.5 + Math.random() / 2), MIN_POSTPONEMENT_MS));
    }
    return postponed(Math.max(ms, MIN_POSTPONEMENT_MS));
  }

  #msPerTurn(): number {
    return this.#usualMs / this.#places;
  }

  #silentMs(): number {
    return performance.now() - this.#lastChange;
  }
}

function postponed(ms: number): DeliveryPostponedError {
  return new DeliveryPostponedError('as many deliveries as may be are under way to this origin', ms);
}

import { DeliveryPostponedError } from 'pg-timer-store/engine';

const MIN_POSTPONEMENT_MS = 100;
const MAX_POSTPONEMENT_MS = 60_000;

/** How much the last delivery counts in the usual time of one. */
const WEIGHT_OF_LAST = 0.1;

/**
 * The deliveries of one namespace that may be under way at a time in this process. Others come again when a place is
 * expected to be free, one after the other, and take no place of other namespaces meanwhile.
 */
export class NamespacePlaces {
  readonly #places: number;
  #underWay = 0;
  #usualMs = 0;
  #lastTurn = 0;

  constructor(places: number) {
    this.#places = places;
  }

  async hold<T>(work: () => Promise<T>): Promise<T> {
    if (this.#underWay >= this.#places) {
      throw this.#postpone();
    }
    this.#underWay++;
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#underWay--;
      this.#usualMs += (performance.now() - start - this.#usualMs) * WEIGHT_OF_LAST;
    }
  }

  #postpone(): DeliveryPostponedError {
    const now = performance.now();
    this.#lastTurn = Math.max(this.#lastTurn, now) + this.#usualMs / this.#places;
    const ms = Math.min(Math.max(this.#lastTurn - now, MIN_POSTPONEMENT_MS), MAX_POSTPONEMENT_MS);
    this.#lastTurn = Math.min(this.#lastTurn, now + MAX_POSTPONEMENT_MS);
    return new DeliveryPostponedError('as many deliveries as may be are under way of this namespace', ms);
  }
}

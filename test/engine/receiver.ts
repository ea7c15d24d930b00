import type { Deliver } from '../../src/engine';

/** Resolves at the so manieth delivery, and notes all of them. */
export class Receiver {
  readonly delivered: { id: string; attempt: number; payload: unknown; at: number }[] = [];
  #waiting: { count: number; resolve: () => void }[] = [];
  readonly deliver: Deliver = async ({ id, payload }, { attempt }) => {
    this.delivered.push({ id, attempt, payload, at: Date.now() });
    this.#waiting = this.#waiting.filter(({ count, resolve }) => {
      if (this.delivered.length < count) return true;
      resolve();
      return false;
    });
  };
  until(count: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.delivered.length >= count) resolve();
      else this.#waiting.push({ count, resolve });
    });
  }
}

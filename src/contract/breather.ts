/** How long work goes on before everything else that the process has to do gets its turn. */
const SLICE_MS = 10;

/** Lets work on very many things leave the event loop free in between. What is done within a slice, it does not delay. */
export class Breather {
  #since = performance.now();

  get isDue(): boolean {
    return performance.now() - this.#since >= SLICE_MS;
  }

  async breathe(): Promise<void> {
    await new Promise(setImmediate);
    this.#since = performance.now();
  }
}

/** Things that are worked on between two looks at the clock. */
export const LOOK_EVERY = 100;

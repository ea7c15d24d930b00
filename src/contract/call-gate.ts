import { StoreClosedError } from './errors';

/** Lets calls in until it is closed, and knows when the last of them is done. */
export class CallGate {
  #inside = 0;
  #closed = false;
  #onEmpty: (() => void) | undefined;

  /** @throws StoreClosedError */
  enter(): void {
    if (this.#closed) {
      throw new StoreClosedError();
    }
    this.#inside++;
  }

  /** Says that a call is done. The caller must do so once after each `enter`. */
  leave(): void {
    this.#inside--;
    if (this.#inside === 0) {
      this.#onEmpty?.();
    }
  }

  /** Refuses further calls, and waits for those inside. */
  close(): Promise<void> {
    this.#closed = true;
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
      if (this.#inside === 0) {
        resolve();
      }
    });
  }
}

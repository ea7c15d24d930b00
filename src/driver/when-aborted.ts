/** The calls under each signal. */
const signals = new WeakMap<AbortSignal, SignalCalls>();

/**
 * Runs `onAbort` when the signal fires, at once if it already has. A signal has one listener, however many calls it is
 * given to: looking for a listener takes an EventTarget the longer, the more it has.
 *
 * @returns what takes `onAbort` away again.
 */
export function whenAborted(signal: AbortSignal, onAbort: () => void): () => void {
  if (signal.aborted) {
    onAbort();
    return () => {};
  }
  let calls = signals.get(signal);
  if (calls === undefined) {
    calls = new SignalCalls(signal);
    signals.set(signal, calls);
  }
  return calls.add(onAbort);
}

/** Listens to a signal for as long as calls are under way under it. */
class SignalCalls {
  readonly #signal: AbortSignal;
  readonly #calls = new Set<() => void>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  add(onAbort: () => void): () => void {
    if (this.#calls.size === 0) {
      this.#signal.addEventListener('abort', this.#tell);
    }
    this.#calls.add(onAbort);
    return () => {
      if (this.#calls.delete(onAbort) && this.#calls.size === 0) {
        this.#signal.removeEventListener('abort', this.#tell);
      }
    };
  }

  readonly #tell = () => {
    for (const onAbort of this.#calls) {
      onAbort();
    }
  };
}

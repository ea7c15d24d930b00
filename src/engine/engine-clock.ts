/** Where an engine takes its time from, and by what it waits. Tests bring their own. */
export interface EngineClock {
  /** Milliseconds since some moment, with a fraction. They never go back. */
  now(): number;
  /**
   * Calls back once, after so many milliseconds; at once, if there are none to wait.
   *
   * @returns what takes `callback` away again.
   */
  after(ms: number, callback: () => void): () => void;
}

/** The monotonic clock of this process. */
export const MONOTONIC_CLOCK: EngineClock = {
  now: () => performance.now(),
  after(ms, callback) {
    if (ms <= 0) {
      callback();
      return () => {};
    }
    const timer = setTimeout(callback, Math.ceil(ms));
    return () => clearTimeout(timer);
  },
};

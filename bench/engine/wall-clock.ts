const TRIES = 20;

let offset = Number.NaN;

/**
 * Asks the system for the time anew: the monotonic clock and that of the day drift apart. Of some tries the latest counts:
 * one that was interrupted between its two questions is behind.
 */
export function setWallClock(): void {
  offset = Number.NEGATIVE_INFINITY;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const before = Date.now();
    let now = before;
    while (now === before) {
      now = Date.now();
    }
    offset = Math.max(offset, now - performance.now());
  }
}

/** Milliseconds since 1970 with a fraction, by the clock that the server has on this machine too. */
export function wallClock(): number {
  return performance.now() + offset;
}

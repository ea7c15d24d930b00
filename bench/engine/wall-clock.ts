let offset = Number.NaN;

/** Asks the system for the time anew: the monotonic clock and that of the day drift apart. */
export function setWallClock(): void {
  const before = Date.now();
  let now = before;
  while (now === before) {
    now = Date.now();
  }
  offset = now - performance.now();
}

/** Milliseconds since 1970 with a fraction, by the clock that the server has on this machine too. */
export function wallClock(): number {
  return performance.now() + offset;
}

/** What a soak has seen so far. */
export class SoakCounts {
  /** Writes that succeeded, a batch counting once. */
  acknowledged = 0;
  /** Writes of a former owner that were turned away. */
  fenced = 0;
  /** Writes that ended without a known outcome. */
  unknown = 0;
  /** Of those, what a new owner found. */
  applied = 0;
  notApplied = 0;
  /** Attempts that the store made again by itself. */
  retried = 0;
  /** Calls that failed with nothing applied. */
  refused = 0;
  claims = 0;
  /** Times that a new owner compared its shard with what was acknowledged. */
  comparisons = 0;
  /** What must not be, in words. */
  readonly faults: string[] = [];
}

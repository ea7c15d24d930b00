import type { Status } from './api/types';

/** Quantiles are of the deliveries of so long a time, so that a few of them make no zigzag. */
const WINDOW_S = 10;

export interface Figures {
  /** Seconds since 1970. */
  readonly times: number[];
  /** A second. */
  readonly delivered: number[];
  /** A second: to be tried again, or refused for good. */
  readonly failed: number[];
  readonly refused: number[];
  /** Milliseconds. */
  readonly median: number[];
  readonly p99: number[];
  readonly oldest: number[];
  readonly loaded: number[];
  readonly underWay: number[];
}

/** What counts since the start of a process, as what it was at each time. */
export function figuresOf(statuses: readonly Status[]): Figures {
  const figures: Figures = {
    times: [],
    delivered: [],
    failed: [],
    refused: [],
    median: [],
    p99: [],
    oldest: [],
    loaded: [],
    underWay: [],
  };
  const times = statuses.map(({ at }) => Date.parse(at) / 1000);
  let first = 0;
  for (let index = 1; index < statuses.length; index++) {
    const [now, before] = [statuses[index] as Status, statuses[index - 1] as Status];
    const time = times[index] as number;
    while ((times[first] as number) < time - WINDOW_S) {
      first++;
    }
    const late = statuses[Math.min(first, index - 1)] as Status;
    const passed = Math.max(0.001, time - (times[index - 1] as number));
    const rate = (...outcomes: string[]) =>
      outcomes.reduce(
        (sum, each) => sum + ((now.deliveries[each] ?? 0) - (before.deliveries[each] ?? 0)) / passed,
        0,
      );
    figures.times.push(time);
    figures.delivered.push(rate('delivered', 'again'));
    figures.failed.push(rate('failed'));
    figures.refused.push(rate('refused'));
    figures.median.push(quantile(0.5, late.lateness, now.lateness) * 1000);
    figures.p99.push(quantile(0.99, late.lateness, now.lateness) * 1000);
    figures.oldest.push(now.oldestLatenessMs);
    figures.loaded.push(now.loaded);
    figures.underWay.push(now.underWay);
  }
  return figures;
}

/**
 * As Prometheus estimates it, by a line within the bucket.
 *
 * @returns seconds; 0 if nothing was counted.
 */
export function quantile(share: number, before: Status['lateness'], now: Status['lateness']): number {
  const buckets = Object.entries(now)
    .map(([bound, count]) => ({
      bound: bound === '+Inf' ? Infinity : Number(bound),
      count: count - (before[bound] ?? 0),
    }))
    .sort((one, other) => one.bound - other.bound);
  const wanted = (buckets.at(-1)?.count ?? 0) * share;
  let below = { bound: 0, count: 0 };
  for (const bucket of buckets) {
    if (wanted > 0 && bucket.count >= wanted) {
      const part = (wanted - below.count) / (bucket.count - below.count);
      return Number.isFinite(bucket.bound) ? below.bound + (bucket.bound - below.bound) * part : below.bound;
    }
    below = bucket;
  }
  return 0;
}

import { BenchError } from './report-failure';

const SUFFIXES = { '': 1, k: 1000, M: 1_000_000 } as const;

/** Fewer are no backlog: the operations work on pages of 1,000. */
const MIN_COUNT = 10_000;

/** Reads numbers of timers such as `10k,1M`, each of them once, the smallest first. */
export function parseTimerCounts(text: string): number[] {
  const counts = text.split(',').map((part) => {
    const [, digits, suffix = ''] = /^(\d+)(k|M|)$/.exec(part.trim()) ?? [];
    const count = Number(digits) * SUFFIXES[suffix as keyof typeof SUFFIXES];
    if (!(count >= MIN_COUNT && count % 1000 === 0)) {
      throw new BenchError(
        `--sizes takes whole thousands from ${timerCountName(MIN_COUNT)} on, such as 10k,1M, not ${part}`,
      );
    }
    return count;
  });
  const sorted = [...new Set(counts)].sort((a, b) => a - b);
  if (sorted.length < 2) {
    throw new BenchError(`--sizes needs two sizes or more, to compare them, not only ${text}`);
  }
  return sorted;
}

export function timerCountName(count: number): string {
  return count % 1_000_000 === 0 ? `${count / 1_000_000}M` : `${count / 1000}k`;
}

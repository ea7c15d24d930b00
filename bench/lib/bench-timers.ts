import type { NewTimer } from 'pg-timer-store';

const START = Date.UTC(2030, 0, 1);

/** The timers that every benchmark works with: a payload of about 100 bytes, due a millisecond apart. */
export function benchTimer(index: number): NewTimer {
  return {
    id: `timer-${index}`,
    namespace: 'bench',
    executeAt: new Date(START + index),
    callbackUrl: 'https://example.com/callback',
    payload: { order: index, note: 'a reminder about an order that is due, and some more text with it' },
  };
}

export function benchTimers(count: number): NewTimer[] {
  return Array.from({ length: count }, (_, index) => benchTimer(index));
}

/**
 * The same timers from one index to before another, one after the other: any number of them in constant memory.
 * `onTimers` is told of each thousand that has been taken.
 */
export function* eachBenchTimer(
  first: number,
  end: number,
  onTimers: (count: number) => void,
): Generator<NewTimer> {
  for (let index = first; index < end; index++) {
    yield benchTimer(index);
    if ((index + 1 - first) % 1000 === 0) {
      onTimers(1000);
    }
  }
}

/** Runs `work` for each index below `count`, so many at a time. */
export async function inParallel(
  callers: number,
  count: number,
  work: (index: number, caller: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      while (next < count) {
        await work(next++, caller);
      }
    }),
  );
}

import { InvalidArgumentError, type TimerRange, TimerStoreError } from '../../src';
import { compareCursors, compareIds, type Key } from './model-rows';

export function requireForwardRange({ after, upTo }: TimerRange): void {
  if (compareCursors(upTo, after) < 0) {
    throw new InvalidArgumentError('range.upTo', 'must not be before range.after');
  }
}

export function requireDifferentIds(argument: string, timers: readonly Key[]): void {
  for (const [index, timer] of timers.entries()) {
    const first = timers.findIndex((other) => compareIds(other, timer) === 0);
    if (first < index) {
      throw new InvalidArgumentError(
        `${argument}[${index}]`,
        `has the same namespace and id as ${argument}[${first}]`,
      );
    }
  }
}

/** What a part of a call throws is the result of that part. */
export function errorOf(work: () => void): TimerStoreError | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof TimerStoreError) {
      return error;
    }
    throw error;
  }
}

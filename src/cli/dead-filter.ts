import type { DeadTimer } from '../contract/types';
import { deadTimers, type Found, type TimerFilter } from './find-timers';
import { checkSpan, type Moment } from './moment';
import type { Reading } from './reading';

/** Which dead timers. */
export interface DeadFilter extends TimerFilter {
  /** What their last error contains. */
  readonly error?: string;
  /** When they died: from then on, and until then. */
  readonly since?: Moment;
  readonly before?: Moment;
}

/** @param now the server's. What dies later is not among them. */
export async function* filterDeadTimers(
  reading: Reading,
  filter: DeadFilter,
  now: Date,
): AsyncGenerator<Found<DeadTimer>, void, undefined> {
  const { error = '' } = filter;
  const since = filter.since?.(now);
  const before = filter.before?.(now);
  checkSpan('--since', since, '--before', before);
  for await (const found of deadTimers(reading, filter)) {
    const { diedAt, lastError } = found.timer;
    const isInTime =
      diedAt <= now && (since === undefined || diedAt >= since) && (before === undefined || diedAt < before);
    if (isInTime && lastError.includes(error)) {
      yield found;
    }
  }
}

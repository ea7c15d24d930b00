import { InvalidArgumentError } from '../contract/errors';
import { show } from '../contract/scalars';
import type { JsonValue, Timer } from '../contract/types';
import { type Deliver, PermanentDeliveryError } from '../engine/delivery';
import { type ParsedRecurrence, parseRecurrence, type Recurrence } from './next-run';

/** How late a run begins that counts as missed: later than a deploy, a hand-over or a busy minute makes it. */
const MISSED_AFTER_MS = 60_000;

/**
 * Makes a `deliver` that fires each timer again, at the next time of its recurrence. A run that fails is tried again like any
 * other; one that is given up is a dead timer, and the recurrence ends until that is revived.
 *
 * Where `deliver` itself returns a `nextExecuteAt`, that counts. To end a recurrence, cancel its timer; `deliver` may do so too.
 *
 * @param recurrence of all timers; or what says that of a timer, and null of one that does not recur. A timer whose recurrence
 *   cannot be used becomes a dead timer, undelivered.
 * @example
 * const deliver = recurring({ cron: '30 2 * * *', timeZone: 'Europe/Berlin' }, async (timer) => sendReport(timer.payload));
 *
 * @throws InvalidArgumentError
 */
export function recurring<D = JsonValue, P = D>(
  recurrence: Recurrence | ((timer: Timer<D>) => Recurrence | null),
  deliver: Deliver<D, P>,
): Deliver<D, P> {
  if (typeof deliver !== 'function') {
    throw new InvalidArgumentError('deliver', `must be a function, not ${show(deliver)}`);
  }
  const parsed = typeof recurrence === 'function' ? undefined : parseRecurrence(recurrence);
  const recurrenceOf = typeof recurrence === 'function' ? recurrence : () => null;
  return async (timer, context) => {
    const runs = parsed ?? parseOfTimer(recurrenceOf(timer));
    if (runs === null) {
      return await deliver(timer, context);
    }
    const { attempt, dueAt, beganAt } = context;
    // An attempt that failed has begun, however late the next one is.
    const isMissed = attempt === 1 && beganAt.getTime() - dueAt.getTime() > MISSED_AFTER_MS;
    if (!(isMissed && runs.missed === 'none')) {
      const result = await deliver(timer, context);
      if (result !== undefined) {
        return result;
      }
    }
    const nextExecuteAt = runs.next(runs.missed === 'all' || dueAt > beganAt ? dueAt : beganAt);
    return nextExecuteAt === null ? undefined : { nextExecuteAt };
  };
}

/** @throws PermanentDeliveryError which is kept with the timer, and shows nothing of its payload. */
function parseOfTimer(recurrence: unknown): ParsedRecurrence | null {
  try {
    return recurrence === null ? null : parseRecurrence(recurrence);
  } catch (cause) {
    const { argument } = cause as InvalidArgumentError;
    throw new PermanentDeliveryError(`the timer has no recurrence that can be used: see its ${argument}`, {
      cause,
    });
  }
}

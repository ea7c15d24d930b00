import { TimerStoreError } from '../contract/errors';

/** Thrown by `scheduleMany` when some shards took none of their timers. Those of the others are scheduled. */
export class ScheduleFailedError extends TimerStoreError {
  readonly code = 'SCHEDULE_FAILED';
  readonly retryable: boolean;

  static {
    ScheduleFailedError.prototype.name = 'ScheduleFailedError';
  }

  constructor(
    /** The places, among the timers given, of those that are not scheduled, or not known to be, and why. */
    readonly failures: readonly { readonly places: readonly number[]; readonly error: TimerStoreError }[],
    timerCount: number,
  ) {
    const count = failures.reduce((sum, { places }) => sum + places.length, 0);
    super(`${count} of ${timerCount} timers were not scheduled: ${failures[0]?.error.message}`, {
      cause: failures[0]?.error,
    });
    this.retryable = failures.every(({ error }) => error.retryable);
  }
}

// Minifiers rename classes, but no keys. Stack traces look for the name on the prototype.
ScheduleFailedError.prototype.name = 'ScheduleFailedError';

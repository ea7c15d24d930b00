/** Codes of errors. Nothing here runs: `tsc` is the test. */
import type * as root from 'pg-timer-store';
import { type TimerNotFoundError, TimerStoreError, type TimerStoreErrorCode } from 'pg-timer-store';
import type { ScheduleFailedError } from 'pg-timer-store/engine';
import { assertType, type Equal } from './equal';

type InstanceOf<T> = T extends abstract new (...args: never[]) => infer I ? I : never;
type ThrownOf<T> = T extends TimerStoreError
  ? Equal<T['code'], TimerStoreErrorCode> extends true
    ? never
    : T
  : never;
/** An error of any class that the package exports and throws. */
type AnyError = ThrownOf<InstanceOf<(typeof root)[keyof typeof root]>> | ScheduleFailedError;

assertType<Equal<AnyError['code'], TimerStoreErrorCode>>();

/** One case for each code: a new one does not compile until it has its case. */
export function mayTryAgain(error: unknown): boolean {
  if (!(error instanceof TimerStoreError)) {
    return false;
  }
  switch (error.code) {
    case 'CALL_ABORTED':
    case 'CALL_TIMEOUT':
    case 'SCHEDULE_FAILED':
    case 'STORE_UNAVAILABLE':
      return error.retryable;
    case 'ACCESS_DENIED':
    case 'INVALID_ARGUMENT':
    case 'OUTCOME_UNKNOWN':
    case 'SCHEMA_MISMATCH':
    case 'SHARD_CONDITION_FAILED':
    case 'SHARD_MOVED':
    case 'SHARD_MOVE_FAILED':
    case 'STORE_CLOSED':
    case 'TIMER_NOT_FOUND':
    case 'UNEXPECTED_SERVER_ERROR':
    case 'UNREADABLE_ROW':
    case 'UNSUPPORTED_SERVER':
      return false;
    default:
      return error.code satisfies never;
  }
}

/** Over the classes themselves, the code also tells the fields. */
export function describe(error: AnyError): string {
  switch (error.code) {
    case 'TIMER_NOT_FOUND':
      assertType<Equal<typeof error, TimerNotFoundError>>();
      return error.timerId;
    case 'SCHEDULE_FAILED':
      return `${error.failures.length}`;
    // @ts-expect-error there is no such code.
    case 'TIMER_LOST':
      return '';
    default:
      return error.message;
  }
}

class OwnError extends TimerStoreError {
  // @ts-expect-error the codes are those of this library.
  readonly code = 'OWN';
  readonly retryable = false;
}
export const own = new OwnError();

import {
  type CallAbortedError,
  type CallTimeoutError,
  InvalidArgumentError,
  TimerStoreError,
} from 'pg-timer-store';
import { ApiError, invalidArgument } from './api-error';

/** Who comes again later than that finds the database back, or is told once more. */
const RETRY_AFTER_SECONDS = 1;

/** What the store calls an argument that callers know by another name. */
const ARGUMENTS: readonly (readonly [RegExp, string])[] = [
  [/^timer\./, ''],
  [/^changes\./, ''],
  [/^filter\.after$/, 'executeAfter'],
  [/^filter\.before$/, 'executeBefore'],
  [/^filter\./, ''],
  [/^after\b.*/, 'pageToken'],
  [/(^|\.)retryPolicy\.(\w+)Seconds$/, '$1retryPolicy.$2'],
];

/** What a caller is told of an error of the store or the engine; others are passed on as they are. */
export function toApiError(error: unknown): unknown {
  if (error instanceof InvalidArgumentError) {
    const argument = ARGUMENTS.reduce((name, [from, to]) => name.replace(from, to), error.argument);
    return invalidArgument(argument, error.reason);
  }
  if (!(error instanceof TimerStoreError)) {
    return error;
  }
  switch (error.code) {
    case 'TIMER_NOT_FOUND':
      return new ApiError('TIMER_NOT_FOUND', 'There is no such timer', { cause: error });
    case 'OUTCOME_UNKNOWN':
      return outcomeUnknown(error);
    case 'CALL_TIMEOUT':
    case 'CALL_ABORTED':
      return (error as CallTimeoutError | CallAbortedError).retryable
        ? unavailable(error)
        : outcomeUnknown(error);
    case 'ACCESS_DENIED':
    case 'SHARD_MOVED':
    case 'STORE_CLOSED':
    case 'STORE_UNAVAILABLE':
      return unavailable(error);
    default:
      return new ApiError('INTERNAL', 'The call failed; the log of the service says why', { cause: error });
  }
}

function unavailable(cause: unknown): ApiError {
  return new ApiError(
    'UNAVAILABLE',
    'The call cannot be done now, and nothing of it was: make it again later',
    {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
      cause,
    },
  );
}

function outcomeUnknown(cause: unknown): ApiError {
  return new ApiError(
    'OUTCOME_UNKNOWN',
    'The call may or may not have been done. The same call may be made again: to create, to update and to delete are safe to repeat',
    { cause },
  );
}

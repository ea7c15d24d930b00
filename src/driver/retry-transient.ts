import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import { StoreUnavailableError } from '../contract/errors';
import { type RetryEvent, retryChannel } from '../telemetry/retry-channel';
import type { Deadline } from './deadline';
import { SqlState, sqlStateOf } from './sqlstate';

/** Milliseconds, doubled from one retry to the next, with jitter, so that callers do not come back all at once. */
const FIRST_DELAY_MS = 20;
const MAX_DELAY_MS = 1000;

/**
 * Runs an attempt again for as long as the server cannot do it now and nothing of it was applied, until the deadline
 * is over.
 *
 * @throws the last failure, or the deadline's own error, or what an attempt throws that is not transient.
 */
export async function retryTransient<T>(deadline: Deadline, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!isTransient(error)) {
      throw error;
    }
    return await retryAfter(error, deadline, attempt);
  }
}

function retryAfter<T>(
  failure: StoreUnavailableError,
  deadline: Deadline,
  attempt: () => Promise<T>,
): Promise<T> {
  const backoff = new ExponentialBackoff({ initialDelay: FIRST_DELAY_MS, maxDelay: MAX_DELAY_MS });
  // At the end of its time the call fails with its last obstacle, which is transient by itself.
  const mayRetry = (error: unknown) => !deadline.isOver && isTransient(error);
  const policy = retry(handleWhen(mayRetry), { maxAttempts: Number.POSITIVE_INFINITY, backoff });
  return new Promise((resolve, reject) => {
    policy.onRetry((last) => {
      if ('error' in last && isTransient(last.error)) {
        deadline.obstacle = last.error;
        retryChannel.publish({ operation: deadline.operation, error: last.error } satisfies RetryEvent);
      }
      // The policy sleeps on, but its next attempt does not get past the deadline.
      deadline.whenOver(() => reject(deadline.error(true)));
    });
    policy
      .execute(({ attempt: number }) => (number === 0 ? Promise.reject(failure) : attempt()))
      .then(resolve, reject);
  });
}

/** Whether waiting may help. It does not help against a wrong password, nor against who has cancelled the statement. */
function isTransient(error: unknown): error is StoreUnavailableError {
  if (!(error instanceof StoreUnavailableError)) {
    return false;
  }
  const state = sqlStateOf(error.cause);
  return !FINAL_STATES.some((each) => state?.startsWith(each));
}

const FINAL_STATES = [
  SqlState.INVALID_AUTHORIZATION_CLASS,
  SqlState.INVALID_CATALOG_NAME,
  SqlState.INSUFFICIENT_PRIVILEGE,
  SqlState.QUERY_CANCELED,
];

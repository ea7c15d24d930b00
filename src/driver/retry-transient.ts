import { ExponentialBackoff, type IBackoff } from 'cockatiel';
import { StoreUnavailableError } from '../contract/errors';
import { type RetryEvent, retryChannel } from '../telemetry/retry-channel';
import type { Deadline } from './deadline';
import { SqlState, sqlStateOf } from './sqlstate';

/** Milliseconds, doubled from one retry to the next, with jitter, so that callers do not come back all at once. */
const DELAYS = { initialDelay: 20, maxDelay: 1000 };

/**
 * Runs an attempt again for as long as the server cannot do it now and nothing of it was applied, until the deadline
 * is over.
 *
 * @throws the last failure, or the deadline's own error, or what an attempt throws that is not transient.
 */
export async function retryTransient<T>(deadline: Deadline, attempt: () => Promise<T>): Promise<T> {
  let backoff: IBackoff<unknown> | undefined;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error) || deadline.isOver) {
        throw error;
      }
      deadline.obstacle = error;
      retryChannel.publish({ operation: deadline.operation, error } satisfies RetryEvent);
    }
    backoff = backoff === undefined ? new ExponentialBackoff(DELAYS).next() : backoff.next(undefined);
    await pause(backoff.duration, deadline);
  }
}

/** @throws the deadline's error as soon as it is over. */
function pause(milliseconds: number, deadline: Deadline): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stopListening();
      resolve();
    }, milliseconds);
    const stopListening = deadline.whenOver(() => {
      clearTimeout(timer);
      reject(deadline.error(true));
    });
  });
}

/** Whether waiting may help. It does not help against somebody who has cancelled the statement. */
function isTransient(error: unknown): error is StoreUnavailableError {
  return error instanceof StoreUnavailableError && sqlStateOf(error.cause) !== SqlState.QUERY_CANCELED;
}

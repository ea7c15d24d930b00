import { type NewTimer, type Timer, timerUuid } from '../../src';

/** What a timer looks like when it is read that was created, and then changed in some fields or not at all. */
export function storedTimer(timer: NewTimer, changes: Partial<Timer> = {}): object {
  const stored = {
    uuid: timerUuid(timer.namespace, timer.id),
    callbackUrl: null,
    payload: null,
    retryPolicy: null,
    callbackTimeoutSeconds: 30,
    createdAt: expect.any(Date),
    attempts: 0,
    traceparent: null,
    ...timer,
    updatedAt: expect.any(Date),
    firstAttemptAt: null,
    lastError: null,
    revision: expect.stringMatching(/^-?\d+$/),
    ...changes,
  };
  return { dueAt: stored.executeAt, ...stored };
}

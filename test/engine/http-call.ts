import type { Timer } from '../../src';
import type { DeliveryContext, DeliveryResult, HttpDelivery } from '../../src/engine';

/** A timer as a store gives it; with a time-out that no test waits for by accident. */
export function storedTimer(callbackUrl: string | null, fields: Partial<Timer> = {}): Timer {
  return {
    id: 'order-42',
    namespace: 'reminders',
    uuid: '3f974e52-e022-5655-a4b3-e71f267c946b',
    executeAt: new Date('2030-01-31T12:00:00.000Z'),
    callbackUrl,
    payload: { text: 'pay-load' },
    retryPolicy: null,
    callbackTimeoutSeconds: 20,
    createdAt: new Date('2029-01-01T00:00:00.000Z'),
    updatedAt: new Date('2029-01-01T00:00:00.000Z'),
    dueAt: new Date('2030-01-31T12:00:00.000Z'),
    firstAttemptAt: null,
    attempts: 0,
    lastError: null,
    traceparent: null,
    revision: '1',
    ...fields,
  };
}

/** Delivers a timer as the engine would. */
export function call(
  deliver: HttpDelivery,
  timer: Timer,
  context: Partial<DeliveryContext> = {},
): Promise<DeliveryResult | undefined> {
  return deliver(timer, {
    signal: new AbortController().signal,
    attempt: 1,
    dueAt: timer.dueAt,
    beganAt: timer.dueAt,
    ...context,
  });
}

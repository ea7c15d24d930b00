import type { CreateTimersNoLockParams } from './generated/insert.queries';
import type { UpdateTimerNoLockParams } from './generated/update.queries';
import type { JsonValue, NewTimer, RetryPolicy, TimerChanges, TimerRange } from './timer-store-types';
import { timerUuid } from './timer-uuid';

/** One array for each column, one element for each timer. */
export type TimerArrays = Omit<CreateTimersNoLockParams, 'shardId'>;

export function timerArrays(timers: readonly NewTimer[]): TimerArrays {
  const now = new Date();
  return {
    executeAts: timers.map((timer) => timer.executeAt.toISOString()),
    uuids: timers.map((timer) => timer.uuid ?? timerUuid(timer.namespace, timer.id)),
    ids: timers.map((timer) => timer.id),
    namespaces: timers.map((timer) => timer.namespace),
    callbackUrls: timers.map((timer) => timer.callbackUrl),
    payloads: timers.map((timer) => jsonText(timer.payload)),
    retryPolicies: timers.map((timer) => jsonText(timer.retryPolicy)),
    callbackTimeoutSeconds: timers.map(
      (timer) => timer.callbackTimeoutSeconds ?? DEFAULT_CALLBACK_TIMEOUT_SECONDS,
    ),
    createdAts: timers.map((timer) => (timer.createdAt ?? now).toISOString()),
    attempts: timers.map((timer) => timer.attempts ?? 0),
  };
}

/** As the column's own default. */
const DEFAULT_CALLBACK_TIMEOUT_SECONDS = 30;

export function changeParams(
  changes: TimerChanges,
): Omit<UpdateTimerNoLockParams, 'shardId' | 'namespace' | 'timerId'> {
  return {
    executeAt: changes.executeAt?.toISOString(),
    callbackUrl: changes.callbackUrl,
    setPayload: 'payload' in changes,
    payload: jsonText(changes.payload),
    setRetryPolicy: 'retryPolicy' in changes,
    retryPolicy: jsonText(changes.retryPolicy),
    callbackTimeoutSeconds: changes.callbackTimeoutSeconds,
    attempts: changes.attempts,
  };
}

export function rangeParams({ after, upTo }: TimerRange) {
  return {
    afterExecuteAt: after.executeAt.toISOString(),
    afterUuid: after.uuid,
    upToExecuteAt: upTo.executeAt.toISOString(),
    upToUuid: upTo.uuid,
  };
}

/**
 * JSON goes out as text: the driver would turn a string or an array into something else. No value, and the
 * value null, are both kept as SQL NULL.
 */
function jsonText(value: JsonValue | RetryPolicy | undefined): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}

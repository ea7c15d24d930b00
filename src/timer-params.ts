import type { CreateTimersNoLockParams } from './generated/insert.queries';
import type { UpdateTimerNoLockParams } from './generated/update.queries';
import type { JsonValue, NewTimer, RetryPolicy, TimerChanges, TimerRange } from './timer-store-types';
import { timerUuid } from './timer-uuid';

/** What a timer's row will hold, read from the caller's objects, which may change afterwards. */
export interface TimerValues {
  readonly executeAt: Date;
  readonly uuid: string;
  readonly id: string;
  readonly namespace: string;
  readonly callbackUrl: string;
  readonly payload: string | null;
  readonly retryPolicy: string | null;
  readonly callbackTimeoutSeconds: number;
  readonly createdAt: Date;
  readonly attempts: number;
  /** About as many bytes as it takes in memory and on the wire. */
  readonly size: number;
}

export function timerValues(timer: NewTimer): TimerValues {
  const payload = jsonText(timer.payload);
  return {
    executeAt: new Date(timer.executeAt),
    uuid: timer.uuid ?? timerUuid(timer.namespace, timer.id),
    id: timer.id,
    namespace: timer.namespace,
    callbackUrl: timer.callbackUrl,
    payload,
    retryPolicy: jsonText(timer.retryPolicy),
    callbackTimeoutSeconds: timer.callbackTimeoutSeconds ?? DEFAULT_CALLBACK_TIMEOUT_SECONDS,
    createdAt: timer.createdAt === undefined ? new Date() : new Date(timer.createdAt),
    attempts: timer.attempts ?? 0,
    size: SIZE_WITHOUT_PAYLOAD + (payload?.length ?? 0),
  };
}

/** As the column's own default. */
const DEFAULT_CALLBACK_TIMEOUT_SECONDS = 30;

/** Its other columns, all of usual length, and the objects that hold them. */
const SIZE_WITHOUT_PAYLOAD = 512;

/** One array for each column, one element for each timer, in the order in which the server is to lock them. */
export function timerArrays(timers: readonly TimerValues[]): Omit<CreateTimersNoLockParams, 'shardId'> {
  const sorted = [...timers].sort(compareIds);
  return {
    executeAts: sorted.map((timer) => timer.executeAt),
    uuids: sorted.map((timer) => timer.uuid),
    ids: sorted.map((timer) => timer.id),
    namespaces: sorted.map((timer) => timer.namespace),
    callbackUrls: sorted.map((timer) => timer.callbackUrl),
    payloads: sorted.map((timer) => timer.payload),
    retryPolicies: sorted.map((timer) => timer.retryPolicy),
    callbackTimeoutSeconds: sorted.map((timer) => timer.callbackTimeoutSeconds),
    createdAts: sorted.map((timer) => timer.createdAt),
    attempts: sorted.map((timer) => timer.attempts),
  };
}

/** Any order will do, as long as every process has the same. */
function compareIds(a: TimerValues, b: TimerValues): number {
  if (a.namespace !== b.namespace) {
    return a.namespace < b.namespace ? -1 : 1;
  }
  return a.id < b.id ? -1 : 1;
}

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

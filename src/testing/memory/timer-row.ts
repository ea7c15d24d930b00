import type { DeadTimer, RetryPolicy, Timer, TimerCursor } from '../../contract/types';
import type { TimerValues } from '../../validation/timer';

/** A timer as it is kept: JSON as text, so that nobody else has a hand in it. Rows are replaced, never changed. */
export interface TimerRow {
  readonly id: string;
  readonly namespace: string;
  /** In lower case: as text, such are in the order that PostgreSQL has them in. */
  readonly uuid: string;
  readonly executeAtMs: number;
  readonly callbackUrl: string | null;
  readonly payload: string | null;
  readonly retryPolicy: string | null;
  readonly callbackTimeoutSeconds: number;
  readonly createdAtMs: number;
  /** Null: not since it was created. */
  readonly updatedAtMs: number | null;
  /** Null: the same as `executeAtMs`. */
  readonly dueAtMs: number | null;
  readonly firstAttemptAtMs: number | null;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly traceparent: string | null;
  readonly revision: string;
}

export function newRow(timer: TimerValues, revision: string): TimerRow {
  return {
    id: timer.id,
    namespace: timer.namespace,
    uuid: timer.uuid.toLowerCase(),
    executeAtMs: timer.executeAt.getTime(),
    callbackUrl: timer.callbackUrl,
    payload: timer.payload,
    retryPolicy: timer.retryPolicy,
    callbackTimeoutSeconds: timer.callbackTimeoutSeconds,
    createdAtMs: timer.createdAt.getTime(),
    updatedAtMs: null,
    dueAtMs: null,
    firstAttemptAtMs: null,
    attempts: timer.attempts,
    lastError: null,
    traceparent: timer.traceparent,
    revision,
  };
}

export function toTimer(row: TimerRow): Timer {
  return {
    id: row.id,
    namespace: row.namespace,
    uuid: row.uuid,
    executeAt: new Date(row.executeAtMs),
    callbackUrl: row.callbackUrl,
    payload: row.payload === null ? null : JSON.parse(row.payload),
    retryPolicy: row.retryPolicy === null ? null : (JSON.parse(row.retryPolicy) as RetryPolicy),
    callbackTimeoutSeconds: row.callbackTimeoutSeconds,
    createdAt: new Date(row.createdAtMs),
    updatedAt: new Date(row.updatedAtMs ?? row.createdAtMs),
    dueAt: new Date(row.dueAtMs ?? row.executeAtMs),
    firstAttemptAt: row.firstAttemptAtMs === null ? null : new Date(row.firstAttemptAtMs),
    attempts: row.attempts,
    lastError: row.lastError,
    traceparent: row.traceparent,
    revision: row.revision,
  };
}

/** A dead timer has a `lastError`: no other way leads here. */
export function toDeadTimer(row: TimerRow): DeadTimer {
  const timer = toTimer(row);
  return { ...timer, lastError: timer.lastError ?? '', diedAt: timer.updatedAt };
}

/** Where a row stands in the order of its shard. */
export type Place = Pick<TimerRow, 'executeAtMs' | 'uuid'>;

export function placeOf({ executeAt, uuid }: TimerCursor): Place {
  return { executeAtMs: executeAt.getTime(), uuid: uuid.toLowerCase() };
}

export function comparePlaces(a: Place, b: Place): number {
  if (a.executeAtMs !== b.executeAtMs) {
    return a.executeAtMs - b.executeAtMs;
  }
  return a.uuid < b.uuid ? -1 : Number(a.uuid > b.uuid);
}

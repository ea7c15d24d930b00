import { UnreadableRowError } from '../contract/errors';
import { isInstant } from '../contract/scalars';
import type { JsonValue, RetryPolicy, Timer } from '../contract/types';
import { InexactJson } from '../driver/parse-jsonb';
import type { RangeGetTimersResult } from '../generated/range-select.queries';

/** What every query that returns timers returns of each. */
export type TimerRow = RangeGetTimersResult;

/** @throws UnreadableRowError a value is missing that a timer must have, or cannot be kept exactly here. */
export function toTimer(shardId: number, row: TimerRow): Timer {
  const executeAt = toDate(row.executeAtMs);
  const createdAt = toDate(row.createdAtMs);
  const updatedAt = toDate(row.updatedAtMs ?? row.createdAtMs);
  const dueAt = toDate(row.dueAtMs ?? row.executeAtMs);
  const firstAttemptAt = toDate(row.firstAttemptAtMs);
  const isFirstAttemptAtBad = firstAttemptAt === null && row.firstAttemptAtMs !== null;
  const fault = faultOf(row);
  if (
    executeAt === null ||
    createdAt === null ||
    updatedAt === null ||
    dueAt === null ||
    isFirstAttemptAtBad ||
    fault !== undefined
  ) {
    const { namespace, id, uuid } = row;
    const reason = fault ?? 'one of its times is outside the years 1 to 9999';
    throw new UnreadableRowError(shardId, { namespace, id, uuid, executeAt }, reason);
  }
  return {
    id: row.id,
    namespace: row.namespace,
    uuid: row.uuid,
    executeAt,
    callbackUrl: row.callbackUrl,
    payload: row.payload as JsonValue,
    retryPolicy: row.retryPolicy as RetryPolicy | null,
    callbackTimeoutSeconds: row.callbackTimeoutSeconds,
    createdAt,
    updatedAt,
    dueAt,
    firstAttemptAt,
    attempts: row.attempts,
    lastError: row.lastError,
    traceparent: row.traceparent,
    revision: row.revision,
  };
}

/** Null: outside the years 1 to 9999, or there is none. */
export function toDate(ms: number | null): Date | null {
  return isInstant(ms) ? new Date(ms) : null;
}

const REQUIRED_FIELDS = ['id', 'namespace', 'callbackTimeoutSeconds'] as const;
const JSON_FIELDS = ['payload', 'retryPolicy'] as const;

/** The columns allow NULL, since shard rows share them; the generated types say what timers must have. */
function faultOf(row: TimerRow): string | undefined {
  for (const field of REQUIRED_FIELDS) {
    if (row[field] === null) {
      return `its ${field} is NULL`;
    }
  }
  for (const field of JSON_FIELDS) {
    if ((row[field] as unknown) instanceof InexactJson) {
      return `its ${field} has a number that a JavaScript number does not keep`;
    }
  }
  if (row.retryPolicy !== null && (typeof row.retryPolicy !== 'object' || Array.isArray(row.retryPolicy))) {
    return 'its retryPolicy is not a JSON object';
  }
  return undefined;
}

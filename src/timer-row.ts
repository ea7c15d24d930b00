import { UnreadableRowError } from './errors';
import type { RangeGetTimersResult } from './generated/range-select.queries';
import { EARLIEST_INSTANT, LATEST_INSTANT } from './timer-cursor';
import type { JsonValue, RetryPolicy, Timer } from './timer-store-types';

/** What every query that returns timers returns of each. */
export type TimerRow = RangeGetTimersResult;

/** @throws UnreadableRowError a value is missing that a timer must have, or cannot be kept exactly here. */
export function toTimer(shardId: number, row: TimerRow): Timer {
  const fault = faultOf(row);
  if (fault !== undefined) {
    throw new UnreadableRowError(shardId, `timer ${row.namespace}/${row.id} (${row.uuid})`, fault);
  }
  return {
    id: row.id,
    namespace: row.namespace,
    uuid: row.uuid,
    executeAt: new Date(row.executeAtMs),
    callbackUrl: row.callbackUrl,
    payload: row.payload as JsonValue,
    retryPolicy: row.retryPolicy as RetryPolicy | null,
    callbackTimeoutSeconds: row.callbackTimeoutSeconds,
    createdAt: new Date(row.createdAtMs),
    attempts: row.attempts,
  };
}

/** The columns allow NULL, since shard rows share them; the generated types say what timers must have. */
function faultOf(row: TimerRow): string | undefined {
  if (
    row.id === null ||
    row.namespace === null ||
    row.callbackUrl === null ||
    row.callbackTimeoutSeconds === null
  ) {
    return 'its id, namespace, callback URL or callback timeout is NULL';
  }
  if (!isInstant(row.executeAtMs) || !isInstant(row.createdAtMs)) {
    return 'one of its times is outside the years 1 to 9999';
  }
  if (row.retryPolicy !== null && (typeof row.retryPolicy !== 'object' || Array.isArray(row.retryPolicy))) {
    return 'its retry policy is not a JSON object';
  }
  return undefined;
}

function isInstant(ms: number): boolean {
  return ms >= EARLIEST_INSTANT && ms <= LATEST_INSTANT;
}

import { UnreadableRowError } from './errors';
import type { RangeGetTimersResult } from './generated/range-select.queries';
import { isInstant } from './timer-cursor';
import type { JsonValue, RetryPolicy, Timer } from './timer-store-types';

/** What every query that returns timers returns of each. */
export type TimerRow = RangeGetTimersResult;

/** @throws UnreadableRowError a value is missing that a timer must have, or cannot be kept exactly here. */
export function toTimer(shardId: number, row: TimerRow): Timer {
  const { executeAtMs, createdAtMs } = row;
  if (!isInstant(executeAtMs) || !isInstant(createdAtMs)) {
    throw unreadable(shardId, row, 'one of its times is outside the years 1 to 9999');
  }
  const fault = faultOf(row);
  if (fault !== undefined) {
    throw unreadable(shardId, row, fault);
  }
  return {
    id: row.id,
    namespace: row.namespace,
    uuid: row.uuid,
    executeAt: new Date(executeAtMs),
    callbackUrl: row.callbackUrl,
    payload: row.payload as JsonValue,
    retryPolicy: row.retryPolicy as RetryPolicy | null,
    callbackTimeoutSeconds: row.callbackTimeoutSeconds,
    createdAt: new Date(createdAtMs),
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
  if (row.retryPolicy !== null && (typeof row.retryPolicy !== 'object' || Array.isArray(row.retryPolicy))) {
    return 'its retry policy is not a JSON object';
  }
  return undefined;
}

function unreadable(shardId: number, { namespace, id, uuid }: TimerRow, reason: string): UnreadableRowError {
  return new UnreadableRowError(shardId, `timer ${namespace}/${id} (${uuid})`, reason);
}

import { LATEST_INSTANT } from '../contract/scalars';
import type { Settlement } from '../contract/settlement';
import type { RetryPolicy } from '../contract/types';
import { publishEngineEvent } from '../telemetry/engine-channel';
import type { Outcome } from './deliverer';
import { errorText } from './error-text';
import type { LoadedTimer } from './owned-shard';
import { decideRetry } from './retry';

/** What is to be stored of a delivery, by what became of it. Of failures it also says what comes next, on the channel. */
export function settlementOf(
  { shard: { shardId, shardVersion }, timer }: LoadedTimer,
  outcome: Outcome,
  retryPolicy: RetryPolicy,
  now: number,
): Settlement {
  // First, and at once: a drain has a hundred thousand of these a second.
  if (outcome.kind === 'done') {
    return { shardId, shardVersion, timer, outcome: 'done' };
  }
  const delivered = { shardId, shardVersion, timer };
  switch (outcome.kind) {
    case 'next': {
      const { nextExecuteAt, payload } = outcome.result;
      return {
        ...delivered,
        outcome: 'again',
        executeAt: nextExecuteAt,
        dueAt: null,
        firstAttemptAt: null,
        attempts: 0,
        lastError: null,
        ...(payload !== undefined && { payload }),
      };
    }
    case 'postponed':
      return {
        ...delivered,
        outcome: 'again',
        executeAt: new Date(Math.min(now + outcome.retryAfterMs, LATEST_INSTANT)),
        dueAt: timer.dueAt,
        firstAttemptAt: timer.firstAttemptAt,
        attempts: timer.attempts,
        lastError: timer.lastError,
      };
    case 'failed': {
      const { error } = outcome;
      const { nextAt, attempts, firstAttemptAt } = decideRetry({ timer, ...outcome }, retryPolicy);
      const lastError = errorText(error);
      const { namespace, id } = timer;
      const about = { shardId, namespace, id, attempt: attempts, error };
      if (nextAt === undefined) {
        publishEngineEvent({ type: 'timer-died', ...about });
        return { ...delivered, outcome: 'dead', firstAttemptAt, attempts, lastError };
      }
      const nextExecuteAt = new Date(nextAt);
      publishEngineEvent({ type: 'delivery-failed', ...about, nextExecuteAt });
      return {
        ...delivered,
        outcome: 'again',
        executeAt: nextExecuteAt,
        dueAt: timer.dueAt,
        firstAttemptAt,
        attempts,
        lastError,
      };
    }
    default:
      return outcome satisfies never;
  }
}

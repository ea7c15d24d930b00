import type { Static } from '@sinclair/typebox';
import type {
  DeadTimer,
  RetryPolicy as StoredPolicy,
  Timer as StoredTimer,
  TimerChanges,
} from 'pg-timer-store';
import { parseRfc3339 } from 'pg-timer-store/engine';
import { formatGoDuration, parseGoDuration } from '../config/go-duration';
import type { CreateTimer, RetryPolicy, Timer, UpdateTimer } from './schemas';

export type TimerAnswer = Static<typeof Timer>;
export type Creation = Static<typeof CreateTimer>;
export type Update = Static<typeof UpdateTimer>;
type Policy = Static<typeof RetryPolicy>;

/** What a creation says of its timer. */
export type CreatedTimer = Pick<
  StoredTimer,
  | 'id'
  | 'namespace'
  | 'executeAt'
  | 'callbackUrl'
  | 'payload'
  | 'retryPolicy'
  | 'callbackTimeoutSeconds'
  | 'createdAt'
>;
type AnsweredTimer = CreatedTimer & Pick<StoredTimer, 'updatedAt' | 'attempts' | 'lastError'>;

/** @param state of a list, whose timers do not say it themselves. (Default: dead if there is a time of death) */
export function timerAnswer(
  timer: AnsweredTimer | DeadTimer,
  state: TimerAnswer['state'] = 'diedAt' in timer ? 'dead' : 'pending',
): TimerAnswer {
  const updatedAt = timer.updatedAt.toISOString();
  const wasDelivered = timer.attempts > 0 || state === 'dead';
  return {
    id: timer.id,
    namespace: timer.namespace,
    executeAt: timer.executeAt.toISOString(),
    callbackUrl: timer.callbackUrl,
    payload: timer.payload,
    retryPolicy: policyAnswer(timer.retryPolicy),
    callbackTimeoutSeconds: timer.callbackTimeoutSeconds,
    createdAt: timer.createdAt.toISOString(),
    updatedAt,
    ...(wasDelivered && { executedAt: updatedAt }),
    attempts: timer.attempts,
    state,
    lastError: timer.lastError,
  };
}

/** What a timer is that was just created, without asking the database: it stores what it was given. */
export function createdAnswer(timer: CreatedTimer): TimerAnswer {
  return timerAnswer({ ...timer, updatedAt: timer.createdAt, attempts: 0, lastError: null });
}

export interface TimerDefaults {
  readonly callbackTimeoutSeconds: number;
  /** A timer is due no sooner than so long from now. */
  readonly minTimerDurationMs: number;
}

export function newTimer(
  { id, namespace, executeAt, callbackUrl, payload, retryPolicy, callbackTimeoutSeconds }: Creation,
  defaults: TimerDefaults,
): CreatedTimer {
  return {
    id,
    namespace,
    executeAt: dueAt(executeAt, defaults),
    callbackUrl,
    payload: (payload ?? null) as StoredTimer['payload'],
    retryPolicy: storedPolicy(retryPolicy ?? null),
    callbackTimeoutSeconds: callbackTimeoutSeconds ?? defaults.callbackTimeoutSeconds,
    createdAt: new Date(),
  };
}

export function timerChanges(update: Update, defaults: TimerDefaults): TimerChanges {
  const { executeAt, callbackUrl, payload, retryPolicy, callbackTimeoutSeconds } = update;
  return {
    ...(executeAt !== undefined && { executeAt: dueAt(executeAt, defaults) }),
    ...(callbackUrl !== undefined && { callbackUrl }),
    ...(payload !== undefined && { payload: payload as NonNullable<TimerChanges['payload']> }),
    ...(retryPolicy !== undefined && { retryPolicy: storedPolicy(retryPolicy) }),
    ...(callbackTimeoutSeconds !== undefined && { callbackTimeoutSeconds }),
  };
}

export function dueAt(text: string, { minTimerDurationMs }: Pick<TimerDefaults, 'minTimerDurationMs'>): Date {
  const at = instant(text);
  return minTimerDurationMs > 0 ? new Date(Math.max(at.getTime(), Date.now() + minTimerDurationMs)) : at;
}

/** Of a text that the schema has let through. */
export function instant(text: string): Date {
  return parseRfc3339(text) as Date;
}

function storedPolicy(policy: Policy | null): StoredPolicy | null {
  if (policy === null) {
    return null;
  }
  const { maxAttempts, maxAttemptsDuration, initialInterval, backoffMultiplier, maxInterval } = policy;
  return {
    ...(maxAttempts !== undefined && { maxAttempts }),
    ...(maxAttemptsDuration !== undefined && { maxAttemptsDurationSeconds: seconds(maxAttemptsDuration) }),
    ...(initialInterval !== undefined && { initialIntervalSeconds: seconds(initialInterval) }),
    ...(backoffMultiplier !== undefined && { backoffMultiplier }),
    ...(maxInterval !== undefined && { maxIntervalSeconds: seconds(maxInterval) }),
  };
}

function policyAnswer(policy: StoredPolicy | null): Policy | null {
  if (policy === null) {
    return null;
  }
  const { maxAttempts, backoffMultiplier } = policy;
  return {
    ...(maxAttempts !== undefined && { maxAttempts }),
    ...duration('maxAttemptsDuration', policy.maxAttemptsDurationSeconds),
    ...duration('initialInterval', policy.initialIntervalSeconds),
    ...(backoffMultiplier !== undefined && { backoffMultiplier }),
    ...duration('maxInterval', policy.maxIntervalSeconds),
  };
}

function duration(field: keyof Policy, value: number | undefined): Policy {
  return value === undefined ? {} : { [field]: formatGoDuration(Math.round(value * 1e9) / 1e6) };
}

function seconds(text: string): number {
  return (parseGoDuration(text) as number) / 1000;
}

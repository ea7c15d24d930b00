import { LATEST_INSTANT } from '../contract/scalars';
import type { RetryPolicy, Timer } from '../contract/types';
import { PermanentDeliveryError, RetryableDeliveryError } from './delivery';

/**
 * For what neither the timer's policy nor the engine's says: up to 20 attempts, 1 s, 2 s, 4 s … 5 minutes apart, which is
 * an hour in all.
 */
const DEFAULT_RETRY_POLICY = {
  maxAttempts: 20,
  maxAttemptsDurationSeconds: 0,
  initialIntervalSeconds: 1,
  backoffMultiplier: 2,
  maxIntervalSeconds: 300,
} as const satisfies Required<RetryPolicy>;

/** How much shorter or longer than it is said to be an interval is at most, so that what failed at once does not come back at once. */
const JITTER = 0.1;

/** A delivery that failed. */
export interface FailedDelivery {
  readonly timer: Timer;
  readonly error: unknown;
  /** When it began, and when it ended, by the server's clock in milliseconds since 1970. */
  readonly beganAt: number;
  readonly endedAt: number;
}

/** What comes of it. */
export interface Retry {
  /** When it is tried again; undefined: it is given up. */
  readonly nextAt: number | undefined;
  readonly attempts: number;
  readonly firstAttemptAt: Date;
}

/**
 * Whether a delivery that failed is tried again, and when: by the timer's policy, for what that leaves open by the
 * engine's, and then by the defaults. 0 attempts and a duration of 0 are no limit.
 *
 * @param random 0 ≤ random < 1.
 */
export function decideRetry(
  { timer, error, beganAt, endedAt }: FailedDelivery,
  enginePolicy: RetryPolicy,
  random: () => number = Math.random,
): Retry {
  const policy: Required<RetryPolicy> = { ...DEFAULT_RETRY_POLICY, ...enginePolicy, ...timer.retryPolicy };
  const attempts = timer.attempts + 1;
  const firstAttemptAt = timer.firstAttemptAt ?? new Date(beganAt);
  const askedMs = error instanceof RetryableDeliveryError ? (error.retryAfterMs ?? 0) : 0;
  const nextAt = Math.min(endedAt + Math.max(intervalMs(policy, attempts, random), askedMs), LATEST_INSTANT);
  const { maxAttempts, maxAttemptsDurationSeconds } = policy;
  const isUsedUp =
    error instanceof PermanentDeliveryError ||
    (maxAttempts > 0 && attempts >= maxAttempts) ||
    (maxAttemptsDurationSeconds > 0 && nextAt > firstAttemptAt.getTime() + maxAttemptsDurationSeconds * 1000);
  return { nextAt: isUsedUp ? undefined : nextAt, attempts, firstAttemptAt };
}

/** After so many attempts. A multiplier below 1 shortens the intervals; that is its caller's wish. */
function intervalMs(policy: Required<RetryPolicy>, attempts: number, random: () => number): number {
  const { initialIntervalSeconds, backoffMultiplier, maxIntervalSeconds } = policy;
  // After so many attempts that the factor is infinite, nothing times it is no number.
  const factor = Math.min(backoffMultiplier ** (attempts - 1), Number.MAX_VALUE);
  const bounded = Math.min(initialIntervalSeconds * factor, maxIntervalSeconds);
  return bounded * 1000 * (1 - JITTER + 2 * JITTER * random());
}

import type { RetryPolicy } from 'pg-timer-store';

/** For what a timer's own policy leaves open. */
const DEFAULT_POLICY: Required<RetryPolicy> = {
  maxAttempts: 10,
  maxAttemptsDurationSeconds: 3600,
  initialIntervalSeconds: 1,
  backoffMultiplier: 2,
  maxIntervalSeconds: 300,
};

/**
 * Seconds to wait before the next call, after `attempts` failed ones; undefined when the policy allows none.
 * The wait grows by the multiplier; all waits together stay within the policy's duration.
 */
export function retryDelay(attempts: number, policy: RetryPolicy | null): number | undefined {
  const { maxAttempts, maxAttemptsDurationSeconds, ...interval } = { ...DEFAULT_POLICY, ...policy };
  if (attempts >= maxAttempts) {
    return undefined;
  }
  let waited = 0;
  let delay = interval.initialIntervalSeconds;
  for (let attempt = 1; attempt < attempts; attempt++) {
    waited += delay;
    delay = Math.min(delay * interval.backoffMultiplier, interval.maxIntervalSeconds);
  }
  return waited + delay > maxAttemptsDurationSeconds ? undefined : delay;
}

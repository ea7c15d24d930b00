/** When what failed is tried again, by policies that are at the edge of what numbers can say. */
import { decideRetry, type FailedDelivery } from '../../src/engine/retry';
import { storedTimer } from './http-call';

const NOW = Date.parse('2030-01-01T00:00:00.000Z');

function failed(attempts: number): FailedDelivery {
  return { timer: storedTimer(null, { attempts }), error: new Error('no'), beganAt: NOW, endedAt: NOW };
}

test.each([
  ['at once, after thousands of attempts', { initialIntervalSeconds: 0 }, 5000, NOW],
  ['at its longest interval, after thousands of attempts', { maxIntervalSeconds: 7 }, 5000, NOW + 7000],
  [
    'as late as can be',
    { initialIntervalSeconds: 1e300, maxIntervalSeconds: 1e308 },
    0,
    Date.parse('9999-12-31T23:59:59.999Z'),
  ],
  ['at once, where intervals shrink to nothing', { backoffMultiplier: 0 }, 1, NOW],
])('what is tried again %s', (_, policy, attempts, nextAt) => {
  const half = () => 0.5;
  expect(decideRetry(failed(attempts), { ...policy, maxAttempts: 0 }, half).nextAt).toBe(nextAt);
});

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { RetryEvent } from '../../src';
import { STORE_CALLS } from './store-calls';

const CHANNEL = 'pg-timer-store:retry';

/** Resolves once every method of a store has made a call again, with all retries so far. */
export function untilEveryCallIsRetried(): Promise<RetryEvent[]> {
  const retries: RetryEvent[] = [];
  return new Promise((resolve) => {
    subscribe(CHANNEL, function listen(event: unknown) {
      retries.push(event as RetryEvent);
      if (new Set(retries.map(({ operation }) => operation)).size === STORE_CALLS.length) {
        unsubscribe(CHANNEL, listen);
        resolve(retries);
      }
    });
  });
}

import type { NewTimer } from '../contract/types';

let built = 0;

/**
 * A timer of which a test says only what it is about. Without a word it has an id of its own, the namespace `tests`, and
 * is due at the beginning of 2030.
 *
 * @example
 * await engine.schedule(buildTimer({ id: 'order-42', payload: { order: 42 } }));
 */
export function buildTimer(fields: Partial<NewTimer> = {}): NewTimer {
  built++;
  return {
    id: `timer-${built}`,
    namespace: 'tests',
    executeAt: new Date('2030-01-01T00:00:00.000Z'),
    ...fields,
  };
}

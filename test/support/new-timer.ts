import type { NewTimer } from '../../src';

/** A timer of which a test says only what it is about. */
export function newTimer(fields: Partial<NewTimer> = {}): NewTimer {
  return {
    id: 'timer-1',
    namespace: 'reminders',
    executeAt: new Date('2030-01-01T00:00:00.000Z'),
    callbackUrl: 'https://example.com/callback',
    ...fields,
  };
}

/** What a store takes as a payload. Nothing here runs: that it compiles, and where it does not, is the test. */
import type { JsonValue, NewTimer, Timer, TimerBatch, TimerChanges, TimerStore } from 'pg-timer-store';
import { assertType, type Equal } from './equal';

declare const store: TimerStore;
const of = { id: 'order-42', namespace: 'reminders', executeAt: new Date() };

interface Line {
  readonly article: string;
  readonly note?: string;
}
interface ReminderPayload {
  readonly orderId: string;
  readonly lines: readonly Line[];
  readonly parent?: ReminderPayload;
}
declare const reminder: ReminderPayload;

export async function accepted(): Promise<void> {
  await store.createTimer(1, 1, { ...of, payload: reminder });
  await store.createTimerNoLock(1, { ...of, payload: [reminder.lines, 'text', 1, true, null] });
  await store.updateTimer(1, 1, 'reminders', 'order-42', { payload: reminder });
  await store.updateTimerNoLock(1, 'reminders', 'order-42', { payload: { order: 42 } });
  await store.rangeDeleteWithBatchInsertTxn(1, 1, {} as never, [{ ...of, payload: reminder }]);

  const typed: NewTimer<ReminderPayload> = { ...of, payload: reminder };
  const plain: NewTimer = { ...of, payload: { order: 42 } };
  const batch: TimerBatch<NewTimer<ReminderPayload>> = { shardId: 1, timers: [typed] };
  await store.createTimersNoLock(1, [typed, plain, { ...of, payload: 'text' }, of]);
  await store.createTimersOfShards([batch, { shardId: 2, timers: [typed, plain] }]);
  await store.createTimer(1, 1, typed);

  // What schema libraries infer, and what has no other type than any.
  await store.createTimer(1, 1, { ...of, payload: {} as { note?: string | undefined } });
  await store.createTimer(1, 1, { ...of, payload: JSON.parse('{}') });
  // Of unions, enums and brands, every part is JSON.
  const branded = '' as string & { readonly brand: 'order' };
  await store.createTimer(1, 1, {
    ...of,
    payload: { kind: 'a' } as { kind: 'a' } | { kind: 'b'; line: Line },
  });
  await store.createTimer(1, 1, { ...of, payload: { branded } });
}

/** A function of one's own passes a payload on whose type it does not know. */
export function create<P extends JsonValue>(payload: P): Promise<void> {
  return store.createTimer(1, 1, { ...of, payload });
}

class Money {
  readonly cents = 1;
  toText(): string {
    return String(this.cents);
  }
}

export const refused: readonly Promise<unknown>[] = [
  // @ts-expect-error a date would come back as a string.
  store.createTimer(1, 1, { ...of, payload: new Date() }),
  // @ts-expect-error at any depth.
  store.createTimer(1, 1, { ...of, payload: { lines: [{ at: new Date() }] } }),
  // @ts-expect-error
  store.createTimer(1, 1, { ...of, payload: new Map([['a', 1]]) }),
  // @ts-expect-error
  store.createTimer(1, 1, { ...of, payload: 42n }),
  // @ts-expect-error
  store.createTimer(1, 1, { ...of, payload: { order: 42n } }),
  // @ts-expect-error
  store.createTimer(1, 1, { ...of, payload: () => 42 }),
  // @ts-expect-error
  store.createTimer(1, 1, { ...of, payload: Buffer.from('') }),
  // @ts-expect-error methods do not come back.
  store.createTimer(1, 1, { ...of, payload: new Money() }),
  // @ts-expect-error leave the field out.
  store.createTimer(1, 1, { ...of, payload: undefined }),
  // @ts-expect-error
  store.createTimer(1, 1, { ...of, payload: { order: undefined } }),
  // @ts-expect-error
  store.createTimer(1, 1, { ...of, payload: [1, undefined] }),
  // @ts-expect-error
  store.createTimer(1, 1, { ...of, payload: {} as Record<string, number | undefined> }),
  // @ts-expect-error
  store.createTimer(1, 1, { ...of, payload: {} as Record<string, unknown> }),
  // @ts-expect-error
  store.createTimer(1, 1, { ...of, payload: {} as unknown }),
  // @ts-expect-error
  store.createTimersNoLock(1, [{ ...of, payload: { at: new Date() } }]),
  // @ts-expect-error
  store.createTimersOfShards([{ shardId: 1, timers: [{ ...of, payload: { at: new Date() } }] }]),
  // @ts-expect-error
  store.updateTimer(1, 1, 'reminders', 'order-42', { payload: { at: new Date() } }),
  // @ts-expect-error it is misspelt.
  store.createTimer(1, 1, { ...of, payloads: 1 }),
];

// @ts-expect-error a payload that cannot be null cannot be left out.
export const withoutPayload: NewTimer<ReminderPayload> = of;
export const withoutJson: NewTimer = of;
export const withoutNullable: NewTimer<ReminderPayload | null> = of;
export const unchanged: TimerChanges<ReminderPayload> = {};
// @ts-expect-error
export const cleared: TimerChanges<ReminderPayload> = { payload: null };

assertType<Equal<Timer['payload'], JsonValue>>();
assertType<Equal<Timer<ReminderPayload>['payload'], ReminderPayload>>();

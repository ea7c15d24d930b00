/** Engines of payloads that have a type, or a schema. Nothing here runs: `tsc` is the test. */
import { type } from 'arktype';
import type { JsonValue, NewTimer, Timer } from 'pg-timer-store';
import { type Deliver, httpDelivery, TimerEngine, type TimerEngineOptions } from 'pg-timer-store/engine';
import * as v from 'valibot';
import * as z from 'zod';
import { assertType, type Equal } from './equal.js';

declare const options: Omit<TimerEngineOptions, 'deliver' | 'payloadSchema'>;
const of = { id: 'order-42', namespace: 'reminders', executeAt: new Date() };

interface ReminderPayload {
  readonly orderId: string;
}
const reminderDelivery: Deliver<ReminderPayload> = async ({ payload }) => void payload.orderId;

export async function untyped(): Promise<void> {
  const engine = await TimerEngine.start({
    ...options,
    deliver: async ({ payload }) => {
      assertType<Equal<typeof payload, JsonValue>>();
      return { nextExecuteAt: new Date(), payload: { run: 1 } };
    },
  });
  assertType<Equal<typeof engine, TimerEngine>>();
  await engine.schedule({ ...of, payload: { order: 42 } });
  await engine.scheduleMany([of, { ...of, payload: 'text' }]);
  await TimerEngine.start({ ...options, deliver: () => new Promise(() => {}) });
  await TimerEngine.start({ ...options, deliver: httpDelivery() });
  const all: TimerEngineOptions = { ...options, deliver: async () => {} };
  assertType<Equal<Awaited<ReturnType<typeof startIt>>, TimerEngine>>();
  function startIt() {
    return TimerEngine.start(all);
  }
}

export async function typed(): Promise<void> {
  const engine = await TimerEngine.start<ReminderPayload>({
    ...options,
    deliver: async ({ payload }) => console.log(payload.orderId),
  });
  await engine.schedule({ ...of, payload: { orderId: '42' } });
  await engine.update('reminders', 'order-42', { payload: { orderId: '43' } });
  const timer = await engine.get('reminders', 'order-42');
  assertType<Equal<typeof timer, Timer<ReminderPayload> | null>>();
  // @ts-expect-error
  await engine.schedule({ ...of, payload: { order: 42 } });
  // @ts-expect-error it has no payload.
  await engine.schedule(of);
  // @ts-expect-error
  await engine.scheduleMany([{ ...of, payload: 1 }]);
  // @ts-expect-error
  await engine.update('reminders', 'order-42', { payload: null });

  const byDelivery = await TimerEngine.start({ ...options, deliver: reminderDelivery });
  const byParameter = await TimerEngine.start({
    ...options,
    deliver: async (_: Timer<ReminderPayload>) => {},
  });
  const byHttp = await TimerEngine.start<ReminderPayload>({ ...options, deliver: httpDelivery() });
  assertType<Equal<typeof byDelivery, TimerEngine<ReminderPayload>>>();
  assertType<Equal<typeof byParameter, TimerEngine<ReminderPayload>>>();
  assertType<Equal<typeof byHttp, TimerEngine<ReminderPayload>>>();

  await TimerEngine.start<ReminderPayload>({
    ...options,
    // @ts-expect-error the next payload is another one.
    deliver: async () => ({ nextExecuteAt: new Date(), payload: { order: 42 } }),
  });
  // @ts-expect-error it is not JSON.
  await TimerEngine.start<{ at: Date }>({ ...options, deliver: async () => {} });
  // @ts-expect-error an engine of reminders does not take every payload.
  const any: TimerEngine = engine;
  await any.schedule({ ...of, payload: 42 } satisfies NewTimer);
}

export async function checked(): Promise<void> {
  const byZod = await TimerEngine.start({
    ...options,
    payloadSchema: z.object({
      at: z.string().transform((text) => new Date(text)),
      count: z.number().default(1),
    }),
    deliver: async ({ payload }) => {
      assertType<Equal<typeof payload, { at: Date; count: number }>>();
      return { nextExecuteAt: new Date(), payload: { at: '2030-01-01' } };
    },
  });
  // What is stored is what the schema takes, not what it makes of it.
  await byZod.schedule({ ...of, payload: { at: '2030-01-01' } });
  // @ts-expect-error
  await byZod.schedule({ ...of, payload: { at: new Date() } });

  const byValibot = await TimerEngine.start({
    ...options,
    payloadSchema: v.objectAsync({ orderId: v.string() }),
    deliver: reminderDelivery,
  });
  const byArktype = await TimerEngine.start({
    ...options,
    payloadSchema: type({ orderId: 'string' }),
    deliver: async ({ payload }) => void payload.orderId,
  });
  assertType<Equal<typeof byValibot, TimerEngine<{ orderId: string }>>>();
  assertType<Equal<typeof byArktype, TimerEngine<{ orderId: string }>>>();
  await TimerEngine.start({
    ...options,
    payloadSchema: type({ orderId: 'string' }),
    deliver: httpDelivery(),
  });

  // @ts-expect-error a payload holds no Date.
  await TimerEngine.start({ ...options, payloadSchema: z.object({ at: z.date() }), deliver: async () => {} });
  // @ts-expect-error the schema makes something else of it.
  await TimerEngine.start({ ...options, payloadSchema: v.number(), deliver: reminderDelivery });
  // @ts-expect-error a function is no schema.
  await TimerEngine.start({ ...options, payloadSchema: (value: unknown) => value, deliver: async () => {} });
}

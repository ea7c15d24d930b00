import { EventEmitter, once } from 'node:events';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import * as v from 'valibot';
import * as z from 'zod';
import type { DeadTimer, JsonValue, NewTimer } from '../../src';
import { TimerEngine, type TimerEngineOptions } from '../../src/engine';
import { checkedDelivery } from '../../src/engine/checked-delivery';
import { errorOf } from '../support/error-of';
import { ALL, openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { EngineEvents } from './engine-events';

let fixture: StoreFixture;
let engine: Pick<TimerEngine, 'stop'> | undefined;
beforeEach(async () => {
  fixture = await openStoreFixture();
});
afterEach(async () => {
  await engine?.stop({ timeoutMs: 0 });
  await fixture.close();
});

const options = (): Omit<TimerEngineOptions, 'deliver' | 'payloadSchema'> => ({
  store: fixture.store,
  shardCount: 1,
  address: 'host-a:7000',
});

/** What another program, or an older version of this one, has stored. */
async function store(payload: JsonValue): Promise<void> {
  const timer: NewTimer = { id: 'order-42', namespace: 'reminders', executeAt: new Date(), payload };
  await fixture.store.createTimerNoLock(0, timer);
}

async function untilDead(events: EngineEvents): Promise<DeadTimer[]> {
  await events.until('timer-died');
  await engine?.stop();
  events.close();
  return await fixture.store.rangeGetDeadTimers(0, ALL, 10);
}

const BY_ZOD = z.object({ orderId: z.string(), count: z.number().default(1) });
const BY_VALIBOT = v.objectAsync({
  orderId: v.pipeAsync(
    v.string(),
    v.checkAsync(async (id) => id !== 'unknown', 'is no order'),
  ),
  count: v.optional(v.number(), 1),
});

test.each<[name: string, schema: StandardSchemaV1<JsonValue, unknown>]>([
  ['zod', BY_ZOD as never],
  ['valibot, asynchronously', BY_VALIBOT as never],
])('a payload is delivered as its schema makes it: %s', async (_, payloadSchema) => {
  const receiver = new EventEmitter();
  const delivered = once(receiver, 'delivered');
  engine = await TimerEngine.start({
    ...options(),
    payloadSchema,
    deliver: async ({ id, payload }) => void receiver.emit('delivered', id, payload),
  });
  await store({ orderId: '42' });
  expect(await delivered).toEqual(['order-42', { orderId: '42', count: 1 }]);
});

test.each<[name: string, schema: unknown, payload: JsonValue, lastError: RegExp]>([
  ['zod', BY_ZOD, { orderId: 42 }, /its schema: orderId: .*expected string/i],
  ['zod, of none', BY_ZOD, null, /its schema: .*expected object/i],
  ['valibot, asynchronously', BY_VALIBOT, { orderId: 'unknown' }, /its schema: orderId: is no order$/],
  [
    'with many faults',
    z.array(z.string()),
    [1, 2, 3, 4, 5, 6, 7],
    /its schema: 0: [^;]*(; \d: [^;]*){4}; and 2 more$/,
  ],
])(
  'a payload that does not fit makes a dead timer that says why: %s',
  async (_, schema, payload, lastError) => {
    const events = new EngineEvents();
    const deliver = jest.fn();
    engine = await TimerEngine.start({ ...options(), payloadSchema: schema as typeof BY_ZOD, deliver });
    await store(payload);
    expect(await untilDead(events)).toMatchObject([
      { id: 'order-42', payload, attempts: 1, lastError: expect.stringMatching(lastError) },
    ]);
    expect(deliver).not.toHaveBeenCalled();
  },
);

test('a schema that fails itself is no verdict: the timer is tried again', async () => {
  const events = new EngineEvents();
  let looks = 0;
  const payloadSchema = v.pipe(
    v.string(),
    v.check(() => {
      if (looks++ === 0) throw new Error('no dictionary yet');
      return true;
    }),
  );
  const receiver = new EventEmitter();
  const delivered = once(receiver, 'delivered');
  engine = await TimerEngine.start({
    ...options(),
    payloadSchema,
    retryPolicy: { initialIntervalSeconds: 0.01 },
    deliver: async ({ payload }, { attempt }) => void receiver.emit('delivered', payload, attempt),
  });
  await store('text');
  expect(await delivered).toEqual(['text', 2]);
  expect(events.of('delivery-failed')).toMatchObject([{ error: { message: 'no dictionary yet' } }]);
  events.close();
});

test('nothing is delivered whose shard was lost while its payload was checked', async () => {
  const controller = new AbortController();
  const deliver = jest.fn();
  const checked = checkedDelivery(
    v.pipeAsync(
      v.string(),
      v.checkAsync(async () => {
        controller.abort(new Error('lost'));
        return true;
      }),
    ),
    deliver,
  );
  const timer = { payload: 'text' } as never;
  const now = new Date();
  const context = { signal: controller.signal, attempt: 1, dueAt: now, beganAt: now };
  expect(await errorOf(checked(timer, context) as Promise<unknown>)).toMatchObject({ message: 'lost' });
  expect(deliver).not.toHaveBeenCalled();
});

test.each([null, {}, { '~standard': {} }, 'schema', () => true])('%p is no schema', async (payloadSchema) => {
  const started = TimerEngine.start({
    ...options(),
    payloadSchema: payloadSchema as never,
    deliver: async () => {},
  });
  expect(await errorOf(started)).toMatchObject({
    code: 'INVALID_ARGUMENT',
    argument: 'options.payloadSchema',
  });
});

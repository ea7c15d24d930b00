import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  ParentBasedSampler,
  type ReadableSpan,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node';
import * as semconv from '@opentelemetry/semantic-conventions/incubating';
import { type NewTimer, ZERO_CURSOR } from '../../src';
import { httpDelivery } from '../../src/engine';
import { ATTRIBUTE, METRIC } from '../../src/opentelemetry/names';
import { instrumentTimers } from '../../src/telemetry';
import { InMemoryTimerStore } from '../../src/testing';
import { EngineEvents } from '../engine/engine-events';
import { Engines } from '../engine/engines';
import { closeReceivers, openReceiver } from '../engine/http-receiver';
import { errorOf } from '../support/error-of';
import { TelemetrySdk } from './telemetry-sdk';

let sdk: TelemetrySdk;
let engines: Engines;
beforeEach(async () => {
  sdk = new TelemetrySdk();
  instrumentTimers();
  engines = await Engines.open();
});
afterEach(async () => {
  await engines.close();
  await closeReceivers();
  instrumentTimers().stop();
  await sdk.close();
});

const tracer = () => trace.getTracer('test');

function timer(id: string, fields: Partial<NewTimer> = {}): NewTimer {
  return { id, namespace: 'reminders', executeAt: new Date(), ...fields };
}

/** Runs a request of a program, which has a trace of its own. */
async function request<T>(name: string, work: () => Promise<T>): Promise<{ span: Span; result: T }> {
  return await tracer().startActiveSpan(name, async (span) => {
    try {
      return { span, result: await work() };
    } finally {
      span.end();
    }
  });
}

/** The spans of a name, once there are so many of them. */
async function untilSpans(name: string, count = 1): Promise<ReadableSpan[]> {
  while (sdk.spans(name).length < count) {
    await new Promise(setImmediate);
  }
  return sdk.spans(name);
}

function only(name: string): ReadableSpan {
  const [span, ...others] = sdk.spans(name);
  expect(others).toEqual([]);
  return span as ReadableSpan;
}

test('a delivery has a trace of its own, linked to the request that scheduled it by the row of the timer', async () => {
  const engine = await engines.start(async () => {
    await request('send mail', async () => {});
  });
  const { span } = await request('POST /orders', () => engine.schedule(timer('order-42')));
  const [delivery] = await untilSpans('deliver');

  const schedule = only('schedule');
  expect(schedule.kind).toBe(SpanKind.PRODUCER);
  expect(schedule.parentSpanContext?.spanId).toBe(span.spanContext().spanId);
  expect(schedule.attributes).toEqual({
    'messaging.system': 'pg_timer_store',
    'messaging.operation.name': 'schedule',
    'messaging.operation.type': 'send',
    'messaging.destination.name': 'reminders',
    'messaging.message.id': 'order-42',
  });
  const call = only('createTimerNoLock timers');
  expect(call.kind).toBe(SpanKind.CLIENT);
  expect(call.parentSpanContext?.spanId).toBe(schedule.spanContext().spanId);
  expect(call.attributes).toEqual({
    'db.system.name': 'postgresql',
    'db.collection.name': 'timers',
    'db.operation.name': 'createTimerNoLock',
    'db.namespace': expect.any(String),
  });
  expect(delivery).toMatchObject({
    kind: SpanKind.CONSUMER,
    parentSpanContext: undefined,
    links: [{ context: { traceId: span.spanContext().traceId, spanId: schedule.spanContext().spanId } }],
    attributes: {
      'messaging.system': 'pg_timer_store',
      'messaging.operation.name': 'deliver',
      'messaging.operation.type': 'process',
      'messaging.destination.name': 'reminders',
      'messaging.destination.partition.id': expect.stringMatching(/^[0-3]$/),
      'messaging.message.id': 'order-42',
      'pg_timer_store.delivery.attempt': 1,
      'pg_timer_store.delivery.lateness': expect.any(Number),
    },
  });
  // What the handler does is a part of it.
  expect(only('send mail').parentSpanContext?.spanId).toBe(delivery?.spanContext().spanId);
});

test('the link outlives failures, updates and death, and each attempt has a span', async () => {
  const events = new EngineEvents();
  const engine = await engines.start(
    async () => {
      throw new Error('secret of the handler');
    },
    { retryPolicy: { maxAttempts: 2, initialIntervalSeconds: 0.01 } },
  );
  const later = new Date(Date.now() + 60_000);
  const { span } = await request('POST /orders', () =>
    engine.schedule(timer('order-42', { executeAt: later })),
  );
  const { result } = await request('PATCH /orders', () =>
    engine.update('reminders', 'order-42', { executeAt: new Date() }),
  );
  expect(result.traceparent).toContain(span.spanContext().traceId);
  await events.until('timer-died');
  events.close();
  const deliveries = await untilSpans('deliver', 2);
  expect(deliveries.map(({ attributes }) => attributes[ATTRIBUTE.attempt])).toEqual([1, 2]);
  for (const { links, status, attributes, events: shown } of deliveries) {
    expect(links[0]?.context.traceId).toBe(span.spanContext().traceId);
    expect(status).toEqual({ code: SpanStatusCode.ERROR });
    expect(attributes[ATTRIBUTE.errorType]).toBe('Error');
    expect(shown).toEqual([]);
  }
});

test('calls that share a statement keep each the trace of its own caller', async () => {
  const { store } = engines.fixture;
  const { shardId, shardVersion } = await engines.fixture.claimedShard();
  const spans = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const create = () => store.createTimer(shardId, shardVersion, timer(`timer-${index}`));
      return (await request(`request ${index}`, create)).span.spanContext();
    }),
  );
  for (const [index, { traceId, spanId }] of spans.entries()) {
    const stored = await store.getTimer(shardId, 'reminders', `timer-${index}`);
    expect(stored?.traceparent).toBe(`00-${traceId}-${spanId}-01`);
  }
});

test('every way to create a timer keeps the trace that is active, in memory too', async () => {
  const { shardId, shardVersion } = await engines.fixture.claimedShard();
  const inMemory = new InMemoryTimerStore();
  await inMemory.claimShardOwnership(shardId, 'owner-1');
  for (const store of [engines.fixture.store, inMemory]) {
    const nothing = { after: ZERO_CURSOR, upTo: ZERO_CURSOR };
    const { span } = await request('create', async () => {
      await store.createTimer(shardId, shardVersion, timer('a'));
      await store.createTimers(shardId, shardVersion, [timer('b')]);
      await store.createTimerNoLock(shardId, timer('c'));
      await store.createTimersNoLock(shardId, [timer('d')]);
      await store.createTimersOfShards([{ shardId, timers: [timer('e')] }]);
      await store.rangeDeleteWithBatchInsertTxn(shardId, shardVersion, nothing, [timer('f')]);
    });
    for (const id of 'abcdef') {
      const stored = await store.getTimer(shardId, 'reminders', id);
      expect(stored?.traceparent).toContain(span.spanContext().spanId);
    }
    const given = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    await request('create', () => store.createTimerNoLock(shardId, timer('a', { traceparent: given })));
    expect((await store.getTimer(shardId, 'reminders', 'a'))?.traceparent).toBe(given);
    await store.createTimerNoLock(shardId, timer('a'));
    expect((await store.getTimer(shardId, 'reminders', 'a'))?.traceparent).toBeNull();
  }
});

test('a trace that is not sampled leaves nothing in the row', async () => {
  instrumentTimers().stop();
  await sdk.close();
  sdk = new TelemetrySdk(new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(0) }));
  instrumentTimers();
  const engine = await engines.start(async () => {});
  const executeAt = new Date(Date.now() + 60_000);
  await request('POST /orders', () => engine.schedule(timer('order-42', { executeAt })));
  expect((await engine.get('reminders', 'order-42'))?.traceparent).toBeNull();
  expect(sdk.spans()).toEqual([]);
});

test('a call that fails says why by its code', async () => {
  const { store } = engines.fixture;
  const { shardId, shardVersion } = await engines.fixture.claimedShard();
  await errorOf(store.createTimer(shardId, shardVersion + 1, timer('a')));
  await engines.fixture.direct.query('DROP TABLE timers');
  await errorOf(store.getShard(shardId));
  expect(only('createTimer timers')).toMatchObject({
    status: { code: SpanStatusCode.ERROR },
    attributes: { 'error.type': 'SHARD_CONDITION_FAILED' },
  });
  expect(only('getShard timers').attributes).toMatchObject({
    'error.type': 'SCHEMA_MISMATCH',
    'db.response.status_code': '42P01',
  });
});

test('what an engine does by itself is in no trace of its callers, nor are its deliveries in their contexts', async () => {
  const storage = new AsyncLocalStorage<string>();
  const seen: (string | undefined)[] = [];
  const deliver = async () => {
    seen.push(storage.getStore());
  };
  const { span, result: engine } = await request('start', () =>
    storage.run('of who starts', () => engines.start(deliver)),
  );
  const { span: caller } = await request('POST /orders', () =>
    storage.run('of who schedules', () => engine.schedule(timer('order-42'))),
  );
  await untilSpans('settleTimers timers');
  expect(seen).toEqual([undefined]);
  const own = sdk.spans().filter(({ name }) => /^(settleTimers|readDueTimers|deliver)/.test(name));
  for (const each of own) {
    expect([span, caller].map((one) => one.spanContext().traceId)).not.toContain(each.spanContext().traceId);
  }
  // Looks at the database by itself would bury all other traces.
  expect(sdk.spans('readDueTimers timers')).toEqual([]);
});

test('httpDelivery lets receivers go on with the trace, unless whoever instruments undici does', async () => {
  const receiver = await openReceiver((response) => response.writeHead(204).end());
  const deliver = httpDelivery({ allowPrivateAddresses: true });
  const engine = await engines.start(deliver);
  await engine.schedule(timer('a', { callbackUrl: receiver.origin }));
  const [delivery] = await untilSpans('deliver');
  const { traceId, spanId } = (delivery as ReadableSpan).spanContext();
  expect(receiver.received[0]?.headers['traceparent']).toBe(`00-${traceId}-${spanId}-01`);
  const instrumentation = () => {};
  subscribe('undici:request:create', instrumentation);
  await engine.schedule(timer('b', { callbackUrl: receiver.origin }));
  await untilSpans('deliver', 2);
  unsubscribe('undici:request:create', instrumentation);
  expect(receiver.received[1]?.headers).not.toHaveProperty('traceparent');
  await deliver.close();
});

test('names are those of the semantic conventions, or begin with our own', () => {
  const known = new Set<unknown>(Object.values(semconv));
  for (const name of [...Object.values(ATTRIBUTE), ...Object.values(METRIC)]) {
    expect(known.has(name) || name.startsWith('pg_timer_store.') ? name : `unknown: ${name}`).toBe(name);
  }
});

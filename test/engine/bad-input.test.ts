/** What a `deliver`, a caller or another program gets wrong is an error of that timer or call, never of the engine. */
import { type NewTimer, PostgresTimerStore, shardIdFor, type TimerChanges } from '../../src';
import {
  type Deliver,
  DeliveryPostponedError,
  RetryableDeliveryError,
  type TimerEngine,
} from '../../src/engine';
import { STORE_OPTIONS } from '../support/store-options';
import { EngineEvents } from './engine-events';
import { Engines } from './engines';
import { Receiver } from './receiver';

const NAMESPACE = 'bad-input';

let engines: Engines;
let events: EngineEvents;
let receiver: Receiver;
beforeEach(async () => {
  engines = await Engines.open();
  events = new EngineEvents();
  receiver = new Receiver();
});
afterEach(async () => {
  await engines.close();
  events.close();
});

function timer(id: string, fields: Partial<NewTimer> = {}): NewTimer {
  return { id, namespace: NAMESPACE, executeAt: new Date(), ...fields };
}

function hidden(): never {
  throw new Error('hidden');
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

describe('a deliver', () => {
  test.each<[name: string, deliver: unknown]>([
    ['throws at once', hidden],
    ['throws a text', () => Promise.reject('a text')],
    ['throws nothing at all', () => Promise.reject(undefined)],
    [
      'throws an error that cannot be read',
      () => Promise.reject(Object.defineProperty(new Error(), 'message', { get: hidden })),
    ],
    ['throws what nobody can ask what it is', () => Promise.reject(revoked())],
    ['asks to come again at no time', () => Promise.reject(new RetryableDeliveryError('', Number.NaN))],
    ['asks to be postponed for no time', () => Promise.reject(new DeliveryPostponedError('', Number.NaN))],
    ['returns null', async () => null],
    ['returns a text', async () => 'done'],
    [
      'returns what cannot be looked at',
      async () => Object.defineProperty({}, 'nextExecuteAt', { get: hidden }),
    ],
    ['returns no date', async () => ({ nextExecuteAt: '2030-01-01' })],
    ['returns an invalid date', async () => ({ nextExecuteAt: new Date(Number.NaN) })],
    ['returns a date out of range', async () => ({ nextExecuteAt: new Date(8.64e15) })],
    [
      'returns a payload that cannot be looked at',
      async () => Object.defineProperty({ nextExecuteAt: new Date() }, 'payload', { get: hidden }),
    ],
    ['returns a payload that is no JSON', async () => ({ nextExecuteAt: new Date(), payload: 1n })],
  ])('that %s fails for its timer alone', async (_, deliver) => {
    const engine = await engines.start(async (delivered, context) => {
      if (delivered.id === 'good') return await receiver.deliver(delivered, context);
      return await (deliver as Deliver)(delivered, context);
    });
    await engine.schedule(timer('bad', { retryPolicy: { maxAttempts: 2, initialIntervalSeconds: 0.01 } }));
    await events.until('timer-died');
    await engine.schedule(timer('good'));
    await receiver.until(1);
  });

  test('that computes with the dates of its timer, in place, leaves the timer as it was', async () => {
    const executeAt = new Date();
    const next = new Date(executeAt.getTime() + 3_600_000);
    const engine = await engines.start(async (delivered, context) => {
      for (const date of [delivered.executeAt, delivered.dueAt, context.dueAt]) {
        date.setTime(next.getTime());
      }
      setImmediate(() => delivered.executeAt.setTime(0));
      if (delivered.id === 'failing') throw new Error('no');
      return { nextExecuteAt: delivered.executeAt };
    });
    await engine.scheduleMany([timer('moved', { executeAt }), timer('failing', { executeAt })]);
    while (engine.status.settled < 2) await new Promise(setImmediate);
    expect(await engine.get(NAMESPACE, 'moved')).toMatchObject({ executeAt: next, dueAt: next });
    expect(await engine.get(NAMESPACE, 'failing')).toMatchObject({ dueAt: executeAt, attempts: 1 });
  });

  test('that never ends keeps its own place, and no other', async () => {
    const engine = await engines.start(
      (delivered, context) =>
        delivered.id === 'endless' ? new Promise(() => {}) : receiver.deliver(delivered, context),
      { maxDeliveries: 2 },
    );
    await engine.schedule(timer('endless'));
    for (let count = 1; count <= 20; count++) {
      await engine.schedule(timer(`good-${count}`));
      await receiver.until(count);
    }
    while (engine.status.underWay > 1) {
      await new Promise(setImmediate);
    }
  });

  test('that asks for as late as can be is tried again in the year 9999', async () => {
    const engine = await engines.start(async () => {
      throw new RetryableDeliveryError('much later', Number.POSITIVE_INFINITY);
    });
    await engine.schedule(timer('late'));
    await events.until('delivery-failed');
    await engine.stop();
    const { rows } = await engines.fixture.direct.query(
      'SELECT timer_execute_at AS at FROM timers WHERE row_type = 2',
    );
    expect(rows).toEqual([{ at: new Date('9999-12-31T23:59:59.999Z') }]);
  });
});

test.each<[argument: string, call: (engine: TimerEngine) => Promise<unknown>]>([
  ['timer', (engine) => engine.schedule(undefined as unknown as NewTimer)],
  ['timer.id', (engine) => engine.schedule(timer(''))],
  ['timer.executeAt', (engine) => engine.schedule(timer('a', { executeAt: new Date(8.64e15) }))],
  ['timer.payload', (engine) => engine.schedule(timer('a', { payload: Number.NaN }))],
  ['timers', (engine) => engine.scheduleMany('all' as unknown as NewTimer[])],
  ['timers[1]', (engine) => engine.scheduleMany([timer('a'), null as unknown as NewTimer])],
  [
    'timers[1].executeAt',
    (engine) => engine.scheduleMany([timer('a'), timer('b', { executeAt: new Date(NaN) })]),
  ],
  ['changes.executeAt', (engine) => engine.update(NAMESPACE, 'a', { executeAt: new Date(Number.NaN) })],
  ['changes', (engine) => engine.update(NAMESPACE, 'a', null as unknown as TimerChanges)],
  ['timerId', (engine) => engine.cancel(NAMESPACE, 1 as unknown as string)],
  ['namespace', (engine) => engine.get('', 'a')],
  ['options.timeoutMs', (engine) => engine.stop({ timeoutMs: Number.NaN })],
])('a wrong %s is refused by name, and nothing is stored', async (argument, call) => {
  const engine = await engines.start(receiver.deliver);
  await expect(call(engine)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', argument });
  expect(await engines.left()).toBe(0);
});

test('a row that cannot be read is reported by its key, and steps aside', async () => {
  const unreadable: unknown[] = [];
  const { fixture } = engines;
  const store = await PostgresTimerStore.connect({
    connectionString: fixture.database.storeUrl,
    ...STORE_OPTIONS,
    onUnreadableRow: (error) => unreadable.push(error),
  });
  for (const id of ['bad', 'good']) {
    await store.createTimerNoLock(shardIdFor(id, 4), timer(id, { executeAt: new Date(0) }));
  }
  await fixture.direct.query(
    `UPDATE timers SET timer_payload = '1e400' WHERE row_type = 2 AND timer_id = 'bad'`,
  );
  const engine = await engines.start(receiver.deliver, { store });
  await receiver.until(1);
  await engine.stop();
  await store.close();
  expect(receiver.delivered).toMatchObject([{ id: 'good' }]);
  expect(unreadable[0]).toMatchObject({ code: 'UNREADABLE_ROW', timer: { id: 'bad', namespace: NAMESPACE } });
  expect(await engines.left()).toBe(1);
});

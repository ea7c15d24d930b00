/** Engines driven by hand, on PostgreSQL: what is due is the server's say, so that timers of the past fire. */
import { type NewTimer, type PostgresTimerStore, StoreClosedError, StoreUnavailableError } from '../../src';
import { type Deliver, fixedMembership, TimerEngine, type TimerEngineOptions } from '../../src/engine';
import { TestClock } from '../../src/testing';
import { newTimer } from '../support/new-timer';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';

const LONG_AGO = new Date('2020-01-01T00:00:00.000Z');

let fixture: StoreFixture;
let store: PostgresTimerStore;
const engines: TimerEngine[] = [];
beforeEach(async () => {
  fixture = await openStoreFixture();
  store = fixture.store;
});
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.stop({ timeoutMs: 0 })));
  await fixture.close();
});

async function startEngine(deliver: Deliver, options: Partial<TimerEngineOptions> = {}) {
  const engine = await TimerEngine.start({
    store,
    shardCount: 4,
    address: 'host-a:7000',
    clock: new TestClock(),
    deliver,
    ...options,
  });
  engines.push(engine);
  return engine;
}

function due(id: string, fields: Partial<NewTimer> = {}): NewTimer {
  return newTimer({ id, executeAt: LONG_AGO, ...fields });
}

test('an engine driven by hand fires when it is told, and what is due then', async () => {
  const delivered: string[] = [];
  const engine = await startEngine(async ({ id }) => void delivered.push(id));
  await engine.scheduleMany([due('first'), due('second'), newTimer({ id: 'later' })]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(delivered).toEqual([]);
  await engine.runDueTimers();
  expect(delivered.sort()).toEqual(['first', 'second']);
  expect(engine.status).toMatchObject({ settled: 2, underWay: 0 });
  expect(await engine.get('reminders', 'first')).toBeNull();
  expect(await engine.get('reminders', 'later')).not.toBeNull();
});

test('a run goes on with what became due by its deliveries', async () => {
  const delivered: string[] = [];
  const engine = await startEngine(async ({ id }, { dueAt }) => {
    delivered.push(`${id} ${dueAt.getUTCFullYear()}`);
    if (id === 'yearly' && dueAt.getUTCFullYear() < 2022) {
      return { nextExecuteAt: new Date(Date.UTC(dueAt.getUTCFullYear() + 1, 0)) };
    }
    if (id === 'parent') {
      await engine.schedule(due('child'));
    }
    return undefined;
  });
  await engine.scheduleMany([due('yearly'), due('parent')]);
  await engine.runDueTimers();
  expect(delivered.sort()).toEqual([
    'child 2020',
    'parent 2020',
    'yearly 2020',
    'yearly 2021',
    'yearly 2022',
  ]);
});

test('a run delivers more than goes at a time, and more than one look finds', async () => {
  let count = 0;
  const engine = await startEngine(
    async () => {
      count++;
      await new Promise(setImmediate);
    },
    { maxDeliveries: 3, maxLoaded: 10 },
  );
  await engine.scheduleMany(Array.from({ length: 100 }, (_, index) => due(`timer-${index}`)));
  await engine.runDueTimers();
  expect(count).toBe(100);
});

test('what fails is not tried again by the same run', async () => {
  let attempts = 0;
  const engine = await startEngine(async () => {
    attempts++;
    throw new Error('not now');
  });
  await engine.schedule(due('failing'));
  await engine.runDueTimers();
  expect(attempts).toBe(1);
  expect(await engine.get('reminders', 'failing')).toMatchObject({
    attempts: 1,
    lastError: 'Error: not now',
  });
});

test('what another process has created or cancelled since is honoured', async () => {
  const delivered: string[] = [];
  const engine = await startEngine(async ({ id }) => void delivered.push(id), {
    membership: fixedMembership(['host-a:7000', 'host-b:7000']),
  });
  const other = await startEngine(async ({ id }) => void delivered.push(id), {
    membership: fixedMembership(['host-a:7000', 'host-b:7000']),
    address: 'host-b:7000',
  });
  const ids = Array.from({ length: 20 }, (_, index) => `timer-${index}`);
  await other.scheduleMany(ids.map((id) => due(id)));
  await other.cancel('reminders', 'timer-7');
  await engine.runDueTimers();
  expect(delivered.length).toBeGreaterThan(0);
  expect(delivered.length).toBeLessThan(19);
  await other.runDueTimers();
  expect(delivered.sort()).toEqual(ids.filter((id) => id !== 'timer-7').sort());
});

test('a run says that the store cannot be read', async () => {
  const engine = await startEngine(async () => {});
  jest.spyOn(store, 'readDueTimers').mockRejectedValueOnce(new StoreUnavailableError('The server is away'));
  await expect(engine.runDueTimers()).rejects.toThrow('The server is away');
  await engine.runDueTimers();
});

test('an engine that fires by itself runs what is due, too', async () => {
  const delivered: string[] = [];
  const engine = await startEngine(async ({ id }) => void delivered.push(id), { clock: undefined });
  await engine.schedule(due('first'));
  await engine.runDueTimers();
  expect(delivered).toEqual(['first']);
  await engine.stop();
  await expect(engine.runDueTimers()).rejects.toThrow(StoreClosedError);
});

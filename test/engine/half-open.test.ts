/** The session that listens is dead, and nobody is told: as behind a firewall that has forgotten it. */
import { PostgresTimerStore, StoreUnavailableError } from '../../src';
import type { TimerEngine, TimerEngineOptions } from '../../src/engine';
import { ON_CITUS } from '../support/on-citus';
import { TcpProxy } from '../support/tcp-proxy';
import { EngineEvents } from './engine-events';
import { Engines } from './engines';
import { Receiver } from './receiver';

const NAMESPACE = 'half-open';

let engines: Engines;
let events: EngineEvents;
let proxy: TcpProxy;
let store: PostgresTimerStore;
let receiver: Receiver;
/** On it, timers are scheduled, and announced to the others: it is a member of nothing, and owns nothing. */
let elsewhere: TimerEngine;
beforeEach(async () => {
  engines = await Engines.open();
  events = new EngineEvents();
  receiver = new Receiver();
  const { storeUrl } = engines.fixture.database;
  proxy = await TcpProxy.open(storeUrl);
  store = await PostgresTimerStore.connect(proxy.url(storeUrl));
  elsewhere = await engines.start(async () => {}, {
    address: 'elsewhere:7000',
    membership: { join: async () => {}, refresh: async () => {}, leave: async () => {} },
  });
});
afterEach(async () => {
  await engines.stop();
  // Before the database is dropped, which waits five seconds for sessions to end, and before the store says goodbye to silence.
  await proxy.close();
  await store.close();
  await engines.close();
  events.close();
});

async function startOwner(options: Partial<TimerEngineOptions>): Promise<void> {
  const engine = await engines.start(receiver.deliver, { store, ...options });
  await engine.schedule({ id: 'first', namespace: NAMESPACE, executeAt: new Date() });
  await receiver.until(1);
  proxy.forgetListeners();
}

async function msUntilDelivered(id: string): Promise<number> {
  const executeAt = new Date();
  await elsewhere.schedule({ id, namespace: NAMESPACE, executeAt });
  await receiver.until(receiver.delivered.length + 1);
  expect(receiver.delivered.at(-1)).toMatchObject({ id });
  return Date.now() - executeAt.getTime();
}

test('looks at the database go on, and find what is not heard of', async () => {
  await startOwner({ longestPauseMs: 300 });
  // Before the loss is noticed, and long before the session is replaced.
  await msUntilDelivered('unheard');
  expect(events.of('wake-up-lost')).toEqual([]);
});

// A session that is silent is noticed by the next heartbeat, 3 seconds apart, which waits 3 seconds for its answer.
test('it is noticed within seconds; another one listens, and what was missed is found by one look', async () => {
  // No look would find anything within this test.
  await startOwner({ longestPauseMs: 60_000 });
  expect(await msUntilDelivered('missed')).toBeLessThan(8000);
  expect(events.of('wake-up-lost')).toMatchObject([{ error: expect.any(Error) }]);
  expect(await msUntilDelivered('heard again')).toBeLessThan(2000);
  expect(events.of('wake-up-lost')).toHaveLength(1);
});

// The next session is one of the pool, as silent as the first, which is given up after three seconds more.
test('all connections are, and another one listens nevertheless', async () => {
  await startOwner({ longestPauseMs: 60_000 });
  proxy.forgetConnections();
  await events.until('wake-up-lost');
  // On Citus a look uses several sessions, so that by then others have found the silence, and the next one is new.
  if (!ON_CITUS) {
    await events.until('wake-up-lost', 2);
  }
  expect(await msUntilDelivered('heard again')).toBeLessThan(15_000);
}, 60_000);

// Five seconds is how long it waits.
test('an engine that could not listen at its start tries again, and finds what it has not heard of', async () => {
  const refused = new StoreUnavailableError('no connection was free');
  const listen = jest.spyOn(store, 'listenForDueTimers').mockRejectedValueOnce(refused);
  await engines.start(receiver.deliver, { store, longestPauseMs: 60_000, lookAheadMs: 60_000 });
  expect(events.of('wake-up-lost')).toEqual([{ type: 'wake-up-lost', error: refused }]);
  await msUntilDelivered('missed');
  expect(listen).toHaveBeenCalledTimes(2);
  expect(await msUntilDelivered('heard')).toBeLessThan(2000);
});

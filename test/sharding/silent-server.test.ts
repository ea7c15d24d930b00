/** An engine on two servers, one of which answers nothing any more: the shards of the other one do not wait for it. */
import { PostgresTimerStore, ShardedTimerStore, StoreUnavailableError, shardIdFor } from '../../src';
import type { Deliver } from '../../src/engine';
import { ownerOf } from '../../src/engine/rendezvous';
import { Engines } from '../engine/engines';
import { Receiver } from '../engine/receiver';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { TcpProxy } from '../support/tcp-proxy';
import { ToldMembership } from '../support/told-membership';

const NAMESPACE = 'two servers';
/** A call that is not answered ends after ten seconds. */
const LONG_BEFORE_MS = 5000;

const HERE = 'host-a:7000';
/** Is to have one shard of each server, and leaves one of each. */
const ANOTHER = Array.from({ length: 1000 }, (_, number) => `another-${number}:7000`).find((address) => {
  const its = [0, 1, 2, 3].filter((shardId) => ownerOf(shardId, [HERE, address]) === address);
  return its.length === 2 && its.filter((shardId) => shardId < 2).length === 1;
}) as string;

let engines: Engines;
let silent: StoreFixture;
let proxy: TcpProxy;
let others: PostgresTimerStore;
let store: ShardedTimerStore;
beforeEach(async () => {
  engines = await Engines.open();
  silent = await openStoreFixture();
  const { storeUrl } = silent.database;
  proxy = await TcpProxy.open(storeUrl);
  others = await PostgresTimerStore.connect(proxy.url(storeUrl));
  store = new ShardedTimerStore([
    { from: 0, to: 1, store: engines.fixture.store },
    { from: 2, to: 3, store: others },
  ]);
});
afterEach(async () => {
  await engines.stop();
  await proxy.close();
  await store.close();
  await silent.close();
  await engines.fixture.close();
});

/** Ids of timers of the living server, or of the other one. */
function* ids(isLiving: boolean) {
  for (let number = 0; ; number++) {
    if (shardIdFor(`timer-${number}`, 4) < 2 === isLiving) yield `timer-${number}`;
  }
}

async function timersOf({ direct }: StoreFixture): Promise<number> {
  const { rows } = await direct.query('SELECT count(*)::int AS count FROM timers WHERE row_type = 2');
  return rows[0].count;
}

test('what is due on the living one goes out and is settled, though more is due on the other one than there is memory for', async () => {
  const living = ids(true);
  const ofSilent = ids(false);
  const receiver = new Receiver();
  let end = () => {};
  const isSilent = new Promise<void>((resolve) => {
    end = resolve;
  });
  const deliver: Deliver = async (timer, context) => {
    await receiver.deliver(timer, context);
    if (unsettled.includes(timer.id)) await isSilent;
  };
  // More than there is memory for.
  const unsettled = Array.from({ length: 20 }, () => ofSilent.next().value as string);
  const engine = await engines.start(deliver, { store, maxLoaded: 10 });
  const schedule = async (id: string) =>
    await engine.schedule({ id, namespace: NAMESPACE, executeAt: new Date() });
  await Promise.all(unsettled.map(schedule));
  await receiver.until(5);
  await proxy.loseRequests();
  end();

  const silentSince = performance.now();
  for (let round = 0; round < 20; round++) {
    const settled = engine.status.settled;
    await schedule(living.next().value as string);
    while (engine.status.settled === settled || (await timersOf(engines.fixture)) > 0) {
      expect(performance.now() - silentSince).toBeLessThan(LONG_BEFORE_MS);
      await new Promise(setImmediate);
    }
  }

  proxy.heal();
  proxy.cut();
  const late = ofSilent.next().value as string;
  await schedule(late);
  while ((await timersOf(silent)) > 0) await new Promise(setImmediate);
  expect(receiver.delivered.map(({ id }) => id)).toContain(late);
  while (engine.status.loaded > 0) await new Promise(setImmediate);
  expect(engine.status.shards).toHaveLength(4);
}, 60_000);

test('what is created elsewhere on the living one is found soon, though the other one lets nobody listen', async () => {
  const { store: living } = engines.fixture;
  const listen = living.listenForDueTimers.bind(living);
  // Something is heard before it is known that not all are listened to.
  jest.spyOn(living, 'listenForDueTimers').mockImplementation(async (events) => {
    let isHeard = false;
    const onDue: typeof events.onDue = (shardIds) => {
      events.onDue(shardIds);
      isHeard = true;
    };
    const listener = await listen({ ...events, onDue });
    await living.announceDueTimers([0]);
    while (!isHeard) await new Promise(setImmediate);
    return listener;
  });
  jest.spyOn(others, 'listenForDueTimers').mockRejectedValue(new StoreUnavailableError('none was free'));
  const receiver = new Receiver();
  await engines.start(receiver.deliver, { store, longestPauseMs: 60_000 });
  const id = ids(true).next().value as string;
  const createdAt = performance.now();
  await living.createTimerNoLock(shardIdFor(id, 4), { id, namespace: NAMESPACE, executeAt: new Date() });
  await receiver.until(1);
  // It listens again every five seconds, and looks then.
  expect(performance.now() - createdAt).toBeLessThan(3000);
});

test('what is under way of the living one at a hand-over is kept, and settled when it ends, though the other one is silent', async () => {
  const { direct } = engines.fixture;
  const [id, other] = [ids(true), ids(false)].map((some) => some.next().value as string);
  const ends = new Map<string, () => void>();
  const deliver: Deliver = (timer) => new Promise<void>((resolve) => ends.set(timer.id, resolve));
  const membership = new ToldMembership([HERE]);
  const engine = await engines.start(deliver, { store, membership });
  await engine.schedule({ id: id as string, namespace: NAMESPACE, executeAt: new Date() });
  await engine.schedule({ id: other as string, namespace: NAMESPACE, executeAt: new Date() });
  while (ends.size < 2) await new Promise(setImmediate);
  membership.tell('another:7000');
  while (engine.status.shards.length > 0) await new Promise(setImmediate);

  await proxy.loseRequests();
  const keptUntil = async () => {
    const { rows } = await direct.query('SELECT timer_execute_at AS at FROM timers WHERE row_type = 2');
    return rows[0].at.getTime();
  };
  const first = await keptUntil();
  while ((await keptUntil()) === first) await new Promise(setImmediate);
  const endedAt = performance.now();
  ends.get(id as string)?.();
  while ((await timersOf(engines.fixture)) > 0 && performance.now() - endedAt < LONG_BEFORE_MS) {
    await new Promise(setImmediate);
  }
  ends.get(other as string)?.();
  expect(await timersOf(engines.fixture)).toBe(0);
}, 60_000);

test('a process that stops leaves the members within seconds, and settles what ends until its time is over, though the other one is silent', async () => {
  const ends = new Map<string, () => void>();
  const deliver: Deliver = (timer) => new Promise<void>((resolve) => ends.set(timer.id, resolve));
  const membership = new ToldMembership([HERE, ANOTHER]);
  const leave = jest.spyOn(membership, 'leave');
  const engine = await engines.start(deliver, { store, membership });
  const owned = engine.status.shards.map(({ shardId }) => shardId);
  const idOf = (isLiving: boolean) => {
    const all = ids(isLiving);
    for (;;) {
      const id = all.next().value as string;
      if (owned.includes(shardIdFor(id, 4))) return id;
    }
  };
  for (const id of [idOf(true), idOf(false)]) {
    await engine.schedule({ id, namespace: NAMESPACE, executeAt: new Date() });
  }
  while (ends.size < 2) await new Promise(setImmediate);

  await proxy.loseRequests();
  // It looks for shards on both.
  membership.tell(HERE);
  const stopAt = performance.now();
  const stopping = engine.stop();
  while (leave.mock.calls.length === 0) {
    expect(performance.now() - stopAt).toBeLessThan(LONG_BEFORE_MS);
    await new Promise(setImmediate);
  }
  expect(await timersOf(engines.fixture)).toBe(1);
  ends.get(idOf(true))?.();
  await stopping;
  expect(await timersOf(engines.fixture)).toBe(0);
}, 60_000);

test('a process with nothing under way stops within seconds, though the other one is silent', async () => {
  const engine = await engines.start(async () => {}, { store, membership: new ToldMembership([HERE]) });
  await proxy.loseRequests();
  const stopAt = performance.now();
  await engine.stop();
  expect(performance.now() - stopAt).toBeLessThan(LONG_BEFORE_MS);
}, 60_000);

test('a shard of the living one is claimed at once, though the silent one has not answered an earlier claim', async () => {
  const membership = new ToldMembership([HERE]);
  const engine = await engines.start(async () => {}, { store, membership });
  const living = () => engine.status.shards.filter(({ shardId }) => shardId < 2).length;
  const turn = () => new Promise(setImmediate);
  membership.tell(HERE, ANOTHER);
  while (engine.status.shards.some(({ shardId }) => ownerOf(shardId, [HERE, ANOTHER]) === ANOTHER))
    await turn();

  await proxy.loseRequests();
  const silentSince = performance.now();
  for (let round = 0; round < 3; round++) {
    membership.tell(HERE);
    while (living() < 2) {
      expect(performance.now() - silentSince).toBeLessThan(LONG_BEFORE_MS);
      await turn();
    }
    membership.tell(HERE, ANOTHER);
    while (living() === 2) await turn();
  }
}, 60_000);

test('what is scheduled for another process on the living one is announced within seconds, though the silent one hears nothing', async () => {
  const membership = new ToldMembership([HERE]);
  const engine = await engines.start(async () => {}, { store, membership });
  let heard = 0;
  const onDue = () => void heard++;
  const listener = await engines.fixture.store.listenForDueTimers({ onDue, onLoss: () => {} });
  await proxy.loseRequests();
  membership.tell(ANOTHER);
  // That its shards are to be had.
  while (heard === 0 || engine.status.shards.some(({ shardId }) => shardId < 2)) {
    await new Promise(setImmediate);
  }
  const heardBefore = heard;
  const scheduledAt = performance.now();
  await engine.schedule({
    id: ids(true).next().value as string,
    namespace: NAMESPACE,
    executeAt: new Date(),
  });
  while (heard === heardBefore) {
    expect(performance.now() - scheduledAt).toBeLessThan(LONG_BEFORE_MS);
    await new Promise(setImmediate);
  }
  await listener.close();
}, 60_000);

/** What a process holds in memory makes room again. */
import { PostgresTimerStore, shardIdFor } from '../../src';
import type { Deliver, DeliveryContext, TimerEngine } from '../../src/engine';
import { allowTriggers, ON_CITUS } from '../support/on-citus';
import { EngineEvents } from './engine-events';
import { Engines } from './engines';
import { Receiver } from './receiver';

let engines: Engines;
beforeEach(async () => {
  // One server, whatever the workers of Citus: each would have its share of what may be in memory.
  jest.spyOn(PostgresTimerStore.prototype, 'serverOf').mockReturnValue(undefined);
  engines = await Engines.open();
});
afterEach(async () => {
  await engines.close();
  jest.restoreAllMocks();
});

/** Ids of timers of one shard of four, each another one. */
function* idsOf(shardId: number): Generator<string> {
  for (let number = 0; ; number++) {
    if (shardIdFor(`timer-${number}`, 4) === shardId) yield `timer-${number}`;
  }
}

test('what was queued of a shard that is lost takes no place, though it is due much later', async () => {
  const events = new EngineEvents();
  const receiver = new Receiver();
  const engine = await engines.start(receiver.deliver, { maxLoaded: 10, lookAheadMs: 3_600_000 });
  const [lost, kept] = [idsOf(0), idsOf(1)];
  const executeAt = new Date(Date.now() + 600_000);
  const namespace = 'memory';
  const timers = Array.from({ length: 10 }, () => ({
    id: lost.next().value as string,
    namespace,
    executeAt,
  }));
  await engine.scheduleMany(timers);
  while (engine.status.loaded < 10) await new Promise(setImmediate);
  await engines.fixture.store.claimShardOwnership(0, 'another');
  await events.until('shard-lost');
  events.close();
  expect(engine.status.loaded).toBe(0);
  await engine.schedule({ id: kept.next().value as string, namespace, executeAt: new Date() });
  await receiver.until(1);
});

describe('what is due goes out, though most of the memory is taken by deliveries that are slow', () => {
  let engine: TimerEngine;
  const receiver = new Receiver();
  let end = () => {};
  afterEach(() => end());

  /** No looks but those that something wakes come within these tests. */
  async function startSlow(lookAheadMs: number): Promise<void> {
    const isOver = new Promise<void>((resolve) => {
      end = resolve;
    });
    const deliver: Deliver = async (timer, context) => {
      await receiver.deliver(timer, context);
      await isOver;
    };
    receiver.delivered.length = 0;
    engine = await engines.start(deliver, { maxLoaded: 10, longestPauseMs: 60_000, lookAheadMs });
    for (let slow = 1; slow <= 6; slow++) {
      await schedule(`slow-${slow}`, 0);
      await receiver.until(slow);
    }
  }

  const schedule = (id: string, inMs: number) =>
    engine.schedule({ id, namespace: 'memory', executeAt: new Date(Date.now() + inMs) });

  test('and what else is loaded is not yet due', async () => {
    await startSlow(60_000);
    await schedule('later', 2000);
    while (engine.status.loaded < 7) await new Promise(setImmediate);
    await schedule('now', 0);
    await receiver.until(7);
    expect(receiver.delivered.at(-1)).toMatchObject({ id: 'now' });
    await receiver.until(8);
  });

  test('and so is what was due just before', async () => {
    await startSlow(100);
    await schedule('sooner', 500);
    await schedule('later', 1000);
    await receiver.until(8);
    expect(receiver.delivered.slice(6)).toMatchObject([{ id: 'sooner' }, { id: 'later' }]);
  });
});

test('what is done and cannot be settled is not delivered again, and takes no place', async () => {
  const { direct } = engines.fixture;
  await allowTriggers(direct);
  await direct.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE 'no'; END $$`);
  await direct.query(`CREATE TRIGGER refuse BEFORE DELETE ON timers FOR EACH ROW
    WHEN (OLD.timer_id <> 'good') EXECUTE FUNCTION refuse()`);
  const events = new EngineEvents();
  const receiver = new Receiver();
  const engine = await engines.start(receiver.deliver, { maxLoaded: 2, longestPauseMs: 20 });
  for (const id of ['bad-1', 'bad-2', 'bad-3']) {
    await engine.schedule({ id, namespace: 'memory', executeAt: new Date() });
  }
  await events.until('settlement-refused', 3);
  await engine.schedule({ id: 'good', namespace: 'memory', executeAt: new Date() });
  await receiver.until(4);
  events.close();
  await engine.stop();
  expect(receiver.delivered.map(({ id }) => id).sort()).toEqual(['bad-1', 'bad-2', 'bad-3', 'good']);
  expect(engine.status.loaded).toBe(0);
});

// A sequence counts, which is of one server.
const testOfOneServer = ON_CITUS ? test.skip : test;
testOfOneServer(
  'what the server refuses once, for a reason of its own, is settled all the same',
  async () => {
    const { direct } = engines.fixture;
    // A sequence counts what is undone, too.
    await direct.query(`CREATE SEQUENCE tries;
    GRANT USAGE ON SEQUENCE tries TO PUBLIC;
    CREATE FUNCTION refuse_once() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF nextval('tries') = 1 THEN RAISE 'not now' USING ERRCODE = 'XX000'; END IF;
      RETURN OLD;
    END $$;
    CREATE TRIGGER refuse_once BEFORE DELETE ON timers FOR EACH ROW EXECUTE FUNCTION refuse_once()`);
    const receiver = new Receiver();
    const engine = await engines.start(receiver.deliver);
    await engine.schedule({ id: 'a', namespace: 'memory', executeAt: new Date() });
    await receiver.until(1);
    while ((await engines.left()) > 0) await new Promise(setImmediate);
    expect(receiver.delivered).toHaveLength(1);
  },
);

test('a signal that is asked for once its delivery has ended belongs to no shard any more', async () => {
  const events = new EngineEvents();
  const contexts: DeliveryContext[] = [];
  const engine = await engines.start(async (_, context) => void contexts.push(context), { shardCount: 1 });
  await engine.schedule({ id: 'a', namespace: 'memory', executeAt: new Date() });
  while (engine.status.settled < 1) await new Promise(setImmediate);
  const signals = contexts.map(({ signal }) => signal);
  await engines.fixture.store.claimShardOwnership(0, 'another');
  await events.until('shard-lost');
  events.close();
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
});

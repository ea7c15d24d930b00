/** One that had a shard, and does not know yet that another has it. */
import { once } from 'node:events';
import { PostgresMembership } from '../../src/engine';
import { EngineEvents } from './engine-events';
import { Engines } from './engines';
import { Receiver } from './receiver';

const NAMESPACE = 'former-owner';

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

async function rows(): Promise<unknown[]> {
  const { rows: all } = await engines.fixture.direct.query('SELECT * FROM timers WHERE row_type IN (2, 3)');
  return all;
}

test.each<[name: string, end: () => void]>([
  ['done', () => {}],
  [
    'failed',
    () => {
      throw new Error('no');
    },
  ],
])('what it has under way and is %s then is left to its successor as it is', async (_, end) => {
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const engine = await engines.start(
    async (timer, context) => {
      await receiver.deliver(timer, context);
      await answered;
      end();
    },
    // It looks at nothing by itself.
    { longestPauseMs: 60_000, shardCount: 1 },
  );
  await engine.schedule({ id: 'one', namespace: NAMESPACE, executeAt: new Date() });
  await receiver.until(1);
  const before = await rows();
  await engines.fixture.store.claimShardOwnership(0, 'successor');
  answer();
  await events.until('shard-lost');
  expect(await rows()).toEqual(before);
  expect(engine.status).toMatchObject({ shards: [], underWay: 0, settled: 0 });
});

test('what its successor made anew under the same id and time survives it', async () => {
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const engine = await engines.start(
    async (timer, context) => {
      await receiver.deliver(timer, context);
      await answered;
    },
    { longestPauseMs: 60_000, shardCount: 1 },
  );
  const timer = { id: 'one', namespace: NAMESPACE, executeAt: new Date() };
  await engine.schedule(timer);
  await receiver.until(1);
  const { store } = engines.fixture;
  const { current } = await store.claimShardOwnership(0, 'successor');
  await store.deleteTimer(0, current.shardVersion, NAMESPACE, 'one');
  await store.createTimer(0, current.shardVersion, timer);
  const before = await rows();
  answer();
  await events.until('shard-lost');
  expect(await rows()).toEqual(before);
});

// Longer than beats, looks, the time-out of its callback, and whatever else is short.
test('a delivery may last as long as its owner has the shard: it runs once', async () => {
  const { store } = engines.fixture;
  let lasting = Promise.resolve();
  const deliver: typeof receiver.deliver = async (timer, context) => {
    await receiver.deliver(timer, context);
    if (timer.id === 'long') await lasting;
  };
  const options = () => ({
    membership: new PostgresMembership(store, { beatMs: 100, missedBeats: 10 }),
    longestPauseMs: 50,
  });
  const first = await engines.start(deliver, options());
  await engines.start(deliver, { address: 'host-b:7000', ...options() });
  await events.until('members-changed', 3);
  let end = () => {};
  lasting = new Promise<void>((resolve) => {
    end = resolve;
  });
  await first.schedule({
    id: 'long',
    namespace: NAMESPACE,
    executeAt: new Date(),
    callbackTimeoutSeconds: 1,
  });
  await receiver.until(1);
  await once(AbortSignal.timeout(2500), 'abort');
  end();
  while ((await rows()).length > 0) await new Promise(setImmediate);
  expect(receiver.delivered).toMatchObject([{ id: 'long', attempt: 1 }]);
});

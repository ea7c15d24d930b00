import {
  iterateTimers,
  moveShard,
  ShardedTimerStore,
  type ShardRange,
  StoreUnavailableError,
  shardIdFor,
  type Timer,
  type TimerStore,
  timerUuid,
  ZERO_CURSOR,
} from '../../src';
import { TimerEngine } from '../../src/engine';
import { InMemoryTimerStore } from '../../src/testing';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { SAMPLE_CALLS } from '../support/sample-calls';
import { ALL, openStoreFixture, type StoreFixture } from '../support/store-fixture';

let a: StoreFixture;
let b: StoreFixture;
let sharded: ShardedTimerStore;
beforeAll(async () => {
  [a, b] = await Promise.all([openStoreFixture(), openStoreFixture()]);
  sharded = new ShardedTimerStore([
    { from: 0, to: 99, store: a.store },
    { from: 100, to: 199, store: b.store },
    { from: 300, to: 300, store: a.store },
  ]);
});
afterAll(async () => await Promise.all([a.close(), b.close()]));

/** A store that notes how it is called, and answers with what only it has. */
function notingStore() {
  const calls: unknown[][] = [];
  const answer = Symbol();
  const callOf =
    (name: unknown) =>
    async (...args: unknown[]) => {
      calls.push([name, ...args]);
      return answer;
    };
  const store = new Proxy({} as TimerStore, { get: (_, name) => callOf(name) });
  return { store, calls, answer };
}

/** Of many shards: their stores get parts of what they are given. */
const OF_SHARDS: Record<string, string> = {
  createTimersOfShards: 'batches[0].shardId',
  settleTimers: 'settlements[0].shardId',
  readDueTimers: 'places[0].shardId',
};
const argumentOf = (name: string) => OF_SHARDS[name] ?? 'shardId';

describe('every call', () => {
  test.each(SAMPLE_CALLS.filter(([name]) => !(name in OF_SHARDS)))(
    '%s goes to the store of its shard with all its arguments, and returns its answer',
    async (name, _, call) => {
      const [first, second] = [notingStore(), notingStore()];
      const store = new ShardedTimerStore([
        { from: -2147483648, to: 6, store: first.store },
        { from: 7, to: 2147483647, store: second.store },
      ]);
      const options = { timeoutMs: 1234 };
      expect(await call(store, 7, 3, options)).toBe(second.answer);
      expect(await call(store, 6, 3, options)).toBe(first.answer);
      const directly = notingStore();
      await call(directly.store, 7, 3, options);
      expect(second.calls).toEqual(directly.calls);
      expect(second.calls[0]?.slice(0, 2)).toEqual([name, 7]);
      expect(second.calls[0]?.at(-1)).toBe(options);
      expect(first.calls).toHaveLength(1);
    },
  );

  test.each(SAMPLE_CALLS)(
    '%s of a shard without a store is an error that names the shard',
    async (name, _, call) => {
      expect(await errorOf(call(sharded, 250, 1))).toMatchObject({
        code: 'INVALID_ARGUMENT',
        argument: argumentOf(name),
        message: expect.stringContaining('250'),
      });
    },
  );

  test.each(SAMPLE_CALLS)(
    '%s of what is no shard is refused, without asking the function',
    async (name, _, call) => {
      const store = new ShardedTimerStore(() => {
        throw new Error('should not be asked');
      });
      expect(await errorOf(call(store, 1.5, 1))).toMatchObject({
        code: 'INVALID_ARGUMENT',
        argument: argumentOf(name),
      });
    },
  );
});

test.each([0, 99, 100, 199, 300])('shard %d is on the server of its range', async (shardId) => {
  const onA = shardId < 100 || shardId === 300;
  const { current } = await sharded.claimShardOwnership(shardId, 'owner');
  await sharded.createTimer(shardId, current.shardVersion, newTimer());
  expect(await (onA ? a : b).store.getTimer(shardId, 'reminders', 'timer-1')).not.toBeNull();
  expect(await (onA ? b : a).store.getTimer(shardId, 'reminders', 'timer-1')).toBeNull();
});

test.each([-1, 200, 299, 301])('shard %d is in no range', async (shardId) => {
  expect(await errorOf(sharded.getShard(shardId))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    argument: 'shardId',
  });
});

test('timers are iterated over page by page, as on one store', async () => {
  const timers = Array.from({ length: 25 }, (_, index) => newTimer({ id: `timer-${index}` }));
  await sharded.createTimersNoLock(150, timers);
  const ids: string[] = [];
  for await (const { id } of iterateTimers(sharded, 150, ALL, { pageSize: 10 })) {
    ids.push(id);
  }
  expect(ids.sort()).toEqual(timers.map(({ id }) => id).sort());
});

test('a function is asked at each call, and so can follow a shard that moves', async () => {
  let home: TimerStore = a.store;
  const store = new ShardedTimerStore(() => home);
  await store.createTimerNoLock(50, newTimer());
  await moveShard(50, a.store, b.store);
  expect(await errorOf(store.createTimerNoLock(50, newTimer({ id: 'late' })))).toMatchObject({
    code: 'SHARD_MOVED',
  });
  home = b.store;
  await store.createTimerNoLock(50, newTimer({ id: 'late' }));
  const timers = await store.rangeGetTimers(50, ALL, 10);
  expect(timers.map(({ id }) => id).sort()).toEqual(['late', 'timer-1']);
});

describe('ranges', () => {
  const { store } = notingStore();
  const wrong: [string, string, unknown][] = [
    [
      'that overlap',
      'shards[1].from',
      [
        { from: 0, to: 10, store },
        { from: 10, to: 20, store },
      ],
    ],
    [
      'out of order',
      'shards[1].from',
      [
        { from: 10, to: 20, store },
        { from: 0, to: 5, store },
      ],
    ],
    ['that end before they begin', 'shards[0].to', [{ from: 1, to: 0, store }]],
    ['of fractions', 'shards[0].from', [{ from: 0.5, to: 1, store }]],
    ['beyond the shards there are', 'shards[0].to', [{ from: 0, to: 2147483648, store }]],
    ['without a store', 'shards[0].store', [{ from: 0, to: 1 }]],
    ['with more than they have', 'shards[0].name', [{ from: 0, to: 1, store, name: 'x' }]],
    ['that are none', 'shards', []],
    ['that are no array', 'shards', { from: 0, to: 1, store }],
  ];

  test.each(wrong)('%s are refused', (_, argument, ranges) => {
    const create = () => new ShardedTimerStore(ranges as ShardRange[]);
    expect(create).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', argument }));
  });

  test('are read once', async () => {
    const { store: first, answer } = notingStore();
    const ranges = [{ from: 0, to: 1, store: first }];
    const sharding = new ShardedTimerStore(ranges);
    Object.assign(ranges[0] as object, { to: -1, store: undefined });
    expect(await sharding.getShard(1)).toBe(answer);
  });
});

describe('close', () => {
  test('closes each store of a range once, finishes what was accepted, then refuses', async () => {
    const events: string[] = [];
    let answer = () => {};
    const storeNamed = (name: string) =>
      ({
        claimShardOwnership() {},
        getShard: () =>
          new Promise((resolve) => {
            answer = () => {
              events.push('answered');
              resolve(null);
            };
          }),
        close: async () => void events.push(`closed ${name}`),
      }) as unknown as TimerStore;
    const [first, second] = [storeNamed('first'), storeNamed('second')];
    const store = new ShardedTimerStore([
      { from: 0, to: 0, store: first },
      { from: 1, to: 1, store: second },
      { from: 2, to: 2, store: first },
    ]);
    const accepted = store.getShard(0);
    const closing = Promise.all([store.close(), store.close()]);
    expect(await errorOf(store.getShard(1))).toMatchObject({ code: 'STORE_CLOSED' });
    answer();
    await closing;
    expect(await accepted).toBeNull();
    expect(events).toEqual(['answered', 'closed first', 'closed second']);
  });

  test('closes all stores even if one cannot be closed, and says so', async () => {
    const closed: number[] = [];
    const failing = { claimShardOwnership() {}, close: () => Promise.reject(new Error('not now')) };
    const good = { claimShardOwnership() {}, close: async () => void closed.push(1) };
    const store = new ShardedTimerStore([
      { from: 0, to: 0, store: failing as unknown as TimerStore },
      { from: 1, to: 1, store: good as unknown as TimerStore },
    ]);
    await expect(store.close()).rejects.toThrow('not now');
    expect(closed).toEqual([1]);
  });

  test('leaves the stores that a function returns to the caller', async () => {
    const store = new ShardedTimerStore(() => a.store);
    expect(await store.getShard(77)).toBeNull();
    await store.close();
    expect(await errorOf(store.getShard(77))).toMatchObject({ code: 'STORE_CLOSED' });
    expect(await a.store.getShard(77)).toBeNull();
  });
});

test('creates of many shards go to the servers of these, and what came of each comes in their order', async () => {
  const [one, other] = [(await a.claimedShard()).shardId, 150];
  const { shardVersion } = (await b.store.claimShardOwnership(other, 'owner-1')).current;
  const timers = [newTimer({ id: 'of many' })];
  const results = await sharded.createTimersOfShards([
    { shardId: other, shardVersion: shardVersion + 1, timers },
    { shardId: one, timers },
    { shardId: other + 1, timers },
  ]);
  expect(results).toEqual([expect.objectContaining({ code: 'SHARD_CONDITION_FAILED' }), null, null]);
  expect(await a.store.getTimer(one, 'reminders', 'of many')).not.toBeNull();
  expect(await b.store.getTimer(other, 'reminders', 'of many')).toBeNull();
  expect(await b.store.getTimer(other + 1, 'reminders', 'of many')).not.toBeNull();
});

test('it tells which shards are on one server', () => {
  expect(sharded.serverOf(0)).toBe(sharded.serverOf(300));
  expect(sharded.serverOf(0)).not.toBe(sharded.serverOf(100));
  expect(sharded.serverOf(200)).toBeUndefined();
  expect(() => sharded.serverOf(1.5)).toThrow('shardId');
});

test('an engine goes on claiming while the function of the caller fails for some shards', async () => {
  let isFailing = true;
  const store = new ShardedTimerStore((shardId) => {
    if (isFailing && shardId > 1) throw new Error('no such home yet');
    return a.store;
  });
  const engine = await TimerEngine.start({
    store,
    shardCount: 4,
    address: 'host-a:7000',
    deliver: async () => {},
    wakeUp: false,
  });
  expect(engine.status.shards.map(({ shardId }) => shardId).sort()).toEqual([0, 1]);
  isFailing = false;
  while (engine.status.shards.length < 4) await new Promise(setImmediate);
  await engine.stop();
});

test('a payload that a store refuses is named by its place among all', async () => {
  const store = new ShardedTimerStore([
    { from: 0, to: 99, store: a.store },
    { from: 100, to: 199, store: new InMemoryTimerStore({ maxPayloadBytes: 10 }) },
  ]);
  const batches = [1, 150].map((shardId) => ({ shardId, timers: [newTimer({ payload: 'x'.repeat(11) })] }));
  expect(await errorOf(store.createTimersOfShards(batches))).toMatchObject({
    argument: 'batches[1].timers[0].payload',
  });
});

test('shards on several servers are not for a transaction on one', async () => {
  const client = a.direct;
  await client.query('BEGIN');
  const onBoth = [10, 110];
  const batches = onBoth.map((shardId) => ({ shardId, timers: [newTimer()] }));
  const places = onBoth.map((shardId) => ({ shardId, after: ZERO_CURSOR }));
  const delivered = {
    namespace: 'n',
    id: 'i',
    uuid: timerUuid('n', 'i'),
    executeAt: new Date(0),
    revision: '1',
  };
  const settlements = onBoth.map((shardId) => ({
    ...{ shardId, shardVersion: 1, timer: delivered },
    outcome: 'done' as const,
  }));
  for (const calling of [
    sharded.createTimersOfShards(batches, { client }),
    sharded.settleTimers(settlements, { client }),
    sharded.readDueTimers(places, 0, 1, { client }),
    sharded.announceDueTimers(onBoth, { client }),
    sharded.announceDueTimers(null, { client }),
  ]) {
    expect(await errorOf(calling)).toMatchObject({ code: 'INVALID_ARGUMENT', argument: 'options.client' });
  }
  expect(await sharded.createTimersOfShards(batches.slice(0, 1), { client })).toEqual([null]);
  await client.query('ROLLBACK');
});

describe('while one server is away', () => {
  const away = new Proxy({} as TimerStore, {
    get: (_, name) =>
      name === 'serverOf'
        ? undefined
        : () => Promise.reject(new StoreUnavailableError(`${String(name)} cannot be done`)),
  });
  const partly = () =>
    new ShardedTimerStore([
      { from: 0, to: 99, store: a.store },
      { from: 100, to: 199, store: away },
    ]);
  const place = (shardId: number) => ({ shardId, after: ZERO_CURSOR });

  test('what is due on the others is read, and what is done there is settled', async () => {
    const { shardId, shardVersion } = await a.claimedShard();
    await a.store.createTimerNoLock(shardId, newTimer({ id: 'here', executeAt: new Date(0) }));
    const due = await partly().readDueTimers([place(150), place(shardId)], 0, 10);
    expect(due).toMatchObject({ nowMs: expect.any(Number), shards: [{ shardId, timers: [{ id: 'here' }] }] });
    expect(due.failures).toEqual(new Map([[150, expect.objectContaining({ code: 'STORE_UNAVAILABLE' })]]));

    const [timer] = due.shards.flatMap(({ timers }) => timers);
    const settlement = { shardVersion, timer: timer as Timer, outcome: 'done' } as const;
    const settlements = [
      { ...settlement, shardId: 150 },
      { ...settlement, shardId },
    ];
    expect(await partly().settleTimers(settlements)).toEqual(['locked', 'settled']);
  });

  test('what is for that server alone fails', async () => {
    expect(await errorOf(partly().readDueTimers([place(150)], 0, 10))).toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
  });

  test('an engine fires the timers of the others', async () => {
    const store = new ShardedTimerStore([
      { from: 0, to: 1, store: a.store },
      { from: 2, to: 3, store: away },
    ]);
    let deliver = (_: string) => {};
    const delivered = new Promise<string>((resolve) => {
      deliver = resolve;
    });
    const engine = await TimerEngine.start({
      store,
      shardCount: 4,
      address: 'host-a:7000',
      deliver: async ({ id }) => deliver(id),
    });
    expect(engine.status.shards.map(({ shardId }) => shardId).sort()).toEqual([0, 1]);
    const id = ['a', 'b', 'c', 'd', 'e', 'f'].find((each) => shardIdFor(each, 4) < 2) as string;
    await engine.schedule({ id, namespace: 'partly', executeAt: new Date() });
    expect(await delivered).toBe(id);
    await engine.stop();
    expect(await a.store.getTimer(shardIdFor(id, 4), 'partly', id)).toBeNull();
  });
});

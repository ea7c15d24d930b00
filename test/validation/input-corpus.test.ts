import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { Pool } from 'pg';
import {
  cursorAtEndOf,
  InvalidArgumentError,
  iterateTimers,
  type JsonValue,
  type NewTimer,
  PostgresTimerStore,
} from '../../src';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { ALL, openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { STORE_OPTIONS } from '../support/store-options';

let fixture: StoreFixture;
let pool: Pool;
/** On a pool that no call may ask for a connection. */
let unconnected: PostgresTimerStore;
/** With room for large payloads. */
let roomy: PostgresTimerStore;
let roomyPool: Pool;
const MB = 1024 ** 2;
beforeAll(async () => {
  fixture = await openStoreFixture();
  pool = new Pool({ connectionString: fixture.database.storeUrl });
  jest.spyOn(pool, 'connect').mockImplementation(() => {
    throw new Error('A call that must be refused asked for a connection');
  });
  unconnected = PostgresTimerStore.fromPool(pool, STORE_OPTIONS);
  roomyPool = new Pool({ connectionString: fixture.database.storeUrl });
  roomy = PostgresTimerStore.fromPool(roomyPool, { maxPayloadBytes: 16 * MB, ...STORE_OPTIONS });
});
afterAll(async () => {
  await pool.end();
  await roomyPool.end();
  await fixture.close();
});

const revoked = (target: object) => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};
const throwing = (field: string) =>
  Object.defineProperty({}, field, {
    enumerable: true,
    get() {
      throw new Error('of the getter');
    },
  });

/** No string, number, date, array or object with the fields of any argument. */
const ODD_VALUES: readonly unknown[] = [
  ...[
    true,
    1n,
    Symbol('s'),
    () => 1,
    class {},
    new String('a'),
    new Number(1),
    Object(1n),
    Object(Symbol('s')),
  ],
  ...[/x/, new Map(), new WeakMap(), new Error('x'), Buffer.from('x'), new ArrayBuffer(1), Promise.resolve()],
  ...[revoked({}), revoked([]), revoked(() => 1), new Proxy(new Date(), {}), Object.create(Date.prototype)],
  ...[
    {
      get [Symbol.toStringTag]() {
        throw new Error('of the tag');
      },
    },
    {
      [Symbol.for('nodejs.util.inspect.custom')]() {
        throw new Error('of inspect');
      },
    },
    {
      toString() {
        throw new Error('of toString');
      },
    },
    { [Symbol.toPrimitive]: () => 'a' },
  ],
  new Proxy(
    {},
    {
      ownKeys() {
        throw new Error('of the proxy');
      },
    },
  ),
  new Proxy(
    {},
    {
      getPrototypeOf() {
        throw new Error('of the proxy');
      },
      get() {
        throw new Error('of the proxy');
      },
    },
  ),
];

type Call = (value: never) => Promise<unknown>;

/** Each argument, by its path and a call that gives it a value. */
const ARGUMENTS: readonly (readonly [path: string, call: Call])[] = [
  ['shardId', (value) => unconnected.getShard(value)],
  ['shardVersion', (value) => unconnected.deleteTimer(1, value, 'a', 'b')],
  ['ownerAddr', (value) => unconnected.claimShardOwnership(1, value)],
  ['namespace', (value) => unconnected.getTimer(1, value, 'b')],
  ['timerId', (value) => unconnected.getTimer(1, 'a', value)],
  ['metadata', (value) => unconnected.updateShardMetadata(1, 1, value)],
  ['metadata.committedOffset', (value) => unconnected.updateShardMetadata(1, 1, { committedOffset: value })],
  ['timer', (value) => unconnected.createTimer(1, 1, value)],
  ...(['id', 'namespace', 'executeAt', 'callbackUrl', 'uuid', 'createdAt', 'retryPolicy'] as const).map(
    (field) =>
      [
        `timer.${field}`,
        (value: never) => unconnected.createTimer(1, 1, newTimer({ [field]: value })),
      ] as const,
  ),
  ...(['callbackTimeoutSeconds', 'attempts'] as const).map(
    (field) =>
      [
        `timers[1].${field}`,
        (value: never) => unconnected.createTimers(1, 1, [newTimer(), newTimer({ id: 'b', [field]: value })]),
      ] as const,
  ),
  ['timers', (value) => unconnected.createTimers(1, 1, value)],
  ['timersToInsert', (value) => unconnected.rangeDeleteWithBatchInsertTxn(1, 1, ALL, value)],
  ['changes', (value) => unconnected.updateTimer(1, 1, 'a', 'b', value)],
  ...(['executeAt', 'callbackUrl', 'retryPolicy', 'callbackTimeoutSeconds', 'attempts'] as const).map(
    (field) =>
      [
        `changes.${field}`,
        (value: never) => unconnected.updateTimerNoLock(1, 'a', 'b', { [field]: value }),
      ] as const,
  ),
  ['range', (value) => unconnected.rangeGetTimers(1, value, 1)],
  ['range.after', (value) => unconnected.rangeGetTimers(1, { ...ALL, after: value }, 1)],
  ['range.upTo', (value) => unconnected.rangeDeleteWithLimit(1, 1, { ...ALL, upTo: value }, 1)],
  ['limit', (value) => unconnected.rangeGetTimers(1, ALL, value)],
  ['options', (value) => unconnected.getShard(1, value)],
  ['options.signal', (value) => unconnected.getShard(1, { signal: value })],
  ['options.timeoutMs', (value) => unconnected.getShard(1, { timeoutMs: value })],
  ['store', (value) => iterateTimers(value, 1, ALL).next()],
  ['range', (value) => iterateTimers(unconnected, 1, value).next()],
  ['options', (value) => iterateTimers(unconnected, 1, ALL, value).next()],
  ['options.pageSize', (value) => iterateTimers(unconnected, 1, ALL, { pageSize: value }).next()],
  ['pool', async (value) => PostgresTimerStore.fromPool(value)],
  ['options', async (value) => PostgresTimerStore.fromPool(pool, value)],
  ['options.maxPayloadBytes', async (value) => PostgresTimerStore.fromPool(pool, { maxPayloadBytes: value })],
  ['config.maxPayloadBytes', (value) => PostgresTimerStore.connect({ maxPayloadBytes: value })],
  ['executeAt', async (value) => cursorAtEndOf(value)],
];

/** Options that leave all out, or have only fields nobody reads, are options; so is an object of one's own. */
const GOOD_OPTIONS = (path: string, value: unknown) =>
  path === 'options' && typeof value === 'object' && value !== null && isEmptyObject(value);

function isEmptyObject(value: object): boolean {
  try {
    return Object.prototype.toString.call(value) === '[object Object]' && Object.keys(value).length === 0;
  } catch {
    return false;
  }
}

test.each(ARGUMENTS)('%s: no odd value gets through, and each is refused by name', async (path, call) => {
  for (const value of ODD_VALUES) {
    if (GOOD_OPTIONS(path, value) || (isChanges(path) && isEmptyObject(value as object))) {
      continue;
    }
    const error = await errorOf(call(value as never));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    const { argument } = error as InvalidArgumentError;
    expect(argument === path || argument.startsWith(`${path}.`) || argument.startsWith(`${path}[`)).toBe(
      true,
    );
  }
  expect(pool.connect).not.toHaveBeenCalled();
});

/** To change nothing, and to have no policy or metadata of one's own, is allowed. */
function isChanges(path: string): boolean {
  return ['changes', 'metadata', 'timer.retryPolicy', 'changes.retryPolicy'].includes(path);
}

test.each<[path: string, call: () => Promise<unknown>]>([
  ['timer.id', () => unconnected.createTimer(1, 1, withGetter(newTimer(), 'id'))],
  ['timer.payload', () => unconnected.createTimer(1, 1, withGetter(newTimer(), 'payload'))],
  [
    'timer.payload',
    () => unconnected.createTimer(1, 1, newTimer({ payload: throwing('a') as JsonValue & object })),
  ],
  [
    'timers[1].uuid',
    () => unconnected.createTimers(1, 1, [newTimer(), withGetter(newTimer({ id: 'b' }), 'uuid')]),
  ],
  [
    'timer.retryPolicy.maxAttempts',
    () => unconnected.createTimer(1, 1, newTimer({ retryPolicy: throwing('maxAttempts') })),
  ],
  ['changes.attempts', () => unconnected.updateTimerNoLock(1, 'a', 'b', throwing('attempts'))],
  ['options.timeoutMs', () => unconnected.getShard(1, throwing('timeoutMs'))],
  ['range.after', () => unconnected.rangeGetTimers(1, withGetter({ ...ALL }, 'after'), 1)],
])('%s: a getter that throws is an argument that cannot be read', async (path, call) => {
  expect(await errorOf(call())).toMatchObject({
    code: 'INVALID_ARGUMENT',
    argument: path,
    reason: 'must be readable, but reading it fails',
    cause: { message: 'of the getter' },
  });
});

function withGetter<T extends object>(object: T, field: string): T {
  return Object.defineProperties({ ...object }, Object.getOwnPropertyDescriptors(throwing(field)));
}

test('what is refused is shown without running code of its own', async () => {
  const inspect = jest.fn(() => 'x'.repeat(MB));
  const value = { [Symbol.for('nodejs.util.inspect.custom')]: inspect };
  const error = await errorOf(unconnected.getShard(value as never));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', argument: 'shardId' });
  expect(inspect).not.toHaveBeenCalled();
});

/** Gives one value after the other, the last of them for ever. */
function changing(field: string, values: readonly unknown[]): object {
  let reads = 0;
  return Object.defineProperty({}, field, {
    enumerable: true,
    get: () => values[Math.min(reads++, values.length - 1)],
  });
}

test('what a getter said when it was checked is what is stored, whatever it says later', async () => {
  const { shardId } = await fixture.claimedShard();
  const later = { payload: [Number.NaN], attempts: -1, callbackUrl: 'nonsense', retryPolicy: 'x', id: 7 };
  const timer = { ...newTimer(), payload: { a: 1 }, attempts: 3, retryPolicy: { maxAttempts: 2 } };
  const getters = Object.entries(later).map(([field, value]) =>
    changing(field, [timer[field as keyof typeof timer], value]),
  );
  const restless = Object.defineProperties(
    { ...timer },
    Object.assign({}, ...getters.map(Object.getOwnPropertyDescriptors)),
  );
  await fixture.store.createTimerNoLock(shardId, restless);
  expect(await fixture.store.getTimer(shardId, timer.namespace, timer.id)).toMatchObject(timer);
  const payload = changing('a', ['as checked', Number.NaN]) as JsonValue;
  await fixture.store.updateTimerNoLock(shardId, timer.namespace, timer.id, { payload });
  const stored = await fixture.store.getTimer(shardId, timer.namespace, timer.id);
  expect(stored?.payload).toEqual({ a: 'as checked' });
});

test('a proxy is read like what it stands for, and a frozen object is left alone', async () => {
  const payload = new Proxy({ list: new Proxy([1, 'a'], {}) }, {});
  expect(await kept(Object.freeze(newTimer({ payload })))).toEqual({ list: [1, 'a'] });
});

test('a Date counts by its own instant, not by the methods of its class', async () => {
  class LyingDate extends Date {
    override getTime = () => Number.NaN;
    override toISOString = () => 'nonsense';
  }
  const { shardId } = await fixture.claimedShard();
  const executeAt = new LyingDate('2030-05-05T05:05:05.005Z');
  const createdAt = runInNewContext('new Date(1)');
  await fixture.store.createTimerNoLock(shardId, newTimer({ executeAt, createdAt }));
  expect(await fixture.store.getTimer(shardId, 'reminders', 'timer-1')).toMatchObject({
    executeAt: new Date('2030-05-05T05:05:05.005Z'),
    createdAt: new Date(1),
  });
});

/** The payload as it is read back. */
async function kept(timer: NewTimer, store = roomy): Promise<JsonValue> {
  const { shardId } = await fixture.claimedShard();
  await store.createTimerNoLock(shardId, timer, { timeoutMs: 60_000 });
  const stored = await store.getTimer(shardId, timer.namespace, timer.id, { timeoutMs: 60_000 });
  const [paged] = await store.rangeGetTimers(shardId, ALL, 1, { timeoutMs: 60_000 });
  expect(JSON.stringify(paged?.payload)).toBe(JSON.stringify(stored?.payload));
  return stored?.payload as JsonValue;
}

/** One of each plane, its ends, noncharacters, private use and combining marks; no NUL, no surrogates. */
const CODE_POINTS = [
  ...Array.from({ length: 17 }, (_, plane) =>
    [0x21, 0x300, 0xfffe, 0xffff].map((low) => plane * 0x10000 + low),
  ).flat(),
  ...[1, 0x7f, 0x80, 0x85, 0xa0, 0xfdd0, 0xfdef, 0xfeff, 0xe000, 0xf8ff, 0xd7ff, 0x200d, 0x202e, 0x2028],
];

test('code points of every plane are kept in ids, namespaces and payloads, as key and value', async () => {
  const { shardId } = await fixture.claimedShard();
  const timers = CODE_POINTS.map((codePoint) => {
    const text = String.fromCodePoint(codePoint);
    return newTimer({ id: text, namespace: `n${text}`, payload: { [text]: `${text}${text}` } });
  });
  await fixture.store.createTimersNoLock(shardId, timers);
  for (const { id, namespace, payload } of timers) {
    expect(await fixture.store.getTimer(shardId, namespace, id)).toMatchObject({ id, namespace, payload });
  }
});

test.each([
  ['1e308', 1e308],
  ['2^53 + 2', 2 ** 53 + 2],
  ['1e21', 1e21],
  ['2.2250738585072014e-308', 2.2250738585072014e-308],
  ['123456789012345680000', 123456789012345680000],
])('the number %s is read back as it was', async (_, payload) => {
  expect(Object.is(await kept(newTimer({ payload })), payload)).toBe(true);
});

test.each([-0, [-0], { a: -0 }])(
  '-0 in the payload %p is refused: it would be read back as 0',
  async (payload) => {
    expect(await errorOf(unconnected.createTimer(1, 1, newTimer({ payload })))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      argument: expect.stringMatching(/^timer\.payload/),
      reason: 'must not be -0, which would be read back as 0',
    });
  },
);

test('any string and any JSON value is read back equal, or refused by name', async () => {
  const { shardId } = await fixture.claimedShard();
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'binary' }),
      fc.jsonValue({ stringUnit: 'binary' }),
      async (id, payload) => {
        const timer = newTimer({ id, payload: payload as JsonValue });
        try {
          await fixture.store.createTimerNoLock(shardId, timer);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidArgumentError);
          expect((error as InvalidArgumentError).argument).toMatch(/^timer\.(id|payload)/);
          expect(id === '' || id.includes('\0') || hasUnstorable(payload)).toBe(true);
          return;
        }
        const stored = await fixture.store.getTimer(shardId, timer.namespace, id);
        expect(stored?.id).toBe(id);
        expect(stored?.payload).toStrictEqual(payload);
      },
    ),
    // A failure prints its seed.
    { numRuns: 300, ...(process.env['TEST_SEED'] && { seed: Number(process.env['TEST_SEED']) }) },
  );
});

/** -0, or NUL in a text or key. */
function hasUnstorable(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) {
    return Object.is(value, -0) || (typeof value === 'string' && value.includes('\0'));
  }
  return Object.entries(value).flat().some(hasUnstorable);
}

describe('maxPayloadBytes', () => {
  /** JSON text of so many bytes. */
  const ofBytes = (bytes: number) => 'x'.repeat(bytes - 2);

  test.each([
    ['ASCII', ofBytes(102_400), ofBytes(102_401), '102401 or more'],
    ['characters of two bytes', 'é'.repeat(51_199), 'é'.repeat(51_200), '102402'],
    ['characters of four bytes', '😀'.repeat(25_599), '😀'.repeat(25_600), '102402'],
    ['characters that are escaped', '\n'.repeat(51_199), '\n'.repeat(51_200), '102402 or more'],
    ['an array', [ofBytes(102_398)], [ofBytes(102_399)], '102401 or more'],
  ])('is 102,400 by default, of the JSON text: %s', async (_, largest, tooLarge, size) => {
    expect((await kept(newTimer({ payload: largest }), fixture.store)) as unknown).toEqual(largest);
    const reason = `must take at most 102400 bytes as JSON text (option maxPayloadBytes), not ${size}`;
    const payload = tooLarge as JsonValue & object;
    for (const [argument, call] of [
      ['timer.payload', () => unconnected.createTimer(1, 1, newTimer({ payload }))],
      [
        'timers[1].payload',
        () => unconnected.createTimers(1, 1, [newTimer(), newTimer({ id: 'b', payload })]),
      ],
      ['changes.payload', () => unconnected.updateTimer(1, 1, 'a', 'b', { payload })],
      [
        'timersToInsert[0].payload',
        () => unconnected.rangeDeleteWithBatchInsertTxn(1, 1, ALL, [newTimer({ payload })]),
      ],
    ] as const) {
      expect(await errorOf(call())).toMatchObject({ code: 'INVALID_ARGUMENT', argument, reason });
    }
    expect(pool.connect).not.toHaveBeenCalled();
  });

  test('can be raised, and be lowered to one byte', async () => {
    const payload = Array.from({ length: 100 }, (_, index) => `${index}`.repeat(50_000));
    expect(await kept(newTimer({ payload }))).toEqual(payload);
    const tight = PostgresTimerStore.fromPool(roomyPool, { maxPayloadBytes: 1, ...STORE_OPTIONS });
    expect(await kept(newTimer({ payload: 7 }), tight)).toBe(7);
    expect(await errorOf(tight.createTimerNoLock(1, newTimer({ payload: 12 })))).toMatchObject({
      argument: 'timer.payload',
    });
  });

  test.each([0, -1, 1.5, Number.NaN, 0x0fffffff + 1, Number.POSITIVE_INFINITY])(
    'is not %p',
    (maxPayloadBytes) => {
      expect(() => PostgresTimerStore.fromPool(pool, { maxPayloadBytes })).toThrow(
        expect.objectContaining({ argument: 'options.maxPayloadBytes' }),
      );
    },
  );

  test('of a payload that refers to itself many times over, no more is read than the limit', async () => {
    let payload: JsonValue = 'x';
    for (let level = 0; level < 60; level++) {
      payload = [payload, payload];
    }
    expect(await errorOf(unconnected.createTimer(1, 1, newTimer({ payload })))).toMatchObject({
      argument: 'timer.payload',
    });
  });

  test('at its most, still refuses what jsonb cannot hold', async () => {
    const largest = PostgresTimerStore.fromPool(pool, { maxPayloadBytes: 0x0fffffff, ...STORE_OPTIONS });
    const half = new Array(500_000).fill(1e308);
    expect(await errorOf(largest.createTimer(1, 1, newTimer({ payload: [half, half] })))).toMatchObject({
      argument: 'timer.payload',
      reason: 'must not have more values than jsonb is sure to hold',
    });
  });
});

test.each([
  ['arrays', (inner: JsonValue) => [inner]],
  ['objects', (inner: JsonValue) => ({ a: inner })],
])(
  '%s nested 1,000 deep are kept at the default stack depth of the server; 1,001 and 10,000 are refused',
  async (_, wrap) => {
    const nested = (depth: number) => {
      let value: JsonValue = 0;
      for (let level = 0; level < depth; level++) {
        value = wrap(value);
      }
      return value;
    };
    expect((await fixture.direct.query('SHOW max_stack_depth')).rows).toEqual([{ max_stack_depth: '2MB' }]);
    const payload = nested(1000);
    expect(JSON.stringify(await kept(newTimer({ payload })))).toBe(JSON.stringify(payload));
    for (const depth of [1001, 10_000, 1_000_000]) {
      expect(
        await errorOf(unconnected.createTimer(1, 1, newTimer({ payload: nested(depth) }))),
      ).toMatchObject({
        code: 'INVALID_ARGUMENT',
        argument: expect.stringMatching(/^timer\.payload/),
      });
    }
  },
);

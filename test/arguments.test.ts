import { Pool, type PoolClient } from 'pg';
import {
  cursorAtEndOf,
  InvalidArgumentError,
  type NewTimer,
  PostgresTimerStore,
  type TimerChanges,
  type TimerRange,
  ZERO_CURSOR,
} from '../src';
import { errorOf } from './support/error-of';
import { newTimer } from './support/new-timer';
import { ALL, openStoreFixture, type StoreFixture } from './support/store-fixture';

let fixture: StoreFixture;
/** The only connection that the store could use, kept from it: whatever it sends waits until its time-out. */
let held: PoolClient;
let pool: Pool;
let store: PostgresTimerStore;
beforeAll(async () => {
  fixture = await openStoreFixture();
  pool = new Pool({ connectionString: fixture.database.url, max: 1 });
  held = await pool.connect();
  store = PostgresTimerStore.fromPool(pool);
});
afterAll(async () => {
  held.release();
  await pool.end();
  await fixture.close();
});

const GOOD = {
  shardId: 1,
  shardVersion: 1,
  ownerAddr: 'owner',
  metadata: {},
  namespace: 'reminders',
  timerId: 'timer-1',
  timer: newTimer(),
  changes: { attempts: 1 } as TimerChanges,
  range: ALL,
  limit: 10,
  options: { timeoutMs: 1000 },
};
type Arguments = typeof GOOD;
type ArgumentName = keyof Arguments;

/** Every method, with the arguments it takes. */
const METHODS: [name: string, takes: ArgumentName[], call: (a: Arguments) => Promise<unknown>][] = [
  [
    'claimShardOwnership',
    ['shardId', 'ownerAddr'],
    (a) => store.claimShardOwnership(a.shardId, a.ownerAddr, a.options),
  ],
  ['getShard', ['shardId'], (a) => store.getShard(a.shardId, a.options)],
  [
    'updateShardMetadata',
    ['shardId', 'shardVersion', 'metadata'],
    (a) => store.updateShardMetadata(a.shardId, a.shardVersion, a.metadata, a.options),
  ],
  [
    'createTimer',
    ['shardId', 'shardVersion', 'timer'],
    (a) => store.createTimer(a.shardId, a.shardVersion, a.timer, a.options),
  ],
  [
    'createTimers',
    ['shardId', 'shardVersion', 'timer'],
    (a) => store.createTimers(a.shardId, a.shardVersion, [a.timer], a.options),
  ],
  [
    'updateTimer',
    ['shardId', 'shardVersion', 'namespace', 'timerId', 'changes'],
    (a) => store.updateTimer(a.shardId, a.shardVersion, a.namespace, a.timerId, a.changes, a.options),
  ],
  [
    'deleteTimer',
    ['shardId', 'shardVersion', 'namespace', 'timerId'],
    (a) => store.deleteTimer(a.shardId, a.shardVersion, a.namespace, a.timerId, a.options),
  ],
  [
    'rangeDeleteWithLimit',
    ['shardId', 'shardVersion', 'range', 'limit'],
    (a) => store.rangeDeleteWithLimit(a.shardId, a.shardVersion, a.range, a.limit, a.options),
  ],
  [
    'rangeDeleteWithBatchInsertTxn',
    ['shardId', 'shardVersion', 'range', 'timer'],
    (a) => store.rangeDeleteWithBatchInsertTxn(a.shardId, a.shardVersion, a.range, [a.timer], a.options),
  ],
  ['createTimerNoLock', ['shardId', 'timer'], (a) => store.createTimerNoLock(a.shardId, a.timer, a.options)],
  [
    'createTimersNoLock',
    ['shardId', 'timer'],
    (a) => store.createTimersNoLock(a.shardId, [a.timer], a.options),
  ],
  [
    'updateTimerNoLock',
    ['shardId', 'namespace', 'timerId', 'changes'],
    (a) => store.updateTimerNoLock(a.shardId, a.namespace, a.timerId, a.changes, a.options),
  ],
  [
    'deleteTimerNoLock',
    ['shardId', 'namespace', 'timerId'],
    (a) => store.deleteTimerNoLock(a.shardId, a.namespace, a.timerId, a.options),
  ],
  [
    'rangeDeleteWithLimitNoLock',
    ['shardId', 'range', 'limit'],
    (a) => store.rangeDeleteWithLimitNoLock(a.shardId, a.range, a.limit, a.options),
  ],
  [
    'getTimer',
    ['shardId', 'namespace', 'timerId'],
    (a) => store.getTimer(a.shardId, a.namespace, a.timerId, a.options),
  ],
  [
    'rangeGetTimers',
    ['shardId', 'range', 'limit'],
    (a) => store.rangeGetTimers(a.shardId, a.range, a.limit, a.options),
  ],
];

const BAD_TEXTS = [
  undefined,
  null,
  7,
  '',
  'a\0b',
  'lone \ud800 surrogate',
  '\udc00',
  'x'.repeat(256),
  '😀'.repeat(256),
  // One character to the eye, two as PostgreSQL counts.
  'e\u0301'.repeat(128),
];
const BAD_DATES = [
  undefined,
  null,
  0,
  '2030-01-01T00:00:00Z',
  new Date(Number.NaN),
  new Date('0000-12-31T23:59:59.999Z'),
  new Date('+010000-01-01T00:00:00.000Z'),
  new Date(8.64e15),
];
const BAD_UUIDS = [
  undefined,
  null,
  7,
  '',
  'nonsense',
  '{0190a5c8-0000-7000-8000-000000000001}',
  '0190a5c8000070008000000000000001',
];
const BAD_URLS = [
  ...[undefined, null, '', '/relative', 'example.com', 'ftp://example.com', 'https://', 'http:example.com'],
  ...[
    'https://exa mple.com',
    'https://example.com/\n',
    ' https://example.com',
    'https://a\0b',
    'mailto:a@b.c',
  ],
  `https://example.com/${'x'.repeat(2029)}`,
];
const cyclic: { self?: unknown } = {};
cyclic.self = cyclic;
const BAD_JSON: unknown[] = [
  ...[undefined, () => 1, Symbol('s'), 1n, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ...[
    new Date(),
    new Map(),
    new Set(),
    /x/,
    new Error('x'),
    Buffer.from('x'),
    Object.create({ inherited: 1 }),
  ],
  ...[
    'a\0b',
    '\ud800',
    { '\0': 1 },
    { '\udfff': 1 },
    [undefined],
    { a: undefined },
    { a: [{ b: Number.NaN }] },
  ],
  ...[cyclic, nested(1001), { toJSON: () => 1 }],
  // biome-ignore lint/suspicious/noSparseArray: the hole is what is tested.
  [1, , 3],
];
const BAD_COUNTS = [null, -1, 0.5, 2 ** 31, Number.NaN, Number.POSITIVE_INFINITY, '1', 1n];
const BAD_POLICIES = [
  ...[
    undefined,
    'often',
    7,
    [],
    { maxAttempts: -1 },
    { maxAttempts: 1.5 },
    { maxAttempts: '3' },
    { maxAttempts: undefined },
  ],
  ...[
    { backoffMultiplier: Number.NaN },
    { initialIntervalSeconds: -0.1 },
    { maxIntervalSeconds: null },
    { attempts: 3 },
  ],
];
const BAD_OBJECTS = [undefined, null, 7, 'text', [], { unknown: 1 }];

function nested(depth: number): unknown {
  let value: unknown = 0;
  for (let level = 0; level < depth; level++) {
    value = [value];
  }
  return value;
}

function without(object: object, field: string): unknown {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== field));
}

const { after, upTo } = ALL;
const CURSOR = cursorAtEndOf(new Date('2030-01-01T00:00:00.000Z'));

/** Every kind of bad value, by the argument that has it. */
const BAD: Record<ArgumentName, readonly (readonly [path: string, value: unknown])[]> = {
  shardId: [undefined, null, '1', Number.NaN, 1.5, 2 ** 31, -(2 ** 31) - 1, 1n, [1]].map((value) => [
    '',
    value,
  ]),
  shardVersion: [undefined, null, '1', Number.NaN, 0, -1, 1.5, 2 ** 53, 1n].map((value) => ['', value]),
  ownerAddr: BAD_TEXTS.map((value) => ['', value]),
  namespace: BAD_TEXTS.map((value) => ['', value]),
  timerId: BAD_TEXTS.map((value) => ['', value]),
  metadata: [
    ...BAD_OBJECTS.slice(0, 5).map((value) => ['', value] as const),
    ['.unknown', { unknown: 1 }],
    ['.committedOffset', { committedOffset: undefined }],
    ['.committedOffset', { committedOffset: null }],
    ...BAD_DATES.map(
      (value) =>
        ['.committedOffset.executeAt', { committedOffset: { ...CURSOR, executeAt: value } }] as const,
    ),
    ...BAD_UUIDS.map(
      (value) => ['.committedOffset.uuid', { committedOffset: { ...CURSOR, uuid: value } }] as const,
    ),
  ],
  timer: [
    ...BAD_OBJECTS.slice(0, 5).map((value) => ['', value] as const),
    ['.unknown', { ...newTimer(), unknown: 1 }],
    ...['id', 'namespace', 'executeAt', 'callbackUrl'].map(
      (field) => [`.${field}`, without(newTimer(), field)] as const,
    ),
    ...BAD_TEXTS.map((value) => ['.id', { ...newTimer(), id: value }] as const),
    ...BAD_TEXTS.map((value) => ['.namespace', { ...newTimer(), namespace: value }] as const),
    ...BAD_DATES.map((value) => ['.executeAt', { ...newTimer(), executeAt: value }] as const),
    ...BAD_DATES.map((value) => ['.createdAt', { ...newTimer(), createdAt: value }] as const),
    ...BAD_URLS.map((value) => ['.callbackUrl', { ...newTimer(), callbackUrl: value }] as const),
    ...BAD_JSON.map((value) => ['.payload', { ...newTimer(), payload: value }] as const),
    ...BAD_POLICIES.map((value) => ['.retryPolicy', { ...newTimer(), retryPolicy: value }] as const),
    ...[0, ...BAD_COUNTS].map(
      (value) => ['.callbackTimeoutSeconds', { ...newTimer(), callbackTimeoutSeconds: value }] as const,
    ),
    ...BAD_COUNTS.map((value) => ['.attempts', { ...newTimer(), attempts: value }] as const),
    ...[...BAD_UUIDS, '00000000-0000-0000-0000-000000000000'].map(
      (value) => ['.uuid', { ...newTimer(), uuid: value }] as const,
    ),
  ],
  changes: [
    ...BAD_OBJECTS.slice(0, 5).map((value) => ['', value] as const),
    ['.id', { id: 'new-id' }],
    ...BAD_DATES.map((value) => ['.executeAt', { executeAt: value }] as const),
    ...BAD_URLS.map((value) => ['.callbackUrl', { callbackUrl: value }] as const),
    ...BAD_JSON.map((value) => ['.payload', { payload: value }] as const),
    ...BAD_POLICIES.map((value) => ['.retryPolicy', { retryPolicy: value }] as const),
    ...[0, ...BAD_COUNTS].map(
      (value) => ['.callbackTimeoutSeconds', { callbackTimeoutSeconds: value }] as const,
    ),
    ...BAD_COUNTS.map((value) => ['.attempts', { attempts: value }] as const),
  ],
  range: [
    ...BAD_OBJECTS.slice(0, 5).map((value) => ['', value] as const),
    ['.after', { upTo }],
    ['.upTo', { after }],
    ['.from', { from: after, upTo }],
    ['.upTo', { after: CURSOR, upTo: ZERO_CURSOR }],
    ['.upTo', { after: CURSOR, upTo: { ...CURSOR, uuid: '0190a5c8-0000-7000-8000-000000000001' } }],
    ...BAD_DATES.map(
      (value) => ['.after.executeAt', { after: { ...CURSOR, executeAt: value }, upTo }] as const,
    ),
    ...BAD_UUIDS.map((value) => ['.upTo.uuid', { after, upTo: { ...upTo, uuid: value } }] as const),
  ],
  limit: [undefined, ...BAD_COUNTS].map((value) => ['', value]),
  options: [
    ...[null, 7, 'text', []].map((value) => ['', value] as const),
    ['.timeout', { timeout: 5 }],
    ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '5', null].map(
      (timeoutMs) => ['.timeoutMs', { timeoutMs }] as const,
    ),
    ...[null, {}, 'abort', new AbortController()].map((signal) => ['.signal', { signal }] as const),
  ],
};

describe.each(METHODS)('%s', (name, takes, call) => {
  test.each([...takes, 'options' as const])(
    'refuses every bad %s by name, and sends nothing',
    async (argument) => {
      for (const [path, value] of BAD[argument]) {
        const error = await errorOf(call({ ...GOOD, [argument]: value }));
        expect(error).toBeInstanceOf(InvalidArgumentError);
        expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', retryable: false });
        const named = (error as InvalidArgumentError).argument;
        expect({ value, named }).toEqual({
          value,
          named: expect.stringMatching(argumentPattern(name, argument, path)),
        });
      }
    },
  );
});

/** In a list of timers, the timer is named by its place; below a payload or policy, the path goes on. */
function argumentPattern(method: string, argument: ArgumentName, path: string): RegExp {
  const list = method === 'rangeDeleteWithBatchInsertTxn' ? 'timersToInsert[0]' : 'timers[0]';
  const single = method === 'createTimer' || method === 'createTimerNoLock';
  const start = argument === 'timer' && !single ? list : argument;
  const escaped = (start + path).replace(/[.[\]]/g, '\\$&');
  return new RegExp(`^${escaped}${/payload|retryPolicy/.test(path) ? '.*' : ''}$`, 's');
}

describe.each([
  ['createTimers', 'timers', (timers: NewTimer[]) => store.createTimers(1, 1, timers)],
  ['createTimersNoLock', 'timers', (timers: NewTimer[]) => store.createTimersNoLock(1, timers)],
  [
    'rangeDeleteWithBatchInsertTxn',
    'timersToInsert',
    (timers: NewTimer[]) => store.rangeDeleteWithBatchInsertTxn(1, 1, ALL, timers),
  ],
] as const)('%s', (_, argument, call) => {
  test('refuses two timers with one id, and names both', async () => {
    const error = await errorOf(call([newTimer(), newTimer({ id: 'other' }), newTimer({ attempts: 2 })]));
    expect(error).toMatchObject({
      code: 'INVALID_ARGUMENT',
      argument: `${argument}[2]`,
      reason: `has the same namespace and id as ${argument}[0]`,
    });
  });

  test.each([undefined, null, {}, 'text', new Set()])('refuses %p as a list', async (value) => {
    const error = await errorOf(call(value as unknown as NewTimer[]));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', argument });
  });
});

describe('what is just good enough is kept exactly', () => {
  test.each<[string, Partial<NewTimer>]>([
    ['an id of 255 letters', { id: 'x'.repeat(255) }],
    ['an id of 255 emoji', { id: '😀'.repeat(255) }],
    ['a namespace with combining marks', { namespace: `${'e\u0301'.repeat(127)}e` }],
    ['an id that looks like SQL', { id: `'; DROP TABLE timers; --` }],
    ['an id of white space', { id: ' ' }],
    ['a URL of 2,048 characters', { callbackUrl: `https://example.com/${'x'.repeat(2028)}` }],
    ['a URL with a user, port, query and fragment', { callbackUrl: 'HTTP://u:p@Example.com:8080/a?b=c#d' }],
    ['the first instant', { executeAt: new Date('0001-01-01T00:00:00.000Z') }],
    ['the last instant', { executeAt: new Date('9999-12-31T23:59:59.999Z') }],
    ['the largest numbers', { callbackTimeoutSeconds: 2 ** 31 - 1, attempts: 2 ** 31 - 1 }],
    ['the last UUID', { uuid: 'ffffffff-ffff-ffff-ffff-ffffffffffff' }],
    [
      'a retry policy of fractions',
      { retryPolicy: { backoffMultiplier: 1.5, initialIntervalSeconds: 0.001 } },
    ],
    [
      'a payload with the key __proto__',
      { payload: JSON.parse('{"__proto__": {"a": 1}, "constructor": null}') },
    ],
  ])('%s', async (_, fields) => {
    const { shardId, shardVersion } = await fixture.claimedShard();
    const timer = newTimer(fields);
    await fixture.store.createTimer(shardId, shardVersion, timer);
    const stored = await fixture.store.getTimer(shardId, timer.namespace, timer.id);
    expect(stored).toMatchObject(timer);
    expect(JSON.stringify(stored?.payload ?? null)).toBe(JSON.stringify(timer.payload ?? null));
  });

  test('a payload that is nested 1,000 levels deep', async () => {
    const { shardId } = await fixture.claimedShard();
    const payload = nested(1000) as NewTimer['payload'] & object;
    await fixture.store.createTimerNoLock(shardId, newTimer({ payload }));
    const stored = await fixture.store.getTimer(shardId, 'reminders', 'timer-1');
    expect(JSON.stringify(stored?.payload)).toBe(JSON.stringify(payload));
  });

  test.each([-(2 ** 31), -1, 0, 2 ** 31 - 1])('the shard id %d', async (shardId) => {
    expect((await fixture.store.claimShardOwnership(shardId, 'x'.repeat(255))).current.shardId).toBe(shardId);
  });

  test('the largest version is a version like others', async () => {
    const { shardId } = await fixture.claimedShard();
    const error = await errorOf(fixture.store.createTimer(shardId, Number.MAX_SAFE_INTEGER, newTimer()));
    expect(error).toMatchObject({ code: 'SHARD_CONDITION_FAILED' });
  });

  test('the limits 0 and 2,147,483,647, and a range without length', async () => {
    const { shardId, shardVersion } = await fixture.claimedShard();
    await fixture.store.createTimer(shardId, shardVersion, newTimer());
    const empty: TimerRange = { after: CURSOR, upTo: CURSOR };
    expect(await fixture.store.rangeGetTimers(shardId, empty, 10)).toEqual([]);
    expect(await fixture.store.rangeGetTimers(shardId, ALL, 0)).toEqual([]);
    expect(await fixture.store.rangeGetTimers(shardId, ALL, 2 ** 31 - 1)).toHaveLength(1);
  });
});

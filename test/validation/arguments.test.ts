import { Pool, type PoolClient } from 'pg';
import {
  cursorAtEndOf,
  InvalidArgumentError,
  type NewTimer,
  PostgresTimerStore,
  type TimerChanges,
  type TimerRange,
  ZERO_CURSOR,
} from '../../src';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { ALL, openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { STORE_OPTIONS } from '../support/store-options';

let fixture: StoreFixture;
/** The only connection that the store could use, kept from it: whatever it sends waits until its time-out. */
let held: PoolClient;
let pool: Pool;
let store: PostgresTimerStore;
/** What the shard of all bad calls held before the first of them. */
let untouched: unknown[];
beforeAll(async () => {
  fixture = await openStoreFixture();
  await fixture.store.claimShardOwnership(GOOD.shardId, 'owner');
  await fixture.store.createTimer(GOOD.shardId, GOOD.shardVersion, newTimer());
  untouched = await contentOfShard();
  pool = new Pool({ connectionString: fixture.database.storeUrl, max: 1 });
  held = await pool.connect();
  store = PostgresTimerStore.fromPool(pool, STORE_OPTIONS);
});
afterAll(async () => {
  held.release();
  await pool.end();
  await fixture.close();
});

async function contentOfShard(): Promise<unknown[]> {
  const { rows } = await fixture.direct.query(
    'SELECT timers FROM timers WHERE shard_id = $1 ORDER BY row_type, timer_execute_at, timer_uuid',
    [GOOD.shardId],
  );
  return rows;
}

/** Neither sends anything nor asks for a connection to send it on. */
async function expectRefused(call: () => Promise<unknown>): Promise<InvalidArgumentError> {
  const connect = jest.spyOn(pool, 'connect');
  const error = await errorOf(call());
  expect(connect).not.toHaveBeenCalled();
  connect.mockRestore();
  expect(error).toBeInstanceOf(InvalidArgumentError);
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', retryable: false });
  return error as InvalidArgumentError;
}

const GOOD = {
  // No shard that `claimedShard` gives out.
  shardId: 1_000_000,
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
  [
    'rangeGetDeadTimers',
    ['shardId', 'range', 'limit'],
    (a) => store.rangeGetDeadTimers(a.shardId, a.range, a.limit, a.options),
  ],
  [
    'deleteDeadTimer',
    ['shardId', 'namespace', 'timerId'],
    (a) => store.deleteDeadTimer(a.shardId, a.namespace, a.timerId, a.options),
  ],
];

/** Their arguments are like no others: tests of their own in test/postgres/ try them. */
const ELSEWHERE = [
  'announceDueTimers',
  'countNamespace',
  'createTimersOfShards',
  'getDeadTimer',
  'listNamespaces',
  'listTimers',
  'listenForDueTimers',
  'readDueTimers',
  'reviveTimer',
  'serverOf',
  'settleTimers',
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
  Number.NEGATIVE_INFINITY,
  '-infinity',
  '2030-01-01T00:00:00Z',
  { getTime: () => 0 },
  Object.create(Date.prototype),
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
  ' 0190a5c8-0000-7000-8000-000000000001',
  '0190a5c8-0000-7000-8000-000000000001\n',
  '0190a5c8-0000-7000-8000-00000000000g',
  '{0190a5c8-0000-7000-8000-000000000001}',
  '0190a5c8000070008000000000000001',
];
const BAD_URLS = [
  ...[undefined, '', '/relative', 'example.com', 'ftp://example.com', 'https://', 'http:example.com'],
  ...[
    'https://exa mple.com',
    'https://example.com/\n',
    ' https://example.com',
    'https://a\0b',
    'mailto:a@b.c',
  ],
  ...[
    'https:///example.com',
    'https://?a',
    'https://user@/',
    'https://a:65536/',
    'https://[::1',
    'javascript:1',
  ],
  // To some parsers the host is a, to others b.
  'https://a\\@b/',
  ...['https://example.com/\t', 'https://example.com/\u00a0', '\u0000https://example.com', 'https://\ud800'],
  ...[new URL('https://example.com'), ['https://example.com']],
  `https://example.com/${'x'.repeat(2029)}`,
];
/** JSON.stringify would write something else. */
class Disguised {
  readonly maxAttempts = 3;
  toJSON() {
    return { other: 1 };
  }
}
class DisguisedList extends Array<number> {
  toJSON() {
    return 'other';
  }
}
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
  ...[cyclic, [cyclic], nested(1001), { toJSON: () => 1 }, Object.assign([1], { toJSON: () => 1 })],
  ...[
    new Disguised(),
    new DisguisedList(1, 2),
    { [Symbol('s')]: 1 },
    'abc'.match(/b/),
    new String('x'),
    new Number(1),
    new URL('https://a'),
  ],
  ...[Object(1n), new Uint8Array(1), Promise.resolve(1), new (class Payload {})()],
  // biome-ignore lint/suspicious/noSparseArray: the hole is what is tested.
  [1, , 3],
];
const BAD_COUNTS = [null, [1], -1, 0.5, 2 ** 31, Number.NaN, Number.POSITIVE_INFINITY, '1', 1n];
const BAD_POLICIES = [
  ...[
    undefined,
    'often',
    7,
    [],
    { maxAttempts: -1 },
    { maxAttempts: -0 },
    { backoffMultiplier: -0 },
    { maxAttempts: 1.5 },
    { maxAttempts: '3' },
    { maxAttempts: undefined },
  ],
  ...[
    { backoffMultiplier: Number.NaN },
    { initialIntervalSeconds: -0.1 },
    { maxIntervalSeconds: null },
    { attempts: 3 },
    { maxAttemptsDurationSeconds: Number.POSITIVE_INFINITY },
    { maxAttempts: 2 ** 53 },
  ],
  // JSON would leave out what these inherit or hold inside.
  ...[new Disguised(), Object.create({ maxAttempts: 3 }), new Map([['maxAttempts', 3]])],
];
/** The last of them have no fields that `Object.entries` sees, and must not pass for objects that leave all out. */
const NO_OBJECTS = [
  ...[undefined, null, 7, 'text', true, 1n, [], () => ({})],
  ...[
    new Map([['attempts', 1]]),
    new Set(),
    new Date(),
    /x/,
    new URL('https://a'),
    new AbortController().signal,
  ],
];

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
    ...NO_OBJECTS.map((value) => ['', value] as const),
    ...NO_OBJECTS.map((value) => ['.committedOffset', { committedOffset: value }] as const),
    ['', Object.create({ committedOffset: CURSOR })],
    ['.committedOffset', { committedOffset: Object.create(CURSOR) }],
    ['.unknown', { unknown: 1 }],
    ['.committedOffset.unknown', { committedOffset: { ...CURSOR, unknown: 1 } }],
    ['.committedOffset.executeAt', { committedOffset: without(CURSOR, 'executeAt') }],
    ['.committedOffset.uuid', { committedOffset: without(CURSOR, 'uuid') }],
    ...BAD_DATES.map(
      (value) =>
        ['.committedOffset.executeAt', { committedOffset: { ...CURSOR, executeAt: value } }] as const,
    ),
    ...BAD_UUIDS.map(
      (value) => ['.committedOffset.uuid', { committedOffset: { ...CURSOR, uuid: value } }] as const,
    ),
  ],
  timer: [
    ...NO_OBJECTS.map((value) => ['', value] as const),
    ['.unknown', { ...newTimer(), unknown: 1 }],
    ...['id', 'namespace', 'executeAt'].map((field) => [`.${field}`, without(newTimer(), field)] as const),
    ...BAD_TEXTS.map((value) => ['.id', { ...newTimer(), id: value }] as const),
    ...BAD_TEXTS.map((value) => ['.namespace', { ...newTimer(), namespace: value }] as const),
    ...BAD_DATES.map((value) => ['.executeAt', { ...newTimer(), executeAt: value }] as const),
    ...BAD_DATES.map((value) => ['.createdAt', { ...newTimer(), createdAt: value }] as const),
    ...BAD_URLS.map((value) => ['.callbackUrl', { ...newTimer(), callbackUrl: value }] as const),
    ...BAD_JSON.map((value) => ['.payload', { ...newTimer(), payload: value }] as const),
    ...BAD_POLICIES.map((value) => ['.retryPolicy', { ...newTimer(), retryPolicy: value }] as const),
    ...[0, undefined, ...BAD_COUNTS].map(
      (value) => ['.callbackTimeoutSeconds', { ...newTimer(), callbackTimeoutSeconds: value }] as const,
    ),
    ...[undefined, ...BAD_COUNTS].map((value) => ['.attempts', { ...newTimer(), attempts: value }] as const),
    ...[...BAD_UUIDS, '00000000-0000-0000-0000-000000000000'].map(
      (value) => ['.uuid', { ...newTimer(), uuid: value }] as const,
    ),
  ],
  changes: [
    ...NO_OBJECTS.map((value) => ['', value] as const),
    ...['id', 'namespace', 'uuid', 'createdAt', 'unknown'].map(
      (field) => [`.${field}`, { [field]: 'x' }] as const,
    ),
    ...BAD_DATES.map((value) => ['.executeAt', { executeAt: value }] as const),
    ...BAD_URLS.map((value) => ['.callbackUrl', { callbackUrl: value }] as const),
    ...BAD_JSON.map((value) => ['.payload', { payload: value }] as const),
    ...BAD_POLICIES.map((value) => ['.retryPolicy', { retryPolicy: value }] as const),
    ...[0, undefined, ...BAD_COUNTS].map(
      (value) => ['.callbackTimeoutSeconds', { callbackTimeoutSeconds: value }] as const,
    ),
    ...[undefined, ...BAD_COUNTS].map((value) => ['.attempts', { attempts: value }] as const),
  ],
  range: [
    ...NO_OBJECTS.map((value) => ['', value] as const),
    ...NO_OBJECTS.map((value) => ['.after', { after: value, upTo }] as const),
    ...NO_OBJECTS.map((value) => ['.upTo', { after, upTo: value }] as const),
    ['.unknown', { after, upTo, unknown: 1 }],
    ['.after.unknown', { after: { ...CURSOR, unknown: 1 }, upTo }],
    ['.upTo.executeAt', { after, upTo: without(CURSOR, 'executeAt') }],
    ['.after.uuid', { after: without(CURSOR, 'uuid'), upTo }],
    ['.after', { upTo }],
    ['.upTo', { after }],
    ['.from', { from: after, upTo }],
    ['.upTo', { after: CURSOR, upTo: ZERO_CURSOR }],
    ['.upTo', { after: CURSOR, upTo: { ...CURSOR, uuid: '0190a5c8-0000-7000-8000-000000000001' } }],
    ...BAD_DATES.map(
      (value) => ['.after.executeAt', { after: { ...CURSOR, executeAt: value }, upTo }] as const,
    ),
    ...BAD_DATES.map(
      (value) => ['.upTo.executeAt', { after, upTo: { ...CURSOR, executeAt: value } }] as const,
    ),
    ...BAD_UUIDS.map((value) => ['.after.uuid', { after: { ...CURSOR, uuid: value }, upTo }] as const),
    ...BAD_UUIDS.map((value) => ['.upTo.uuid', { after, upTo: { ...CURSOR, uuid: value } }] as const),
  ],
  limit: [undefined, ...BAD_COUNTS].map((value) => ['', value]),
  options: [
    // A signal in the place of the options would never stop anything.
    ...NO_OBJECTS.slice(1).map((value) => ['', value] as const),
    ['.timeout', { timeout: 5 }],
    [
      '.timeoutMs',
      new (class {
        get timeoutMs() {
          return -1;
        }
      })(),
    ],
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
        const error = await expectRefused(() => call({ ...GOOD, [argument]: value }));
        expect({ value, named: error.argument }).toEqual({
          value,
          named: expect.stringMatching(argumentPattern(name, argument, path)),
        });
        expect(error.reason).toMatch(/^(must|is not one of|has)/);
        expect(error.message).toBe(`${error.argument} ${error.reason}`);
      }
      expect(await contentOfShard()).toEqual(untouched);
    },
  );
});

test('no method and none of its arguments is left out of these tests', () => {
  const methods = Object.getOwnPropertyNames(PostgresTimerStore.prototype);
  const tested = METHODS.map(([name]) => name);
  expect([...tested, ...ELSEWHERE, 'constructor', 'checkServer', 'close'].sort()).toEqual(methods.sort());
  const prototype = PostgresTimerStore.prototype as unknown as Record<string, (...args: never) => unknown>;
  for (const [name, takes] of METHODS) {
    expect({ name, count: prototype[name]?.length }).toEqual({ name, count: takes.length + 1 });
  }
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
  ['createTimers', 'timers', (timers: NewTimer[]) => store.createTimers(GOOD.shardId, 1, timers)],
  ['createTimersNoLock', 'timers', (timers: NewTimer[]) => store.createTimersNoLock(GOOD.shardId, timers)],
  [
    'rangeDeleteWithBatchInsertTxn',
    'timersToInsert',
    (timers: NewTimer[]) => store.rangeDeleteWithBatchInsertTxn(GOOD.shardId, 1, ALL, timers),
  ],
] as const)('%s', (_, argument, call) => {
  test('refuses two timers with one id, and names both', async () => {
    const timers = [newTimer(), newTimer({ id: 'other' }), newTimer({ attempts: 2 })];
    expect(await expectRefused(() => call(timers))).toMatchObject({
      argument: `${argument}[2]`,
      reason: `has the same namespace and id as ${argument}[0]`,
    });
    expect(await contentOfShard()).toEqual(untouched);
  });

  test('refuses a list for one bad timer among good ones, and names its place', async () => {
    const timers = [newTimer(), newTimer({ id: 'b' }), newTimer({ id: 'c', callbackUrl: '/relative' })];
    expect((await expectRefused(() => call(timers))).argument).toBe(`${argument}[2].callbackUrl`);
    expect(await contentOfShard()).toEqual(untouched);
  });

  test('refuses a list with a hole, and names it', async () => {
    const timers = [newTimer()];
    timers[2] = newTimer({ id: 'c' });
    expect((await expectRefused(() => call(timers))).argument).toBe(`${argument}[1]`);
  });

  test.each([undefined, null, {}, 'text', new Set(), { length: 0 }])(
    'refuses %p as a list',
    async (value) => {
      expect((await expectRefused(() => call(value as unknown as NewTimer[]))).argument).toBe(argument);
    },
  );
});

test.each<[value: string, fields: object, argument: string, reason: string]>([
  ['an empty id', { id: '' }, 'id', 'must not be empty'],
  ['256 emoji', { id: '😀'.repeat(256) }, 'id', 'must have at most 255 characters, not 256'],
  ['NUL', { namespace: 'a\0' }, 'namespace', 'must not contain the character NUL'],
  ['half a surrogate pair', { namespace: '\ud83d' }, 'namespace', 'must not contain a lone surrogate'],
  ['a number as a text', { id: 7 }, 'id', 'must be a string, not 7'],
  ['a date as a text', { executeAt: '2030-01-01' }, 'executeAt', "must be a Date, not '2030-01-01'"],
  ['an invalid date', { executeAt: new Date(Number.NaN) }, 'executeAt', 'must be a valid date'],
  [
    'the year 0',
    { executeAt: new Date('0000-12-31T23:59:59.999Z') },
    'executeAt',
    'must be between the years 1 and 9999 in UTC, not 0000-12-31T23:59:59.999Z',
  ],
  ['a relative URL', { callbackUrl: '/path' }, 'callbackUrl', 'must be an absolute http or https URL'],
  ['a fraction', { attempts: 1.5 }, 'attempts', 'must be a whole number from 0 to 2147483647, not 1.5'],
  ['a braced UUID', { uuid: '{x}' }, 'uuid', "must be a UUID such as 0190a5c8-…, not '{x}'"],
  [
    'the UUID of shards',
    { uuid: '00000000-0000-0000-0000-000000000000' },
    'uuid',
    'must not be all zeros: that is the UUID of shard rows',
  ],
  [
    'a traceparent without a trace',
    { traceparent: `00-${'0'.repeat(32)}-${'2'.repeat(16)}-01` },
    'traceparent',
    'must be a W3C traceparent of version 00, not ',
  ],
  [
    'a later traceparent',
    { traceparent: '01-x' },
    'traceparent',
    "must be a W3C traceparent of version 00, not '01-x'",
  ],
  ['an unknown field', { url: 'x' }, 'url', 'is not one of the fields id, namespace, uuid, createdAt, '],
  ['undefined', { attempts: undefined }, 'attempts', 'must not be undefined: leave the field out'],
  ['NaN', { payload: { a: [{ b: Number.NaN }] } }, 'payload.a[0].b', 'must be a finite number, not NaN'],
  ['a hole', { payload: new Array(1) }, 'payload[0]', 'must be a JSON value, not undefined'],
  ['a function', { payload: { f() {} } }, 'payload.f', 'must be a JSON value, not a function'],
  ['a bigint', { payload: { card: 4111n } }, 'payload.card', 'must be a JSON value, not a bigint'],
  [
    'a key with a line break',
    { payload: { 'a\nb': 1n } },
    'payload."a\\nb"',
    'must be a JSON value, not a bigint',
  ],
  [
    'a long key',
    { payload: { ['k'.repeat(61)]: 1n } },
    `payload.${'k'.repeat(60)}…`,
    'must be a JSON value, not a bigint',
  ],
  [
    'fields that are inherited from an object without a prototype',
    { payload: Object.create(Object.assign(Object.create(null), { order: 7 })) },
    'payload',
    'must be a plain object, not ',
  ],
  ['a Map', { payload: new Map() }, 'payload', 'must be a plain object, not Map(0) {}'],
  ['a method toJSON', { payload: [{ toJSON() {} }] }, 'payload[0]', 'must not have a method toJSON'],
  ['a symbol', { payload: { [Symbol('s')]: 1 } }, 'payload', 'must not have symbols as keys'],
  ['a match', { payload: 'a'.match(/a/) }, 'payload', 'must not have properties beside its elements'],
  [
    'a cycle',
    { payload: cyclic },
    'payload.self.self.self.self.self.self.self.self.self.self…',
    'must not be nested deeper than 1000 levels, nor contain itself',
  ],
  [
    'an inherited policy',
    { retryPolicy: Object.create({ maxAttempts: 3 }) },
    'retryPolicy',
    'must be a plain object that inherits nothing, not {}',
  ],
  [
    'a negative number',
    { retryPolicy: { backoffMultiplier: -1 } },
    'retryPolicy.backoffMultiplier',
    'must be a number of at least 0, not -1',
  ],
])('the reason tells what is wrong with %s', async (_, fields, path, reason) => {
  const timer = { ...newTimer(), ...fields } as NewTimer;
  const error = await expectRefused(() => store.createTimerNoLock(GOOD.shardId, timer));
  expect(error.argument).toBe(`timer.${path}`);
  expect(error.reason.slice(0, reason.length)).toBe(reason);
});

test('a long bad value is told in short', async () => {
  const callbackUrl = 'x'.repeat(2048);
  const error = await expectRefused(() => store.createTimerNoLock(GOOD.shardId, newTimer({ callbackUrl })));
  expect(error.message.length).toBeLessThan(200);
});

test.each([
  [null, 'options'],
  [new Map(), 'options'],
  [{ batchCreates: 1 }, 'options.batchCreates'],
  [{ preparedStatements: 'no' }, 'options.preparedStatements'],
  [{ maxOpenConns: 5 }, 'options.maxOpenConns'],
])('fromPool refuses the options %p by name', (options, argument) => {
  expect(() => PostgresTimerStore.fromPool(pool, options as object)).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', argument }),
  );
});

test('options may be given with fields that are undefined', async () => {
  const options = { signal: undefined, timeoutMs: undefined };
  expect(await fixture.store.getShard(GOOD.shardId, options)).not.toBeNull();
  PostgresTimerStore.fromPool(pool, { batchCreates: undefined, preparedStatements: undefined });
});

describe('what is just good enough is kept exactly', () => {
  test.each<[string, Partial<NewTimer>]>([
    ['an id of 255 letters', { id: 'x'.repeat(255) }],
    ['an id of 255 emoji', { id: '😀'.repeat(255) }],
    ['a namespace of 255 emoji', { namespace: '😀'.repeat(255) }],
    ['a namespace with combining marks', { namespace: `${'e\u0301'.repeat(127)}e` }],
    ['an id that looks like SQL', { id: `'; DROP TABLE timers; --` }],
    ['an id of white space', { id: ' ' }],
    ['a URL of 2,048 characters', { callbackUrl: `https://example.com/${'x'.repeat(2028)}` }],
    ['a URL of 2,048 characters with emoji', { callbackUrl: `https://example.com/${'😀'.repeat(2028)}` }],
    ['a URL with a user, port, query and fragment', { callbackUrl: 'HTTP://u:p@Example.com:8080/a?b=c#d' }],
    ['the first instant', { executeAt: new Date('0001-01-01T00:00:00.000Z') }],
    ['the last instant', { executeAt: new Date('9999-12-31T23:59:59.999Z') }],
    ['the largest numbers', { callbackTimeoutSeconds: 2 ** 31 - 1, attempts: 2 ** 31 - 1 }],
    ['the smallest numbers', { callbackTimeoutSeconds: 1, attempts: 0, retryPolicy: { maxAttempts: 0 } }],
    ['the first UUID', { uuid: '00000000-0000-0000-0000-000000000001' }],
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

  test.each([-(2 ** 31), -1, 0, 2 ** 31 - 1])(
    'the shard id %d, with an owner of 255 emoji',
    async (shardId) => {
      const ownerAddr = '😀'.repeat(255);
      await fixture.store.claimShardOwnership(shardId, ownerAddr);
      expect(await fixture.store.getShard(shardId)).toMatchObject({ shardId, ownerAddr });
    },
  );

  test('the shard id -0 is the shard 0', async () => {
    await fixture.store.createTimerNoLock(-0, newTimer({ id: 'of-zero' }));
    expect(await fixture.store.getTimer(0, 'reminders', 'of-zero')).not.toBeNull();
  });

  test('the timer as an object of a class', async () => {
    const { shardId } = await fixture.claimedShard();
    const timer = Object.assign(new (class Reminder {})(), newTimer());
    await fixture.store.createTimerNoLock(shardId, timer);
    expect(await fixture.store.getTimer(shardId, 'reminders', 'timer-1')).toMatchObject(newTimer());
  });

  test.each(['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'])(
    'the committed offset %s',
    async (instant) => {
      const { shardId, shardVersion } = await fixture.claimedShard();
      const metadata = { committedOffset: cursorAtEndOf(new Date(instant)) };
      await fixture.store.updateShardMetadata(shardId, shardVersion, metadata);
      expect((await fixture.store.getShard(shardId))?.metadata).toEqual(metadata);
    },
  );

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
    const { store: real } = fixture;
    expect(await real.rangeDeleteWithLimit(shardId, shardVersion, empty, 10)).toEqual({ deletedCount: 0 });
    expect(await real.rangeDeleteWithLimit(shardId, shardVersion, ALL, 0)).toEqual({ deletedCount: 0 });
    expect(await real.rangeDeleteWithLimitNoLock(shardId, ALL, 0)).toEqual({ deletedCount: 0 });
    const all = await real.rangeDeleteWithLimit(shardId, shardVersion, ALL, 2 ** 31 - 1);
    expect(all).toEqual({ deletedCount: 1 });
  });
});

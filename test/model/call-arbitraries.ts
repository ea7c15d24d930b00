import fc, { type Arbitrary } from 'fast-check';
import { cursorAtEndOf, timerUuid, ZERO_CURSOR } from '../../src';
import { ALL } from '../support/store-fixture';
import type { ModelCall } from './model-call';

// Few values of each kind, so that calls meet the same shards, timers and keys again and again.
export const SHARDS = [0, 7, -2_147_483_648];
const OWNERS = ['host-a:7000', 'host-b:7000', 'host-c:7000'];
// Pairs that look alike when they are joined with a colon.
const NAMESPACES = ['a', 'a:b'];
const IDS = ['c', 'b:c', 'ü'];
const GIVEN_UUIDS = ['00000000-0000-0000-0000-000000000001', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF'];
const DEFAULT_UUIDS = NAMESPACES.flatMap((namespace) => IDS.map((id) => timerUuid(namespace, id)));
/** Two that are due and one that is not, whatever the server's clock says within a day's look ahead. */
const USUAL_TIMES = ['2020-01-01T00:00:00.000Z', '2020-01-01T00:00:00.001Z', '2130-01-01T00:00:00.000Z'];
const EXTREME_TIMES = ['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'];
const PAYLOADS = [null, 'text', 0.5, [1, [null]], { b: { c: [] }, a: false }];

const shardId = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(...SHARDS) },
);
const versionsBehind = fc.oneof(
  { weight: 8, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(1, 2, -1) },
);
const namespace = fc.constantFrom(...NAMESPACES);
const id = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('c', 'b:c') },
  { weight: 1, arbitrary: fc.constantFrom(...IDS) },
);
const time = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...USUAL_TIMES) },
  { weight: 1, arbitrary: fc.constantFrom(...EXTREME_TIMES) },
);
const executeAt = time.map((text) => new Date(text));
const callbackUrl = fc.constantFrom('https://example.com/a', 'http://example.com:8080/b?c=%20');
const payload = fc.constantFrom(...PAYLOADS);
const retryPolicy = fc.constantFrom(null, {}, { maxAttempts: 3, backoffMultiplier: 1.5 });
const callbackTimeoutSeconds = fc.constantFrom(1, 30, 2_147_483_647);
const attempts = fc.constantFrom(0, 1, 2_147_483_647);
const limit = fc.nat({ max: 5 });

const newTimer = fc.record(
  {
    id,
    namespace,
    executeAt,
    callbackUrl,
    // Always given: its default is a clock, which the model does not have.
    createdAt: fc.constantFrom(new Date('2029-06-01T00:00:00.000Z'), new Date('2029-06-01T00:00:00.001Z')),
    payload,
    retryPolicy,
    callbackTimeoutSeconds,
    attempts,
    uuid: fc.constantFrom(...GIVEN_UUIDS),
    traceparent: fc.constantFrom(null, `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`),
  },
  {
    requiredKeys: ['id', 'namespace', 'executeAt', 'callbackUrl', 'createdAt'],
    noNullPrototype: true,
  },
);
const someTimers = fc.array(newTimer, { maxLength: 4 });
const timers = fc.oneof(
  {
    weight: 4,
    arbitrary: someTimers.map((list) => [...new Map(list.map((timer) => [idText(timer), timer])).values()]),
  },
  // With the same timer twice now and then, which is refused.
  { weight: 1, arbitrary: someTimers },
);

const changes = fc.record(
  { executeAt, callbackUrl, payload, retryPolicy, callbackTimeoutSeconds, attempts },
  { requiredKeys: [], noNullPrototype: true },
);

const cursor = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      { executeAt, uuid: fc.oneof(fc.constantFrom(...GIVEN_UUIDS), fc.constantFrom(...DEFAULT_UUIDS)) },
      { noNullPrototype: true },
    ),
  },
  { weight: 1, arbitrary: executeAt.map((end) => cursorAtEndOf(end)) },
);
const twoCursors = fc.record({ after: cursor, upTo: cursor }, { noNullPrototype: true });
const range = fc.oneof(
  { weight: 4, arbitrary: cursor.map((upTo) => ({ after: ZERO_CURSOR, upTo })) },
  { weight: 4, arbitrary: twoCursors.filter(({ after, upTo }) => after.executeAt <= upTo.executeAt) },
  // Some of them backwards, which is refused.
  { weight: 1, arbitrary: twoCursors },
);

const metadata = fc.oneof(
  fc.constant({}),
  cursor.map((committedOffset) => ({ committedOffset })),
);

function idText(timer: { namespace: string; id: string }): string {
  return JSON.stringify([timer.namespace, timer.id]);
}

function unfenced(method: ModelCall['method'], ...args: readonly Arbitrary<unknown>[]): Arbitrary<ModelCall> {
  return fc.record(
    { method: fc.constant(method), shardId, args: fc.tuple(...args) },
    { noNullPrototype: true },
  );
}

function fenced(method: ModelCall['method'], ...args: readonly Arbitrary<unknown>[]): Arbitrary<ModelCall> {
  return fc.record(
    { method: fc.constant(method), shardId, versionsBehind, args: fc.tuple(...args) },
    { noNullPrototype: true },
  );
}

/** One that names its shards in its arguments. */
function ofManyShards(
  method: ModelCall['method'],
  ...args: readonly Arbitrary<unknown>[]
): Arbitrary<ModelCall> {
  return fc.record({ method: fc.constant(method), args: fc.tuple(...args) }, { noNullPrototype: true });
}

/** For a call that takes each shard once. */
function ofShards(fields: Record<string, Arbitrary<unknown>>, requiredKeys: string[]): Arbitrary<unknown> {
  return fc
    .uniqueArray(shardId, { minLength: 1, maxLength: SHARDS.length })
    .chain((shardIds) =>
      fc.tuple(
        ...shardIds.map((each) =>
          fc.record(
            { shardId: fc.constant(each), ...fields },
            { requiredKeys: ['shardId', ...requiredKeys] as 'shardId'[], noNullPrototype: true },
          ),
        ),
      ),
    );
}

const delivered = {
  readsAgo: fc.oneof(fc.nat({ max: 2 }), fc.nat({ max: 9 })),
  // None yet to come: one statement finds that a shard has it, and another not, if a claim comes in between.
  versionsBehind: versionsBehind.filter((versions) => versions >= 0),
};
const failure = { firstAttemptAt: executeAt, attempts, lastError: fc.constantFrom('HTTP 500', 'ü') };
const done = fc.record({ ...delivered, outcome: fc.constant('done') }, { noNullPrototype: true });
const again = fc.record(
  {
    ...delivered,
    ...failure,
    outcome: fc.constant('again'),
    executeAt,
    dueAt: fc.option(executeAt),
    firstAttemptAt: fc.option(executeAt),
    lastError: fc.option(failure.lastError),
    payload,
    // Made smaller, it would be that of another write.
    revision: fc.noShrink(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })).map(String),
  },
  {
    requiredKeys: [
      'readsAgo',
      'versionsBehind',
      'outcome',
      'executeAt',
      'dueAt',
      'firstAttemptAt',
      'attempts',
      'lastError',
    ],
    noNullPrototype: true,
  },
);
const dead = fc.record({ ...delivered, ...failure, outcome: fc.constant('dead') }, { noNullPrototype: true });
const settlement = fc.oneof(
  { weight: 2, arbitrary: done },
  { weight: 2, arbitrary: again },
  { weight: 3, arbitrary: dead },
);

/** Claims and the state of shards. */
export const shardCall: Arbitrary<ModelCall> = fc.oneof(
  { weight: 3, arbitrary: unfenced('claimShardOwnership', fc.constantFrom(...OWNERS)) },
  { weight: 1, arbitrary: unfenced('getShard') },
  { weight: 2, arbitrary: fenced('updateShardMetadata', metadata) },
);

/** Whatever names the timers that it reads or writes. */
export const timerCall: Arbitrary<ModelCall> = fc.oneof(
  { weight: 5, arbitrary: fenced('createTimer', newTimer) },
  { weight: 2, arbitrary: unfenced('createTimerNoLock', newTimer) },
  { weight: 3, arbitrary: fenced('createTimers', timers) },
  { weight: 1, arbitrary: unfenced('createTimersNoLock', timers) },
  {
    weight: 2,
    arbitrary: ofManyShards('createTimersOfShards', ofShards({ versionsBehind, timers }, ['timers'])),
  },
  { weight: 4, arbitrary: fenced('updateTimer', namespace, id, changes) },
  { weight: 2, arbitrary: unfenced('updateTimerNoLock', namespace, id, changes) },
  { weight: 3, arbitrary: fenced('deleteTimer', namespace, id) },
  { weight: 1, arbitrary: unfenced('deleteTimerNoLock', namespace, id) },
  { weight: 2, arbitrary: unfenced('getTimer', namespace, id) },
);

export const rangeRead: Arbitrary<ModelCall> = fc.oneof(
  unfenced('rangeGetTimers', range, limit),
  unfenced('rangeGetTimers', fc.constant(ALL), fc.constant(100)),
);

export const dueRead: Arbitrary<ModelCall> = ofManyShards(
  'readDueTimers',
  ofShards({ after: fc.oneof(fc.constant(ZERO_CURSOR), cursor) }, ['after']),
  fc.constantFrom(0, 100, 86_400_000),
  fc.integer({ min: 1, max: 6 }),
);

/** Of timers that were read. */
export const settling: Arbitrary<ModelCall> = ofManyShards(
  'settleTimers',
  fc.oneof(
    { weight: 3, arbitrary: fc.array(settlement, { minLength: 1, maxLength: 6 }) },
    // The most usual ones, which have a statement of their own.
    { weight: 1, arbitrary: fc.array(done, { maxLength: 6 }) },
  ),
);

export const deadTimerCall: Arbitrary<ModelCall> = fc.oneof(
  { weight: 1, arbitrary: unfenced('rangeGetDeadTimers', range, limit) },
  { weight: 4, arbitrary: unfenced('reviveTimer', namespace, id, executeAt) },
  { weight: 1, arbitrary: unfenced('deleteDeadTimer', namespace, id) },
);

export const rangeDelete: Arbitrary<ModelCall> = fc.oneof(
  { weight: 3, arbitrary: fenced('rangeDeleteWithLimit', range, limit) },
  { weight: 1, arbitrary: unfenced('rangeDeleteWithLimitNoLock', range, limit) },
  { weight: 3, arbitrary: fenced('rangeDeleteWithBatchInsertTxn', range, timers) },
);

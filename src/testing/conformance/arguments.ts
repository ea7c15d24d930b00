import { equal } from 'node:assert/strict';
import type { TimerStore } from '../../contract/timer-store';
import { buildTimer } from '../build-timer';
import { ALL, rejectsWith, type Suite } from './suite';

const TIMER = buildTimer({ id: 'a' });
const KEY = ['tests', 'a'];
const TOO_LONG = 'x'.repeat(256);
const AT = new Date('2030-01-01T00:00:00.000Z');
const NO_DATE = new Date(Number.NaN);
const CURSOR = { executeAt: AT, uuid: '6f9619ff-8b86-4011-b42d-00c04fc964ff' };

const UNREADABLE = {
  get executeAt(): Date {
    throw new Error('cannot be read');
  },
};
const DELIVERED = { namespace: 'tests', id: 'a', uuid: CURSOR.uuid, executeAt: AT, revision: '7' };
const SETTLED = { shardId: 1, shardVersion: 1, timer: DELIVERED };
const DONE = { ...SETTLED, outcome: 'done' };
const DEAD = { ...SETTLED, outcome: 'dead', firstAttemptAt: null, attempts: 1, lastError: 'HTTP 410' };
const AGAIN = { ...DEAD, outcome: 'again', executeAt: AT, dueAt: null };

type Refused = readonly [method: keyof TimerStore, args: readonly unknown[], argument: string];

/** Calls that are refused, by what is wrong with them. */
const REFUSED: readonly Refused[] = [
  ['claimShardOwnership', [0.5, 'host'], 'shardId'],
  ['claimShardOwnership', [2 ** 31, 'host'], 'shardId'],
  ['claimShardOwnership', [1, ''], 'ownerAddr'],
  ['claimShardOwnership', [1, TOO_LONG], 'ownerAddr'],
  ['getShard', ['1'], 'shardId'],
  ['updateShardMetadata', [1, 0, {}], 'shardVersion'],
  ['updateShardMetadata', [1, 1, { other: 1 }], 'metadata.other'],
  ['updateShardMetadata', [1, 1, { shardCount: 0 }], 'metadata.shardCount'],
  [
    'updateShardMetadata',
    [1, 1, { committedOffset: { ...CURSOR, uuid: 'x' } }],
    'metadata.committedOffset.uuid',
  ],
  ['createTimer', [1, 1.5, TIMER], 'shardVersion'],
  ['createTimer', [1, 1, null], 'timer'],
  ['createTimerNoLock', [1, { ...TIMER, id: '' }], 'timer.id'],
  ['createTimerNoLock', [1, { ...TIMER, id: 'a\0' }], 'timer.id'],
  ['createTimerNoLock', [1, { ...TIMER, id: '\ud800' }], 'timer.id'],
  ['createTimerNoLock', [1, { ...TIMER, namespace: TOO_LONG }], 'timer.namespace'],
  ['createTimerNoLock', [1, { ...TIMER, executeAt: NO_DATE }], 'timer.executeAt'],
  ['createTimerNoLock', [1, { ...TIMER, executeAt: AT.toISOString() }], 'timer.executeAt'],
  ['createTimerNoLock', [1, { ...TIMER, executeAt: new Date(253_402_300_800_000) }], 'timer.executeAt'],
  ['createTimerNoLock', [1, { ...TIMER, callbackUrl: '/path' }], 'timer.callbackUrl'],
  ['createTimerNoLock', [1, { ...TIMER, payload: undefined }], 'timer.payload'],
  ['createTimerNoLock', [1, { ...TIMER, payload: { at: AT } }], 'timer.payload.at'],
  ['createTimerNoLock', [1, { ...TIMER, payload: [-0] }], 'timer.payload[0]'],
  ['createTimerNoLock', [1, { ...TIMER, payload: 'x'.repeat(200_000) }], 'timer.payload'],
  [
    'createTimerNoLock',
    [1, { ...TIMER, retryPolicy: { maxAttempts: 1.5 } }],
    'timer.retryPolicy.maxAttempts',
  ],
  ['createTimerNoLock', [1, { ...TIMER, retryPolicy: { other: 1 } }], 'timer.retryPolicy.other'],
  ['createTimerNoLock', [1, { ...TIMER, callbackTimeoutSeconds: 0 }], 'timer.callbackTimeoutSeconds'],
  ['createTimerNoLock', [1, { ...TIMER, uuid: '00000000-0000-0000-0000-000000000000' }], 'timer.uuid'],
  ['createTimerNoLock', [1, { ...TIMER, traceparent: '00-0-0-00' }], 'timer.traceparent'],
  ['createTimerNoLock', [1, { ...TIMER, attempts: -1 }], 'timer.attempts'],
  ['createTimerNoLock', [1, { ...TIMER, other: 1 }], 'timer.other'],
  ['createTimers', [1, 1, 'none'], 'timers'],
  ['createTimersNoLock', [1, [TIMER, { ...TIMER, id: 7 }]], 'timers[1].id'],
  [
    'createTimersOfShards',
    [
      [
        { shardId: 1, timers: [] },
        { shardId: 1, timers: [] },
      ],
    ],
    'batches[1].shardId',
  ],
  ['updateTimer', [1, 1, '', 'a', {}], 'namespace'],
  ['updateTimerNoLock', [1, ...KEY, { executeAt: undefined }], 'changes.executeAt'],
  ['updateTimerNoLock', [1, ...KEY, { id: 'b' }], 'changes.id'],
  ['deleteTimer', [1, 1, 'tests', ''], 'timerId'],
  ['rangeDeleteWithLimit', [1, 1, ALL, -1], 'limit'],
  [
    'rangeDeleteWithLimitNoLock',
    [1, { ...ALL, upTo: { ...CURSOR, executeAt: NO_DATE } }, 1],
    'range.upTo.executeAt',
  ],
  ['rangeDeleteWithBatchInsertTxn', [1, 1, ALL, [{ ...TIMER, attempts: 0.5 }]], 'timersToInsert[0].attempts'],
  ['getTimer', [1, 'tests', null], 'timerId'],
  ['rangeGetTimers', [1, { after: CURSOR }, 1], 'range.upTo'],
  ['rangeGetTimers', [1, ALL, 1.5], 'limit'],
  ['readDueTimers', ['none', 0, 1], 'places'],
  ['readDueTimers', [[], 0, 1], 'places'],
  ['readDueTimers', [[null], 0, 1], 'places[0]'],
  ['readDueTimers', [new Array(1), 0, 1], 'places[0]'],
  ['readDueTimers', [[{ shardId: 0.5, after: CURSOR }], 0, 1], 'places[0].shardId'],
  ['readDueTimers', [[{ shardId: 1, after: null }], 0, 1], 'places[0].after'],
  ['readDueTimers', [[{ shardId: 1, after: { ...CURSOR, uuid: 'x' } }], 0, 1], 'places[0].after.uuid'],
  ['readDueTimers', [[{ shardId: 1, after: UNREADABLE }], 0, 1], 'places[0].after.executeAt'],
  ['readDueTimers', [[1, 1].map((shardId) => ({ shardId, after: CURSOR })), 0, 1], 'places[1].shardId'],
  ['readDueTimers', [[{ shardId: 1, after: CURSOR }], -1, 1], 'lookAheadMs'],
  ['readDueTimers', [[{ shardId: 1, after: CURSOR }], 0, 0], 'limit'],
  ['settleTimers', ['none'], 'settlements'],
  ['settleTimers', [[{ shardId: 1, shardVersion: 1, timer: null, outcome: 'done' }]], 'settlements[0].timer'],
  ['settleTimers', [new Array(1)], 'settlements[0]'],
  ['settleTimers', [[{ ...DONE, timer: UNREADABLE }]], 'settlements[0].timer'],
  ...['9223372036854775808', '-9223372036854775809', '9'.repeat(19), '-0', '007', '+7', '7.0', 7].flatMap(
    (revision): Refused[] => [
      ['settleTimers', [[{ ...DONE, timer: { ...DONE.timer, revision } }]], 'settlements[0].timer.revision'],
      ['settleTimers', [[{ ...AGAIN, revision }]], 'settlements[0].revision'],
    ],
  ),
  ['settleTimers', [[{ ...AGAIN, other: 1 }]], 'settlements[0].other'],
  ...['executeAt', 'dueAt', 'payload', 'revision'].map(
    (field): Refused => ['settleTimers', [[{ ...DEAD, [field]: AT }]], `settlements[0].${field}`],
  ),
  ['announceDueTimers', [7], 'shardIds'],
  ['announceDueTimers', ['7'], 'shardIds'],
  ['announceDueTimers', [undefined], 'shardIds'],
  ['announceDueTimers', [[7, 0.5]], 'shardIds[1]'],
  ['announceDueTimers', [new Array(1)], 'shardIds[0]'],
  ['listenForDueTimers', [{ onDue: () => {} }], 'events'],
  ['rangeGetDeadTimers', [1, ALL, -1], 'limit'],
  ['reviveTimer', [1, ...KEY, NO_DATE], 'executeAt'],
  ['deleteDeadTimer', [1, '', 'a'], 'namespace'],
  ['getShard', [1, { timeoutMs: 0 }], 'options.timeoutMs'],
  ['getShard', [1, { signal: {} }], 'options.signal'],
  ['getShard', [1, { client: {} }], 'options.client'],
  ['getShard', [1, { other: 1 }], 'options.other'],
];

export function argumentCases(suite: Suite): void {
  suite.describe('an argument that cannot be kept exactly', () => {
    for (const [index, [method, args, argument]] of REFUSED.entries()) {
      suite.test(`is refused by name: ${method}, ${argument} (${index + 1})`, async () => {
        const call = suite.store[method] as (...args: readonly unknown[]) => Promise<unknown>;
        await rejectsWith(call.apply(suite.store, [...args]), 'INVALID_ARGUMENT', {
          argument,
          retryable: false,
        });
      });
    }
  });

  suite.describe('a signal', () => {
    suite.test('that has fired stops a call before anything is done', async () => {
      const { shardId, shardVersion } = await suite.claimedShard();
      const signal = AbortSignal.abort(new Error('enough'));
      const creating = suite.store.createTimer(shardId, shardVersion, TIMER, { signal });
      await rejectsWith(creating, 'CALL_ABORTED', { operation: 'createTimer', retryable: true });
      equal(await suite.store.getTimer(shardId, TIMER.namespace, TIMER.id), null);
    });

    suite.test('that has not fired, and time enough, change nothing', async () => {
      const { signal } = new AbortController();
      equal(await suite.store.getShard(-8, { signal, timeoutMs: 10_000 }), null);
    });
  });
}

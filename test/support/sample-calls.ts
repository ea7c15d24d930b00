import { type CallOptions, cursorAtEndOf, type TimerStore, timerUuid, ZERO_CURSOR } from '../../src';
import { newTimer } from './new-timer';
import type { StoreFixture } from './store-fixture';

export const DUE = new Date('2030-01-01T00:00:00.000Z');
const RANGE = { after: ZERO_CURSOR, upTo: cursorAtEndOf(DUE) };

export type SampleCall = (
  store: TimerStore,
  shardId: number,
  shardVersion: number,
  options?: CallOptions,
) => Promise<unknown>;

/** Of the timer `timer-1`, as its shard has it. */
const REVISION = '7';

interface Shard {
  readonly shardId: number;
  readonly shardVersion: number;
}

/** What the calls below are made on. */
export async function shardForCalls({ claimedShard, store }: StoreFixture): Promise<Shard> {
  const shard = await claimedShard();
  await fillForCalls(store, shard);
  return shard;
}

/** Gives a claimed shard the timers of the calls below. */
export async function fillForCalls(store: TimerStore, { shardId, shardVersion }: Shard): Promise<void> {
  const timers = ['timer-1', 'timer-2', 'dead'].map((id) => newTimer({ id }));
  await store.createTimers(shardId, shardVersion, timers);
  const failed = { shardId, shardVersion, firstAttemptAt: null, attempts: 1, lastError: 'HTTP 410' };
  for (const timer of await store.rangeGetTimers(shardId, RANGE, 10)) {
    if (timer.id === 'dead') {
      await store.settleTimers([{ ...failed, timer, outcome: 'dead' }]);
    } else if (timer.id === 'timer-1') {
      const next = { executeAt: DUE, dueAt: null, revision: REVISION };
      await store.settleTimers([{ ...failed, timer, outcome: 'again', ...next }]);
    }
  }
}

/** One good call of each method, on a claimed shard that has the timers `timer-1` and `timer-2`, and the dead timer `dead`. */
export const SAMPLE_CALLS: readonly (readonly [
  name: keyof TimerStore,
  kind: 'read' | 'write',
  call: SampleCall,
])[] = [
  [
    'claimShardOwnership',
    'write',
    (store, shard, _, options) => store.claimShardOwnership(shard, 'next', options),
  ],
  ['getShard', 'read', (store, shard, _, options) => store.getShard(shard, options)],
  [
    'updateShardMetadata',
    'write',
    (store, shard, version, options) =>
      store.updateShardMetadata(shard, version, { committedOffset: cursorAtEndOf(DUE) }, options),
  ],
  [
    'createTimer',
    'write',
    (store, shard, version, options) => store.createTimer(shard, version, newTimer({ id: 'new' }), options),
  ],
  [
    'createTimers',
    'write',
    (store, shard, version, options) =>
      store.createTimers(shard, version, [newTimer({ id: 'new' })], options),
  ],
  [
    'updateTimer',
    'write',
    (store, shard, version, options) =>
      store.updateTimer(shard, version, 'reminders', 'timer-1', { attempts: 1 }, options),
  ],
  [
    'deleteTimer',
    'write',
    (store, shard, version, options) => store.deleteTimer(shard, version, 'reminders', 'timer-1', options),
  ],
  [
    'rangeDeleteWithLimit',
    'write',
    (store, shard, version, options) => store.rangeDeleteWithLimit(shard, version, RANGE, 10, options),
  ],
  [
    'rangeDeleteWithBatchInsertTxn',
    'write',
    (store, shard, version, options) =>
      store.rangeDeleteWithBatchInsertTxn(shard, version, RANGE, [newTimer({ id: 'new' })], options),
  ],
  [
    'createTimerNoLock',
    'write',
    (store, shard, _, options) => store.createTimerNoLock(shard, newTimer({ id: 'new' }), options),
  ],
  [
    'createTimersNoLock',
    'write',
    (store, shard, _, options) => store.createTimersNoLock(shard, [newTimer({ id: 'new' })], options),
  ],
  [
    'updateTimerNoLock',
    'write',
    (store, shard, _, options) =>
      store.updateTimerNoLock(shard, 'reminders', 'timer-1', { attempts: 1 }, options),
  ],
  [
    'deleteTimerNoLock',
    'write',
    (store, shard, _, options) => store.deleteTimerNoLock(shard, 'reminders', 'timer-1', options),
  ],
  [
    'rangeDeleteWithLimitNoLock',
    'write',
    (store, shard, _, options) => store.rangeDeleteWithLimitNoLock(shard, RANGE, 10, options),
  ],
  [
    'createTimersOfShards',
    'write',
    async (store, shardId, shardVersion, options) => {
      const batch = { shardId, shardVersion, timers: [newTimer({ id: 'new' })] };
      const [error] = await store.createTimersOfShards([batch], options);
      if (error) {
        throw error;
      }
    },
  ],
  [
    'settleTimers',
    'write',
    (store, shardId, shardVersion, options) => {
      const key = { namespace: 'reminders', id: 'timer-1', uuid: timerUuid('reminders', 'timer-1') };
      const timer = { ...key, executeAt: DUE, revision: REVISION };
      return store.settleTimers([{ shardId, shardVersion, timer, outcome: 'done' }], options);
    },
  ],
  [
    'reviveTimer',
    'write',
    (store, shard, _, options) => store.reviveTimer(shard, 'reminders', 'dead', DUE, options),
  ],
  [
    'deleteDeadTimer',
    'write',
    (store, shard, _, options) => store.deleteDeadTimer(shard, 'reminders', 'dead', options),
  ],
  [
    'readDueTimers',
    'read',
    (store, shardId, _, options) => store.readDueTimers([{ shardId, after: ZERO_CURSOR }], 0, 10, options),
  ],
  [
    'rangeGetDeadTimers',
    'read',
    (store, shard, _, options) => store.rangeGetDeadTimers(shard, RANGE, 10, options),
  ],
  ['getTimer', 'read', (store, shard, _, options) => store.getTimer(shard, 'reminders', 'timer-1', options)],
  ['rangeGetTimers', 'read', (store, shard, _, options) => store.rangeGetTimers(shard, RANGE, 10, options)],
];

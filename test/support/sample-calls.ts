import { type CallOptions, cursorAtEndOf, type TimerStore, ZERO_CURSOR } from '../../src';
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

/** What the calls below are made on. */
export async function shardForCalls({
  claimedShard,
  store,
}: StoreFixture): Promise<{ shardId: number; shardVersion: number }> {
  const shard = await claimedShard();
  const timers = ['timer-1', 'timer-2'].map((id) => newTimer({ id }));
  await store.createTimers(shard.shardId, shard.shardVersion, timers);
  return shard;
}

/** One good call of each method, on a claimed shard that has the timers `timer-1` and `timer-2`. */
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
  ['getTimer', 'read', (store, shard, _, options) => store.getTimer(shard, 'reminders', 'timer-1', options)],
  ['rangeGetTimers', 'read', (store, shard, _, options) => store.rangeGetTimers(shard, RANGE, 10, options)],
];

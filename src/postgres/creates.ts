import { checkShardId } from '../contract/scalars';
import type { CallOptions, NewTimer } from '../contract/types';
import { checkShard } from '../validation/keys';
import { parseNewTimer, parseNewTimers } from '../validation/timer';
import type { CreateTarget } from './create-queue';
import type { StoreContext } from './store-context';
import { writeTimers } from './write-timers';

export async function createTimer(
  store: StoreContext,
  shardId: number,
  shardVersion: number,
  timer: NewTimer,
  options?: CallOptions,
): Promise<void> {
  checkShard(shardId, shardVersion);
  await createOne(store, { operation: 'createTimer', shardId, shardVersion }, timer, options);
}

export async function createTimerNoLock(
  store: StoreContext,
  shardId: number,
  timer: NewTimer,
  options?: CallOptions,
): Promise<void> {
  checkShardId(shardId);
  const target = { operation: 'createTimerNoLock', shardId, shardVersion: undefined };
  await createOne(store, target, timer, options);
}

/** Together with others that are created at the same time, unless it belongs to a transaction of the caller. */
async function createOne(
  store: StoreContext,
  target: CreateTarget,
  timer: NewTimer,
  options?: CallOptions,
): Promise<void> {
  const parseTimer = () => parseNewTimer('timer', timer, store.maxPayloadBytes);
  await store.call(target.operation, options, (call) =>
    store.creates === undefined || call.client !== undefined
      ? writeTimers(call, target, [parseTimer()])
      : store.creates.add(target, parseTimer, call.deadline),
  );
}

export async function createTimers(
  store: StoreContext,
  shardId: number,
  shardVersion: number,
  timers: readonly NewTimer[],
  options?: CallOptions,
): Promise<void> {
  checkShard(shardId, shardVersion);
  await createAll(store, { operation: 'createTimers', shardId, shardVersion }, timers, options);
}

export async function createTimersNoLock(
  store: StoreContext,
  shardId: number,
  timers: readonly NewTimer[],
  options?: CallOptions,
): Promise<void> {
  checkShardId(shardId);
  const target = { operation: 'createTimersNoLock', shardId, shardVersion: undefined };
  await createAll(store, target, timers, options);
}

async function createAll(
  store: StoreContext,
  target: CreateTarget,
  timers: readonly NewTimer[],
  options?: CallOptions,
): Promise<void> {
  await store.call(target.operation, options, async (call) => {
    const values = await parseNewTimers('timers', timers, store.maxPayloadBytes);
    await writeTimers(call, target, values);
  });
}

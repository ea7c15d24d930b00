import { ShardConditionFailedError, ShardMovedError, TimerStoreError } from '../contract/errors';
import { checkShardId } from '../contract/scalars';
import type { CallOptions, NewTimer, TimerBatch } from '../contract/types';
import { activeTraceparent } from '../telemetry/instrument';
import { checkShard } from '../validation/keys';
import { parseNewTimer, parseNewTimers, type TimerValues } from '../validation/timer';
import { parseTimerBatches } from '../validation/timer-batches';
import { type Batch, isRefusal } from './batch-outcomes';
import type { Outcome, QueuedWrite, WriteKind, WriteTarget } from './queued-write';
import type { StoreCall } from './store-call';
import type { StoreContext } from './store-context';
import { writeBatches } from './write-batches';
import { writeTimers } from './write-timers';

type QueuedCreate = QueuedWrite<WriteTarget, TimerValues>;

const CREATE: WriteKind<WriteTarget, TimerValues, void> = {
  sharesParts: true,
  // The uuid that a caller has chosen may be another timer's, which the server finds when it writes the row.
  isReplaceable: ({ isUuidGiven }) => !isUuidGiven,
  write: createEach,
};

export async function createTimer(
  store: StoreContext,
  shardId: number,
  shardVersion: number,
  timer: NewTimer<unknown>,
  options?: CallOptions,
): Promise<void> {
  checkShard(shardId, shardVersion);
  await createOne(store, { operation: 'createTimer', shardId, shardVersion }, timer, options);
}

export async function createTimerNoLock(
  store: StoreContext,
  shardId: number,
  timer: NewTimer<unknown>,
  options?: CallOptions,
): Promise<void> {
  checkShardId(shardId);
  const target = { operation: 'createTimerNoLock', shardId, shardVersion: undefined };
  await createOne(store, target, timer, options);
}

/**
 * Creates a timer together with others that come at the same time, unless it belongs to a transaction of the caller.
 */
async function createOne(
  store: StoreContext,
  target: WriteTarget,
  timer: NewTimer<unknown>,
  options?: CallOptions,
): Promise<void> {
  // Now, since a call that waits for room is parsed in the course of another.
  const defaults = { traceparent: activeTraceparent() };
  const parseTimer = () => parseNewTimer('timer', timer, store.maxPayloadBytes, defaults);
  await store.call(target.operation, options, (call) =>
    store.batchCreates && call.client === undefined
      ? store.writes.add(CREATE, target, parseTimer, call.deadline)
      : writeTimers(call, target, [parseTimer()]),
  );
}

/** Of two creates of one timer, the later call's is stored: a statement can write a timer once. */
async function createEach(call: StoreCall, creates: readonly QueuedCreate[]): Promise<Outcome<void>[]> {
  const batches = new Map<string, WriteTarget & { readonly timers: Map<string, TimerValues> }>();
  for (const { key, target, values } of creates) {
    let batch = batches.get(key);
    if (batch === undefined) {
      batch = { ...target, timers: new Map() };
      batches.set(key, batch);
    }
    // Neither part contains NUL, so no two pairs look alike.
    batch.timers.set(`${values.namespace}\0${values.id}`, values);
  }
  const errors = await writeBatches(
    call,
    Array.from(batches.values(), (batch) => ({ ...batch, timers: [...batch.timers.values()] })),
  );
  const outcomeOf = new Map<string, Outcome<void>>();
  for (const [place, key] of [...batches.keys()].entries()) {
    outcomeOf.set(key, errors[place] === null ? { result: undefined } : { error: errors[place] });
  }
  return creates.map(({ key }) => outcomeOf.get(key) as Outcome<void>);
}

export async function createTimers(
  store: StoreContext,
  shardId: number,
  shardVersion: number,
  timers: readonly NewTimer<unknown>[],
  options?: CallOptions,
): Promise<void> {
  checkShard(shardId, shardVersion);
  await createAll(store, { operation: 'createTimers', shardId, shardVersion }, timers, options);
}

export async function createTimersNoLock(
  store: StoreContext,
  shardId: number,
  timers: readonly NewTimer<unknown>[],
  options?: CallOptions,
): Promise<void> {
  checkShardId(shardId);
  const target = { operation: 'createTimersNoLock', shardId, shardVersion: undefined };
  await createAll(store, target, timers, options);
}

async function createAll(
  store: StoreContext,
  target: WriteTarget,
  timers: readonly NewTimer<unknown>[],
  options?: CallOptions,
): Promise<void> {
  const defaults = { traceparent: activeTraceparent() };
  await store.call(target.operation, options, async (call) => {
    const values = await parseNewTimers('timers', timers, store.maxPayloadBytes, undefined, defaults);
    await writeTimers(call, target, values);
  });
}

export async function createTimersOfShards(
  store: StoreContext,
  batches: readonly TimerBatch<NewTimer<unknown>>[],
  options?: CallOptions,
): Promise<(TimerStoreError | null)[]> {
  const defaults = { traceparent: activeTraceparent() };
  return await store.call('createTimersOfShards', options, async (call) => {
    const values = await parseTimerBatches(batches, store.maxPayloadBytes, defaults);
    const filled = values.filter(({ timers }) => timers.length > 0);
    const outcomes = filled.length === 0 ? [] : await writeEach(store, call, filled);
    const errors = outcomes.map((outcome) => toResult(call, outcome));
    const errorOf = new Map(filled.map((batch, index) => [batch, errors[index]]));
    return values.map((batch) => errorOf.get(batch) ?? null);
  });
}

/** Writes the batches by halves if the server refuses a timer, so that the other batches land without it. */
async function writeEach(
  store: StoreContext,
  call: StoreCall,
  batches: readonly Batch[],
): Promise<unknown[]> {
  try {
    await store.citus.ask(call);
    return await writeBatches(call, batches);
  } catch (error) {
    if (call.client !== undefined || !isRefusal(error)) {
      return batches.map(() => error);
    }
    const half = batches.length >> 1;
    return [
      ...(await writeEach(store, call, batches.slice(0, half))),
      ...(await writeEach(store, call, batches.slice(half))),
    ];
  }
}

/** @throws an outcome that is no result: no error of a store, or one that has spoilt the caller's transaction. */
function toResult(call: StoreCall, outcome: unknown): TimerStoreError | null {
  const isOfShard = outcome instanceof ShardConditionFailedError || outcome instanceof ShardMovedError;
  if (outcome === null || isOfShard || (outcome instanceof TimerStoreError && call.client === undefined)) {
    return outcome;
  }
  throw outcome;
}

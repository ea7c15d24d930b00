import { Breather, LOOK_EVERY } from '../contract/breather';
import { newRevision } from '../contract/new-revision';
import type { TimerRange } from '../contract/types';
import type {
  CreateTimersNoLockParams,
  CreateTimersOfPartParams,
  CreateTimersOfShardsParams,
} from '../generated/insert.queries';
import type { UpdateTimerNoLockParams, UpdateTimersParams } from '../generated/update.queries';
import type { ChangeValues, TimerValues } from '../validation/timer';
import type { TimerBatchValues } from '../validation/timer-batches';
import { sortInSlices } from './sort-in-slices';

/**
 * Makes one array for each column, with an element for each timer, in the order in which the server is to lock them.
 */
export async function timerArrays(
  timers: readonly TimerValues[],
): Promise<Omit<CreateTimersNoLockParams, 'shardId'>> {
  return await columnArrays(await inLockOrder(timers));
}

/** The timers of one shard in the order in which the server is to lock them. */
export async function inLockOrder(timers: readonly TimerValues[]): Promise<readonly TimerValues[]> {
  return await sortInSlices(timers, compareIds);
}

/** Makes arrays of timers of many shards. The timers stand in the order of the shards. */
export async function batchArrays(batches: readonly TimerBatchValues[]): Promise<CreateTimersOfShardsParams> {
  const shards = [...batches.entries()].sort(([, a], [, b]) => compareShards(a, b));
  const timers = await sortInSlices(
    shards.flatMap(([place, { shardId, timers }]) => timers.map((timer) => ({ place, shardId, timer }))),
    (a, b) => a.shardId - b.shardId || compareIds(a.timer, b.timer),
  );
  return {
    places: shards.map(([place]) => place),
    shardIds: shards.map(([, { shardId }]) => shardId),
    // The generated types know of no array that has NULL in it.
    shardVersions: shards.map(([, { shardVersion = null }]) => shardVersion as number),
    timerPlaces: timers.map(({ place }) => place),
    timerShardIds: timers.map(({ shardId }) => shardId),
    ...(await columnArrays(timers.map(({ timer }) => timer))),
  };
}

/** The same, of shards that all have a fence. */
export async function partArrays(
  batches: readonly (TimerBatchValues & { readonly shardVersion: number })[],
): Promise<CreateTimersOfPartParams> {
  const timers = await sortInSlices(
    batches.flatMap(({ shardId, shardVersion, timers }) =>
      timers.map((timer) => ({ shardId, shardVersion, timer })),
    ),
    (a, b) => a.shardId - b.shardId || compareIds(a.timer, b.timer),
  );
  return {
    shardIds: batches.map(({ shardId }) => shardId).sort((a, b) => a - b),
    timerShardIds: timers.map(({ shardId }) => shardId),
    timerShardVersions: timers.map(({ shardVersion }) => shardVersion),
    ...(await columnArrays(timers.map(({ timer }) => timer))),
  };
}

function compareShards(a: TimerBatchValues, b: TimerBatchValues): number {
  return a.shardId - b.shardId || (a.shardVersion ?? 0) - (b.shardVersion ?? 0);
}

/** Makes the arrays of all columns side by side, so that very many timers do not hold up the event loop. */
async function columnArrays(
  sorted: readonly TimerValues[],
): Promise<Omit<CreateTimersNoLockParams, 'shardId'>> {
  const breather = new Breather();
  const arrays = {
    executeAts: [] as Date[],
    uuids: [] as string[],
    ids: [] as string[],
    namespaces: [] as string[],
    // The generated types know of no array that has NULL in it.
    callbackUrls: [] as string[],
    payloads: [] as (string | null)[],
    retryPolicies: [] as (string | null)[],
    callbackTimeoutSeconds: [] as number[],
    createdAts: [] as Date[],
    attempts: [] as number[],
    traceparents: [] as string[],
    revision: newRevision(),
  };
  for (let place = 0; place < sorted.length; place++) {
    const timer = sorted[place] as TimerValues;
    arrays.executeAts.push(timer.executeAt);
    arrays.uuids.push(timer.uuid);
    arrays.ids.push(timer.id);
    arrays.namespaces.push(timer.namespace);
    arrays.callbackUrls.push(timer.callbackUrl as string);
    arrays.payloads.push(timer.payload);
    arrays.retryPolicies.push(timer.retryPolicy);
    arrays.callbackTimeoutSeconds.push(timer.callbackTimeoutSeconds);
    arrays.createdAts.push(timer.createdAt);
    arrays.attempts.push(timer.attempts);
    arrays.traceparents.push(timer.traceparent as string);
    if (place % LOOK_EVERY === 0 && breather.isDue) {
      await breather.breathe();
    }
  }
  return arrays;
}

/** Orders timers for their locks. Any order will do, as long as every process has the same. */
function compareIds(a: TimerValues, b: TimerValues): number {
  if (a.namespace !== b.namespace) {
    return a.namespace < b.namespace ? -1 : 1;
  }
  return a.id < b.id ? -1 : 1;
}

type TimerKeyParams = 'shardId' | 'namespace' | 'timerId';

export function changeParams(changes: ChangeValues): Omit<UpdateTimerNoLockParams, TimerKeyParams> {
  return {
    executeAt: changes.executeAt?.toISOString(),
    setCallbackUrl: changes.callbackUrl !== undefined,
    callbackUrl: changes.callbackUrl ?? null,
    setPayload: changes.payload !== undefined,
    payload: changes.payload ?? null,
    setRetryPolicy: changes.retryPolicy !== undefined,
    retryPolicy: changes.retryPolicy ?? null,
    callbackTimeoutSeconds: changes.callbackTimeoutSeconds,
    attempts: changes.attempts,
    revision: newRevision(),
  };
}

/** Makes one array for each column, with an element for each change, in the order of the changes. */
export function changeArrays(
  changes: readonly ChangeValues[],
): Omit<UpdateTimersParams, 'shardId' | 'shardVersion' | 'places' | 'namespaces' | 'ids'> {
  return {
    // The generated types know of no array that has NULL in it.
    executeAts: changes.map(({ executeAt }) => (executeAt ?? null) as Date),
    setCallbackUrls: changes.map(({ callbackUrl }) => callbackUrl !== undefined),
    callbackUrls: changes.map(({ callbackUrl }) => (callbackUrl ?? null) as string),
    setPayloads: changes.map(({ payload }) => payload !== undefined),
    payloads: changes.map(({ payload }) => payload ?? null),
    setRetryPolicies: changes.map(({ retryPolicy }) => retryPolicy !== undefined),
    retryPolicies: changes.map(({ retryPolicy }) => retryPolicy ?? null),
    callbackTimeoutSeconds: changes.map((change) => (change.callbackTimeoutSeconds ?? null) as number),
    attempts: changes.map(({ attempts }) => (attempts ?? null) as number),
    revision: newRevision(),
  };
}

export function rangeParams({ after, upTo }: TimerRange) {
  return {
    afterExecuteAt: after.executeAt.toISOString(),
    afterUuid: after.uuid,
    upToExecuteAt: upTo.executeAt.toISOString(),
    upToUuid: upTo.uuid,
  };
}

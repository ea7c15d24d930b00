import { ShardConditionFailedError, TimerNotFoundError } from '../contract/errors';
import { byShard, ownersOf } from './owners';
import type { FencedTarget, Outcome, QueuedWrite, WriteValues } from './queued-write';

/** Makes what the calls of one fenced statement send: one array for each column, in the order of the shards. */
export function askedTimers<TValues extends WriteValues>(
  writes: readonly QueuedWrite<FencedTarget, TValues>[],
) {
  const keys = writes.map(({ target: { shardId, shardVersion }, values }) => ({
    shardId,
    shardVersion,
    namespace: values.namespace,
    id: values.id,
    values,
  }));
  const places = byShard(keys);
  const sorted = places.map((place) => keys[place] as (typeof keys)[number]);
  const owners = ownersOf(sorted);
  return {
    values: sorted.map(({ values }) => values),
    params: {
      owners: Array.from(owners.shardIds.keys()),
      shardIds: owners.shardIds,
      shardVersions: owners.shardVersions,
      timerOwners: owners.ofTimers,
      timerShardIds: sorted.map(({ shardId }) => shardId),
      places,
      namespaces: sorted.map(({ namespace }) => namespace),
      ids: sorted.map(({ id }) => id),
    },
  };
}

/** What a statement says of the timers that it has not written. */
export interface Unwritten {
  /** Places of the owners that have lost their shards. Undefined: there is one owner, which has not. */
  readonly lostOwners?: readonly number[];
  /** Places of the calls whose timers are there, and were left alone. */
  readonly missedPlaces: readonly number[];
}

/**
 * @returns what came of each call, in their order; of those whose timers were written, what `written` has for their
 * places.
 */
export function outcomesOf<TResult>(
  writes: readonly QueuedWrite<FencedTarget>[],
  owners: { readonly shardIds: readonly number[]; readonly shardVersions: readonly number[] },
  written: ReadonlyMap<number, Outcome<TResult>>,
  { lostOwners = [], missedPlaces }: Unwritten,
): Outcome<TResult>[] {
  const lost = new Set(lostOwners.map((owner) => `${owners.shardIds[owner]} ${owners.shardVersions[owner]}`));
  const missed = new Set(missedPlaces);
  return writes.map(({ target: { shardId, shardVersion }, values: { namespace, id } }, place) => {
    const outcome = written.get(place) ?? (missed.has(place) ? 'missed' : undefined);
    if (outcome !== undefined) {
      return outcome;
    }
    return lost.has(`${shardId} ${shardVersion}`)
      ? { error: new ShardConditionFailedError(shardId, shardVersion) }
      : { error: new TimerNotFoundError(shardId, namespace, id) };
  });
}

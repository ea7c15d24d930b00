import { Client } from 'pg';
import {
  cursorAtEndOf,
  iterateTimers,
  type NewTimer,
  type ShardClaim,
  shardIdFor,
  type TimerStore,
  ZERO_CURSOR,
} from 'pg-timer-store';

/** The same for every run, so that one goes on with what an earlier one left. */
export const ADDRESS = 'fire-timers';

const END_OF_TIME = cursorAtEndOf(new Date('9999-12-31T23:59:59.999Z'));

/** The shards, or some of them, are somebody else's. Nothing was changed. */
export class ShardsTakenError extends Error {}

/**
 * Stores the timers in the shards from 0 on, unless an earlier run has left some there. All of that is one transaction, in
 * which the shards are claimed: a run that is refused or killed has changed nothing.
 *
 * @returns whether the timers were stored.
 * @throws ShardsTakenError a shard belongs to another owner, or has timers although nobody has claimed it, or the data
 *   was made with another number of shards.
 */
export async function storeTimers(
  store: TimerStore,
  databaseUrl: string,
  shardCount: number,
  timers: readonly NewTimer[],
): Promise<boolean> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    const used = await usedShards(store, shardCount, client);
    for (let shardId = 0; shardId < shardCount; shardId++) {
      refuseOthers(await store.claimShardOwnership(shardId, ADDRESS, { client }), used, shardCount);
    }
    for (let shardId = 0; used.length === 0 && shardId < shardCount; shardId++) {
      const ofShard = timers.filter((timer) => shardIdFor(timer.id, shardCount) === shardId);
      await store.createTimersNoLock(shardId, ofShard, { client });
    }
    await client.query('COMMIT');
    return used.length === 0;
  } finally {
    // Without a COMMIT before, the server rolls back.
    await client.end();
  }
}

/** The shards that have timers, dead ones aside. */
export async function usedShards(store: TimerStore, shardCount: number, client?: Client): Promise<number[]> {
  const places = Array.from({ length: shardCount }, (_, shardId) => ({ shardId, after: ZERO_CURSOR }));
  const { shards } = await store.readDueTimers(places, 0, 1, { client });
  return shards
    .filter(({ last, nextExecuteAt }) => last !== null || nextExecuteAt !== null)
    .map(({ shardId }) => shardId);
}

export async function countTimers(store: TimerStore, shardCount: number): Promise<number> {
  let count = 0;
  for (let shardId = 0; shardId < shardCount; shardId++) {
    for await (const _ of iterateTimers(store, shardId, { after: ZERO_CURSOR, upTo: END_OF_TIME })) {
      count++;
    }
  }
  return count;
}

function refuseOthers({ previous, current }: ShardClaim, used: readonly number[], shardCount: number): void {
  const { shardId, metadata } = current;
  if (previous !== null && previous.ownerAddr !== ADDRESS) {
    throw new ShardsTakenError(`shard ${shardId} belongs to ${previous.ownerAddr}`);
  }
  if (previous === null && used.includes(shardId)) {
    throw new ShardsTakenError(`shard ${shardId} has timers already, and nobody has claimed it`);
  }
  if (metadata.shardCount !== undefined && metadata.shardCount !== shardCount) {
    throw new ShardsTakenError(`the timers were stored with --shards ${metadata.shardCount}`);
  }
}

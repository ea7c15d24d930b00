import { Client } from 'pg';
import {
  cursorAtEndOf,
  type NewTimer,
  type ShardClaim,
  type ShardInfo,
  shardIdFor,
  type TimerStore,
  ZERO_CURSOR,
} from 'pg-timer-store';

/** The same for every run, so that one goes on with what an earlier one left. */
const OWNER = 'fire-timers';
const END_OF_TIME = cursorAtEndOf(new Date('9999-12-31T23:59:59.999Z'));
const PAGE_SIZE = 1000;

/** The shards, or some of them, are somebody else's. Nothing was changed. */
export class ShardsTakenError extends Error {}

export interface TakenShards {
  readonly shards: readonly ShardInfo[];
  /** How many timers of an earlier run there are to fire. If there are any, none was stored. */
  readonly left: number;
}

/**
 * Claims the shards from 0 on, and stores the timers there unless an earlier run has left some: all of that in one
 * transaction, so that a run that is refused or killed has changed nothing.
 *
 * @throws ShardsTakenError if one of them belongs to another owner, or has timers although nobody has claimed it.
 */
export async function takeShards(
  store: TimerStore,
  databaseUrl: string,
  shardCount: number,
  timers: readonly NewTimer[],
): Promise<TakenShards> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    const shards: ShardInfo[] = [];
    let left = 0;
    for (let shardId = 0; shardId < shardCount; shardId++) {
      const claim = await store.claimShardOwnership(shardId, OWNER, { client });
      const ofShard = await countTimers(store, claim.current, client);
      refuseOthers(claim, ofShard);
      shards.push(claim.current);
      left += ofShard;
    }
    if (left === 0) {
      await storeTimers(store, shards, timers, client);
    }
    await client.query('COMMIT');
    return { shards, left };
  } finally {
    // Without a COMMIT before, the server rolls back.
    await client.end();
  }
}

function refuseOthers({ previous, current: { shardId } }: ShardClaim, timers: number): void {
  if (previous !== null && previous.ownerAddr !== OWNER) {
    throw new ShardsTakenError(`shard ${shardId} belongs to ${previous.ownerAddr}`);
  }
  if (previous === null && timers > 0) {
    throw new ShardsTakenError(`shard ${shardId} has timers already, and nobody has claimed it`);
  }
}

async function storeTimers(
  store: TimerStore,
  shards: readonly ShardInfo[],
  timers: readonly NewTimer[],
  client: Client,
): Promise<void> {
  for (const { shardId, shardVersion } of shards) {
    const ofShard = timers.filter((timer) => shardIdFor(timer.id, shards.length) === shardId);
    await store.createTimers(shardId, shardVersion, ofShard, { client });
    // An earlier run has left its offset; a timer that is due before it would never be read.
    await store.updateShardMetadata(shardId, shardVersion, {}, { client });
  }
}

async function countTimers(store: TimerStore, shard: ShardInfo, client: Client): Promise<number> {
  let count = 0;
  let after = shard.metadata.committedOffset ?? ZERO_CURSOR;
  for (;;) {
    const range = { after, upTo: END_OF_TIME };
    const page = await store.rangeGetTimers(shard.shardId, range, PAGE_SIZE, { client });
    const last = page.at(-1);
    if (last === undefined) {
      return count;
    }
    count += page.length;
    after = { executeAt: last.executeAt, uuid: last.uuid };
  }
}

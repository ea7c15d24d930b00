import {
  cursorAtEndOf,
  type MoveOptions,
  type MovePhase,
  moveShard,
  type TimerRange,
  ZERO_CURSOR,
} from '../../src';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';

export const DUE = new Date('2030-01-01T00:00:00.000Z');
export const OFFSET: TimerRange['upTo'] = {
  executeAt: new Date('2026-01-01T00:00:00.000Z'),
  uuid: cursorAtEndOf(DUE).uuid,
};
export const DUE_RANGE: TimerRange = { after: ZERO_CURSOR, upTo: cursorAtEndOf(DUE) };

/** Two databases between which shards are moved. To the library they are two servers. */
export interface MovingServers {
  readonly a: StoreFixture;
  readonly b: StoreFixture;
  /** A shard on `a` that no other test uses, claimed once, with a committed offset. */
  claimedShard(): Promise<{ shardId: number; shardVersion: number }>;
  close(): Promise<void>;
}

export async function openMovingServers(): Promise<MovingServers> {
  const [a, b] = await Promise.all([openStoreFixture(), openStoreFixture()]);
  return {
    a,
    b,
    async claimedShard() {
      const shard = await a.claimedShard();
      await a.store.updateShardMetadata(shard.shardId, shard.shardVersion, { committedOffset: OFFSET });
      return shard;
    },
    async close() {
      await Promise.all([a.close(), b.close()]);
    },
  };
}

/** Every timer of a shard with every column, past the store, as text: equal for the same rows on any server. */
export async function rawTimers({ direct }: StoreFixture, shardId: number): Promise<string[]> {
  const { rows } = await direct.query(
    `SELECT to_jsonb(timers)::text || (timer_payload IS NULL) AS text FROM timers
     WHERE shard_id = $1 AND row_type = 2 ORDER BY timer_execute_at, timer_uuid`,
    [shardId],
  );
  return rows.map(({ text }) => text);
}

/** The row of a shard, past the store. */
export async function rawShard({ direct }: StoreFixture, shardId: number) {
  const { rows } = await direct.query(
    `SELECT shard_version AS version, shard_owner_addr AS "ownerAddr", shard_metadata AS metadata
     FROM timers WHERE shard_id = $1 AND row_type = 1`,
    [shardId],
  );
  return rows[0];
}

export class Stopped extends Error {}

/** Moves a shard, but stops when the progress is reported for the given time, counted from 1. */
export async function moveUntil(
  shardId: number,
  from: StoreFixture,
  to: StoreFixture,
  reports: number,
): Promise<'stopped' | 'done'> {
  let seen = 0;
  const onProgress: MoveOptions['onProgress'] = () => {
    if (++seen === reports) {
      throw new Stopped();
    }
  };
  try {
    await moveShard(shardId, from.store, to.store, { onProgress });
    return 'done';
  } catch (error) {
    if (!(error instanceof Stopped)) {
      throw error;
    }
    return 'stopped';
  }
}

/** Moves a shard, but stops as soon as a phase begins. */
export async function moveUpTo(
  shardId: number,
  from: StoreFixture,
  to: StoreFixture,
  phase: MovePhase,
): Promise<void> {
  const onProgress: MoveOptions['onProgress'] = (progress) => {
    if (progress.phase === phase) {
      throw new Stopped();
    }
  };
  await expect(moveShard(shardId, from.store, to.store, { onProgress })).rejects.toBeInstanceOf(Stopped);
}

import { type NewTimer, shardIdFor } from '../../src';
import { newTimer } from '../support/new-timer';
import type { StoreFixture } from '../support/store-fixture';

export const SHARD_COUNT = 4;

/** As after an engine with so many shards. */
export async function claimShards({ store }: StoreFixture): Promise<void> {
  for (let shardId = 0; shardId < SHARD_COUNT; shardId++) {
    await store.claimShardOwnership(shardId, 'host-1:7000');
  }
  await store.updateShardMetadata(0, 1, { shardCount: SHARD_COUNT });
}

export async function create({ store }: StoreFixture, ...timers: Partial<NewTimer>[]): Promise<void> {
  for (const fields of timers) {
    const timer = newTimer(fields);
    await store.createTimerNoLock(shardIdFor(timer.id, SHARD_COUNT), timer);
  }
}

/** As an engine gives a timer up. */
export async function createDead(
  fixture: StoreFixture,
  id: string,
  lastError: string,
  namespace = 'reminders',
) {
  await create(fixture, { id, namespace, executeAt: new Date(Date.now() - 60_000) });
  const shardId = shardIdFor(id, SHARD_COUNT);
  const timer = await fixture.store.getTimer(shardId, namespace, id);
  if (timer === null) throw new Error('it was just created');
  const dead = { outcome: 'dead', firstAttemptAt: null, attempts: 3, lastError } as const;
  await fixture.store.settleTimers([{ shardId, shardVersion: 1, timer, ...dead }]);
}

/** Ids of all timers, or of all dead ones. */
export async function idsOf({ direct }: StoreFixture, rowType: 2 | 3): Promise<string[]> {
  const { rows } = await direct.query('SELECT timer_id AS id FROM timers WHERE row_type = $1 ORDER BY 1', [
    rowType,
  ]);
  return rows.map(({ id }) => id);
}

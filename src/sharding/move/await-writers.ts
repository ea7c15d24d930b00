import { setTimeout as pause } from 'node:timers/promises';
import { StoreUnavailableError } from '../../contract/errors';
import { DEFAULT_TIMEOUT_MS } from '../../driver/deadline';
import { readWriters } from '../../generated/writers.queries';
import type { MoveServer } from './move-server';

const PAUSE_MS = 10;

/**
 * Resolves once every write that may not have seen a seal, which is committed by now, has ended.
 *
 * A statement locks its table before it takes its snapshot, and keeps the lock until its transaction ends. So a write
 * that did not see the seal is among those that hold a lock now, and one that gets its lock later sees the seal. This is
 * how CREATE INDEX CONCURRENTLY waits. To lock the table itself would stop the writes of all shards meanwhile, and wait
 * for autovacuum.
 *
 * In a transaction at REPEATABLE READ, a snapshot may be older than the lock.
 *
 * @throws StoreUnavailableError one of them goes on for longer than a call may take.
 */
export async function awaitWriters(server: MoveServer): Promise<void> {
  const giveUpAt = performance.now() + DEFAULT_TIMEOUT_MS;
  const before = new Set((await server.read(readWriters, undefined)).map(({ transaction }) => transaction));
  for (;;) {
    const writers = await server.read(readWriters, undefined);
    const left = writers.filter(({ transaction }) => before.has(transaction));
    if (left.length === 0) {
      return;
    }
    if (performance.now() > giveUpAt) {
      const pids = left.map(({ pid }) => pid ?? 'a prepared transaction').join(', ');
      throw new StoreUnavailableError(
        `moveShard sealed shard ${server.shardId}, but writes from before are still under way, in server processes ` +
          `${pids}. Call it again`,
      );
    }
    await pause(PAUSE_MS);
  }
}

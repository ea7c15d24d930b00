import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { PostgresTimerStore, ZERO_CURSOR } from 'pg-timer-store';
import { COMMITTED_OFFSET, PAGE, SHARD } from '../lib/backlog';
import type { BenchDatabases } from '../lib/bench-databases';
import { eachBenchTimer } from '../lib/bench-timers';
import { median, quantile } from '../lib/compare';
import { timed } from '../lib/timed';
import type { Advance } from '../lib/with-progress';
import { copyTimers } from '../lib/yardsticks';
import { END_OF_TIME } from './churn-shard';

const LIMITS = [100, 1000, 10_000];
/** Behind the committed offset, to be deleted. */
const DONE = 100_000;
const PENDING = 50_000;
const BASELINE_MS = 4000;

/** Milliseconds. */
interface Latency {
  readonly median: number;
  readonly p99: number;
}

export interface DeletePace {
  /** Of rangeDeleteWithLimit; null: nothing is deleted meanwhile. */
  readonly limit: number | null;
  readonly deletedPerSecond: number;
  readonly deletes: Latency | null;
  /** Of the first thousand pending timers. */
  readonly reads: Latency;
  /** Writes of the committed offset, which wait for the delete that is under way, as a claim does. */
  readonly offsetWrites: Latency;
}

export const DELETE_PACE_STEPS = 1 + LIMITS.length;

/** What other callers of a shard notice while a large range is deleted, so many timers at a time. */
export async function measureDeletePace(databases: BenchDatabases, advance: Advance): Promise<DeletePace[]> {
  const url = await databases.create();
  const client = new Client({ connectionString: url });
  // Its database is dropped under it when the run is interrupted. What it was doing fails by itself.
  client.on('error', () => {});
  await client.connect();
  const store = await PostgresTimerStore.connect(url);
  const { shardVersion } = (await store.claimShardOwnership(SHARD, 'bench')).current;
  await copyTimers(
    client,
    SHARD,
    eachBenchTimer(0, PENDING, () => {}),
  );
  const paces: DeletePace[] = [];
  for (const limit of [null, ...LIMITS]) {
    const doing = limit === null ? 'reads alone' : `deletes of ${limit}`;
    advance(0, doing);
    await copyTimers(
      client,
      SHARD,
      eachBenchTimer(-DONE, 0, () => {}),
    );
    await client.query('VACUUM (ANALYZE) timers');
    paces.push(await measurePace(store, shardVersion, limit));
    await client.query('DELETE FROM timers WHERE shard_id = $1 AND row_type = 2 AND timer_execute_at <= $2', [
      SHARD,
      COMMITTED_OFFSET.executeAt.toISOString(),
    ]);
    advance(1, doing);
  }
  await store.close();
  await client.end();
  return paces;
}

async function measurePace(
  store: PostgresTimerStore,
  shardVersion: number,
  limit: number | null,
): Promise<DeletePace> {
  const times = { deletes: [] as number[], reads: [] as number[], offsetWrites: [] as number[] };
  const startMs = Date.now();
  let deletedCount = 0;
  let ended = false;
  const repeat = async (into: number[], call: () => Promise<unknown>) => {
    while (!ended) {
      await timed(into, call);
    }
  };
  const deleteAll = async (batch: number) => {
    const done = { after: ZERO_CURSOR, upTo: COMMITTED_OFFSET };
    while (deletedCount < DONE) {
      const result = await timed(times.deletes, () =>
        store.rangeDeleteWithLimit(SHARD, shardVersion, done, batch),
      );
      if (result.deletedCount === 0) {
        throw new Error(`${DONE - deletedCount} timers are not there to be deleted`);
      }
      deletedCount += result.deletedCount;
    }
  };
  const pending = { after: COMMITTED_OFFSET, upTo: END_OF_TIME };
  const offset = { committedOffset: COMMITTED_OFFSET };
  await Promise.all([
    (limit === null ? sleep(BASELINE_MS) : deleteAll(limit)).finally(() => {
      ended = true;
    }),
    repeat(times.reads, () => store.rangeGetTimers(SHARD, pending, PAGE)),
    repeat(times.offsetWrites, () => store.updateShardMetadata(SHARD, shardVersion, offset)),
  ]);
  return {
    limit,
    deletedPerSecond: deletedCount / ((Date.now() - startMs) / 1000),
    deletes: limit === null ? null : latency(times.deletes),
    reads: latency(times.reads),
    offsetWrites: latency(times.offsetWrites),
  };
}

function latency(times: readonly number[]): Latency {
  return { median: median(times), p99: quantile(times, 0.99) };
}

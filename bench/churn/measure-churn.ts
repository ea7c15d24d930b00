import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresTimerStore, type TimerCursor } from 'pg-timer-store';
import { PAGE } from '../lib/backlog';
import type { BenchDatabases } from '../lib/bench-databases';
import { median } from '../lib/compare';
import { timed } from '../lib/timed';
import type { Advance } from '../lib/with-progress';
import { ChurnDatabase, type ChurnSpace, type ChurnState } from './churn-database';
import { ChurnShard, type ChurnTimes, END_OF_TIME, type IdOrder } from './churn-shard';

const SHARDS = 4;

/**
 * A backlog goes and is replaced no faster than this, or autovacuum, which looks once a second at most, would come too
 * seldom. On a server that has the default of a minute, it would be 50 minutes.
 */
const TURNOVER_MS = 50_000;

const SAMPLE_MS = 2000;
const READS = 200;

export interface ChurnLoad {
  /** That go, in all. */
  readonly timers: number;
  /** That are pending, at any time. */
  readonly backlog: number;
  readonly ids: IdOrder;
  /** After so long, the load ends whether or not all timers have gone. */
  readonly limitMs: number;
}

export interface ChurnSample extends ChurnState {
  readonly elapsedMs: number;
  /** That have gone so far. */
  readonly timers: number;
  /** Medians since the sample before; null: there was none. */
  readonly readMs: number | null;
  readonly deleteMs: number | null;
  /** Pages that the server visited for the first thousand timers of a shard. */
  readonly readBuffers: number;
}

export interface ChurnResult {
  readonly name: string;
  /** Of the table; '' for those that the server gives to any table. */
  readonly parameters: string;
  readonly samples: readonly ChurnSample[];
  readonly space: {
    /** When the load ended. */
    readonly churned: ChurnSpace;
    readonly fresh: ChurnSpace;
    /** The first one with its indexes built anew. */
    readonly reindexed: ChurnSpace;
  };
  /** Medians of reads in turns. */
  readonly readMs: { readonly churned: number; readonly fresh: number };
  readonly readBuffers: { readonly churned: number; readonly fresh: number };
}

/**
 * Churns a table of its own, and compares what it has become to a table into which the same timers were loaded.
 *
 * @param parameters of the table, as in ALTER TABLE … SET; undefined: as the migrations leave it
 */
export async function measureChurn(
  databases: BenchDatabases,
  name: string,
  parameters: string | undefined,
  load: ChurnLoad,
  advance: Advance,
): Promise<ChurnResult> {
  const database = await ChurnDatabase.connect(await databases.create());
  if (parameters !== undefined) {
    await database.replaceParameters(parameters);
  }
  const usedParameters = await database.readParameters();
  const store = await PostgresTimerStore.connect({
    connectionString: database.url,
    maxOpenConns: 3 * SHARDS,
  });
  const shards = await Promise.all(
    Array.from({ length: SHARDS }, (_, shardId) => ChurnShard.claim(shardId, store, load.ids)),
  );
  const samples = await churn(database, shards, load, (timers) => advance(timers, name));
  await database.freeze();
  const churned = await database.readState();

  advance(0, `${name}: loading the same timers anew`);
  const fresh = await ChurnDatabase.connect(await databases.create());
  await fresh.loadFrom(database);
  const freshStore = await PostgresTimerStore.connect(fresh.url);
  const [{ shardId, committedOffset }] = shards as [ChurnShard];
  const readBuffers = {
    churned: await database.countBuffers(shardId, committedOffset),
    fresh: await fresh.countBuffers(shardId, committedOffset),
  };
  const readMs = await compareReads({ churned: store, fresh: freshStore }, shardId, committedOffset);
  await database.reindex();
  const space = { churned, fresh: await fresh.readState(), reindexed: await database.readState() };
  await Promise.all([store.close(), freshStore.close(), database.close(), fresh.close()]);
  return { name, parameters: usedParameters, samples, space, readMs, readBuffers };
}

async function churn(
  database: ChurnDatabase,
  shards: readonly ChurnShard[],
  { timers, backlog, limitMs }: ChurnLoad,
  onTimers: (count: number) => void,
): Promise<ChurnSample[]> {
  const startMs = Date.now();
  const shardBacklog = backlog / shards.length;
  await Promise.all(shards.map((shard) => shard.fill(shardBacklog)));
  const filledMs = Date.now();
  const times: ChurnTimes = { reads: [], deletes: [] };
  const ending = Promise.all(
    shards.map(async (shard) => {
      while (shard.gone < timers / shards.length && Date.now() - startMs < limitMs) {
        const dueMs = filledMs + (shard.gone / shardBacklog) * TURNOVER_MS;
        await sleep(Math.max(0, dueMs - Date.now()));
        await shard.turnPage(shardBacklog, times);
      }
    }),
  );
  const samples: ChurnSample[] = [];
  for (let ended = false; !ended; ) {
    ended = await Promise.race([ending.then(() => true), sleep(SAMPLE_MS, false)]);
    const gone = shards.reduce((sum, shard) => sum + shard.gone, 0);
    const [{ shardId, committedOffset }] = shards as [ChurnShard];
    onTimers(gone - (samples.at(-1)?.timers ?? 0));
    samples.push({
      ...(await database.readState()),
      elapsedMs: Date.now() - filledMs,
      timers: gone,
      readMs: medianIfAny(times.reads.splice(0)),
      deleteMs: medianIfAny(times.deletes.splice(0)),
      readBuffers: await database.countBuffers(shardId, committedOffset),
    });
  }
  return samples;
}

function medianIfAny(values: readonly number[]): number | null {
  return values.length > 0 ? median(values) : null;
}

type Sides<T> = { readonly churned: T; readonly fresh: T };

async function compareReads(
  stores: Sides<PostgresTimerStore>,
  shardId: number,
  after: TimerCursor,
): Promise<Sides<number>> {
  const times = { churned: [] as number[], fresh: [] as number[] };
  for (let round = 0; round < READS; round++) {
    for (const side of round % 2 === 0 ? (['churned', 'fresh'] as const) : (['fresh', 'churned'] as const)) {
      await timed(times[side], () =>
        stores[side].rangeGetTimers(shardId, { after, upTo: END_OF_TIME }, PAGE),
      );
    }
  }
  return { churned: median(times.churned), fresh: median(times.fresh) };
}

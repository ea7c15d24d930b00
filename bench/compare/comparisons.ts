import { Pool } from 'pg';
import { cursorAtEndOf, type TimerRange } from 'pg-timer-store';
import { benchTimer, benchTimers, inParallel } from '../lib/bench-timers';
import type { Comparison } from '../lib/compare';
import { countMultixacts, type MultixactCount } from '../lib/multixacts';
import {
  bareDelete,
  bareUpsert,
  copyTimers,
  type RangeParams,
  selectOne,
  selectWithDefaultParsers,
  selectWithoutParsing,
} from '../lib/yardsticks';
import { loadComparison } from './load-comparison';
import { shardComparisons } from './shard-comparisons';
import { eachPage, openStoreWorkloads, PAGE, PAGES, SHARD, type Workload } from './store-workloads';
import { writeComparisons } from './write-comparisons';

export interface Comparisons {
  readonly all: readonly Comparison[];
  /** On their server. */
  count(): Promise<MultixactCount>;
  close(): Promise<void>;
}

/** Every comparison of `npm run bench`, on one database that they share. */
export async function openComparisons(url: string): Promise<Comparisons> {
  const { work, store, client, empty, close } = await openStoreWorkloads(url);
  const pool = new Pool({ connectionString: url, max: 64 });

  const upsert = async (on: Pool | typeof client, count: number, callers: number, isNamed: boolean) => {
    await inParallel(callers, count, (index) => bareUpsert(on, SHARD, benchTimer(index), isNamed));
    return count;
  };
  const copy = async (count: number) => {
    await copyTimers(client, SHARD, benchTimers(count));
    return count;
  };
  const writes = writeComparisons(url, store, client, empty);
  const all: Comparison[] = [
    {
      ...ours(work.createOne),
      yardstick: 'the bare upsert, named, 1 caller',
      goal: 0.9,
      theirs: () => upsert(client, 2000, 1, true),
    },
    {
      ...ours(work.createOne),
      yardstick: 'the bare upsert, unnamed, 1 caller',
      goal: 0.9,
      theirs: () => upsert(client, 2000, 1, false),
    },
    {
      ...ours(work.createOfMany),
      yardstick: 'the bare upsert, named, 64 connections',
      goal: 6,
      theirs: () => upsert(pool, 8000, 64, true),
    },
    {
      ...ours(work.createOfMany),
      yardstick: 'COPY of the same timers',
      goal: 0.6,
      theirs: () => copy(40_000),
    },
    {
      ...ours(work.createBatches),
      yardstick: 'COPY of the same timers',
      goal: 1,
      theirs: () => copy(60 * PAGE),
    },
    loadComparison(url, work.createBatches),
    {
      ...ours(work.readPages),
      yardstick: 'the select with the default parsers of node-postgres',
      goal: 1.4,
      theirs: () => eachPage((range) => selectWithDefaultParsers(client, rangeParams(range), PAGE)),
    },
    {
      ...ours(work.readPages),
      yardstick: 'the select without any parsing',
      goal: 0.8,
      theirs: () => eachPage((range) => selectWithoutParsing(client, rangeParams(range), PAGE)),
    },
    {
      ...ours(work.deletePages),
      yardstick: 'the bare delete by key range',
      goal: 0.9,
      theirs: async () => {
        await eachPage((range, page) => {
          const upTo = cursorAtEndOf(benchTimer(page * PAGE + PAGE - 1).executeAt);
          return bareDelete(client, rangeParams({ ...range, upTo }));
        });
        return PAGES * PAGE;
      },
    },
    {
      ...ours(work.getTimers),
      yardstick: 'SELECT 1',
      goal: 0.6,
      theirs: async () => {
        await inParallel(1, 5000, () => selectOne(client));
        return 5000;
      },
    },
    ...shardComparisons(store, empty),
    ...writes.all,
  ];
  return {
    all,
    count: () => countMultixacts(client),
    async close() {
      await close();
      await Promise.all([pool.end(), writes.close()]);
    },
  };
}

function ours({ name, unit, prepare, run }: Workload): Omit<Comparison, 'yardstick' | 'goal' | 'theirs'> {
  return { name, unit, prepare, ours: run };
}

function rangeParams({ after, upTo }: TimerRange): RangeParams {
  return [SHARD, after.executeAt.toISOString(), after.uuid, upTo.executeAt.toISOString(), upTo.uuid];
}

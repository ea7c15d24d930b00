import { Client, Pool } from 'pg';
import { cursorAtEndOf, PostgresTimerStore, type TimerRange, ZERO_CURSOR } from 'pg-timer-store';
import { benchTimer, benchTimers, inParallel } from './bench-timers';
import type { Comparison } from './compare';
import {
  bareDelete,
  bareUpsert,
  copyTimers,
  type RangeParams,
  selectOne,
  selectWithDefaultParsers,
  selectWithoutParsing,
} from './yardsticks';

const SHARD = 1;
const PAGE = 1000;
const PAGES = 50;
const END = new Date('9999-12-31T23:59:59.999Z');

export interface Comparisons {
  readonly all: readonly Comparison[];
  close(): Promise<void>;
}

/** Every comparison of `npm run bench`, on one database that they share. */
export async function openComparisons(url: string): Promise<Comparisons> {
  const store = await PostgresTimerStore.connect({
    connectionString: url,
    maxOpenConns: 10,
    maxIdleConns: 10,
  });
  const pool = new Pool({ connectionString: url, max: 64 });
  const client = new Client({ connectionString: url });
  await client.connect();
  let shardVersion = 0;

  const empty = async () => {
    await client.query('TRUNCATE timers');
    shardVersion = (await store.claimShardOwnership(SHARD, 'bench')).current.shardVersion;
  };
  const fill = async (count: number) => {
    await empty();
    await copyTimers(client, SHARD, benchTimers(count));
    // As autovacuum would have done by the time that anybody reads them.
    await client.query('VACUUM (ANALYZE) timers');
  };
  const create = async (count: number, callers: number) => {
    await inParallel(callers, count, (index) => store.createTimer(SHARD, shardVersion, benchTimer(index)));
    return count;
  };
  const copy = async (count: number) => {
    await copyTimers(client, SHARD, benchTimers(count));
    return count;
  };
  /** The cursors that part a full table into pages. */
  const pageRange = (page: number): TimerRange => ({
    after: page === 0 ? ZERO_CURSOR : cursorAtEndOf(benchTimer(page * PAGE - 1).executeAt),
    upTo: cursorAtEndOf(END),
  });
  const rangeParams = ({ after, upTo }: TimerRange): RangeParams => [
    SHARD,
    after.executeAt.toISOString(),
    after.uuid,
    upTo.executeAt.toISOString(),
    upTo.uuid,
  ];
  const eachPage = async (work: (range: TimerRange) => Promise<unknown>) => {
    for (let page = 0; page < PAGES; page++) {
      await work(pageRange(page));
    }
    return PAGES;
  };

  const readPages = () => eachPage((range) => store.rangeGetTimers(SHARD, range, PAGE));
  let filled = false;
  const fillOnce = async () => {
    if (!filled) {
      await fill(PAGE * PAGES);
      filled = true;
    }
  };
  const emptied = async () => {
    filled = false;
    await empty();
  };

  const all: Comparison[] = [
    {
      name: 'createTimer, 1 caller',
      yardstick: 'the bare upsert, named, 1 caller',
      goal: 0.9,
      unit: 'timers',
      prepare: emptied,
      ours: () => create(2000, 1),
      theirs: async () => {
        await inParallel(1, 2000, (index) => bareUpsert(client, SHARD, benchTimer(index), true));
        return 2000;
      },
    },
    {
      name: 'createTimer, 1 caller',
      yardstick: 'the bare upsert, unnamed, 1 caller',
      goal: 0.9,
      unit: 'timers',
      prepare: emptied,
      ours: () => create(2000, 1),
      theirs: async () => {
        await inParallel(1, 2000, (index) => bareUpsert(client, SHARD, benchTimer(index), false));
        return 2000;
      },
    },
    {
      name: 'createTimer, 64 callers, 1 shard',
      yardstick: 'the bare upsert, named, 64 connections',
      goal: 6,
      unit: 'timers',
      prepare: emptied,
      ours: () => create(40_000, 64),
      theirs: async () => {
        await inParallel(64, 8000, (index) => bareUpsert(pool, SHARD, benchTimer(index), true));
        return 8000;
      },
    },
    {
      name: 'createTimer, 64 callers, 1 shard',
      yardstick: 'COPY of the same timers',
      goal: 0.6,
      unit: 'timers',
      prepare: emptied,
      ours: () => create(40_000, 64),
      theirs: () => copy(40_000),
    },
    {
      name: 'createTimers of 1,000, 2 in flight',
      yardstick: 'COPY of the same timers',
      goal: 1,
      unit: 'timers',
      prepare: emptied,
      ours: async () => {
        await inParallel(2, 60, (batch) =>
          store.createTimers(
            SHARD,
            shardVersion,
            Array.from({ length: PAGE }, (_, index) => benchTimer(batch * PAGE + index)),
          ),
        );
        return 60 * PAGE;
      },
      theirs: () => copy(60 * PAGE),
    },
    {
      name: 'rangeGetTimers of 1,000',
      yardstick: 'the select with the default parsers of node-postgres',
      goal: 1.4,
      unit: 'pages',
      prepare: fillOnce,
      ours: readPages,
      theirs: () => eachPage((range) => selectWithDefaultParsers(client, rangeParams(range), PAGE)),
    },
    {
      name: 'rangeGetTimers of 1,000',
      yardstick: 'the select without any parsing',
      goal: 0.8,
      unit: 'pages',
      prepare: fillOnce,
      ours: readPages,
      theirs: () => eachPage((range) => selectWithoutParsing(client, rangeParams(range), PAGE)),
    },
    {
      name: 'rangeDeleteWithLimit of 1,000',
      yardstick: 'the bare delete by key range',
      goal: 0.9,
      unit: 'timers',
      prepare: async () => {
        filled = false;
        await fill(PAGE * PAGES);
      },
      ours: () =>
        eachPage((range) => store.rangeDeleteWithLimit(SHARD, shardVersion, range, PAGE)).then(
          (pages) => pages * PAGE,
        ),
      theirs: async () => {
        for (let page = 0; page < PAGES; page++) {
          const upTo = cursorAtEndOf(benchTimer(page * PAGE + PAGE - 1).executeAt);
          await bareDelete(client, rangeParams({ ...pageRange(page), upTo }));
        }
        return PAGES * PAGE;
      },
    },
    {
      name: 'getTimer, 1 caller',
      yardstick: 'SELECT 1',
      goal: 0.6,
      unit: 'calls',
      prepare: fillOnce,
      ours: async () => {
        await inParallel(1, 5000, (index) =>
          store.getTimer(SHARD, 'bench', `timer-${(index * 7919) % (PAGE * PAGES)}`),
        );
        return 5000;
      },
      theirs: async () => {
        await inParallel(1, 5000, () => selectOne(client));
        return 5000;
      },
    },
  ];
  return {
    all,
    async close() {
      await store.close();
      await pool.end();
      await client.end();
    },
  };
}

import { Client } from 'pg';
import { cursorAtEndOf, PostgresTimerStore, type TimerRange, ZERO_CURSOR } from 'pg-timer-store';
import { benchTimer, benchTimers, inParallel } from '../lib/bench-timers';
import type { Side } from '../lib/compare';
import { copyTimers } from '../lib/yardsticks';

export const SHARD = 1;
export const PAGE = 1000;
export const PAGES = 50;

const END = new Date('9999-12-31T23:59:59.999Z');

/** What `npm run bench` has the store do. */
export interface Workload {
  readonly name: string;
  /** What is counted, such as `timers`. */
  readonly unit: string;
  /** Brings the table to where the work starts. */
  readonly prepare: () => Promise<void>;
  readonly run: Side;
}

export type WorkloadName =
  | 'createOne'
  | 'createOfMany'
  | 'createBatches'
  | 'readPages'
  | 'deletePages'
  | 'getTimers';

export interface StoreWorkloads {
  readonly work: Readonly<Record<WorkloadName, Workload>>;
  /** To the same database, past the store. */
  readonly client: Client;
  readonly store: PostgresTimerStore;
  /** Leaves the table with the claimed shard alone. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

/** Every workload, on one database that they share. */
export async function openStoreWorkloads(url: string): Promise<StoreWorkloads> {
  const store = await PostgresTimerStore.connect({
    connectionString: url,
    maxOpenConns: 10,
    maxIdleConns: 10,
  });
  const client = new Client({ connectionString: url });
  await client.connect();
  let shardVersion = 0;
  let isFull = false;

  const empty = async () => {
    isFull = false;
    await client.query('TRUNCATE timers');
    shardVersion = (await store.claimShardOwnership(SHARD, 'bench')).current.shardVersion;
  };
  const fill = async () => {
    await empty();
    await copyTimers(client, SHARD, benchTimers(PAGE * PAGES));
    // As autovacuum would have done by the time that anybody reads them.
    await client.query('VACUUM (ANALYZE) timers');
  };
  const fillOnce = async () => {
    if (!isFull) {
      await fill();
      isFull = true;
    }
  };
  const create = async (count: number, callers: number) => {
    await inParallel(callers, count, (index) => store.createTimer(SHARD, shardVersion, benchTimer(index)));
    return count;
  };
  const work: StoreWorkloads['work'] = {
    createOne: {
      name: 'createTimer, 1 caller',
      unit: 'timers',
      prepare: empty,
      run: () => create(2000, 1),
    },
    createOfMany: {
      name: 'createTimer, 64 callers, 1 shard',
      unit: 'timers',
      prepare: empty,
      run: () => create(40_000, 64),
    },
    createBatches: {
      name: 'createTimers of 1,000, 2 in flight',
      unit: 'timers',
      prepare: empty,
      run: async () => {
        await inParallel(2, 60, (batch) =>
          store.createTimers(
            SHARD,
            shardVersion,
            Array.from({ length: PAGE }, (_, index) => benchTimer(batch * PAGE + index)),
          ),
        );
        return 60 * PAGE;
      },
    },
    readPages: {
      name: 'rangeGetTimers of 1,000',
      unit: 'pages',
      prepare: fillOnce,
      run: () => eachPage((range) => store.rangeGetTimers(SHARD, range, PAGE)),
    },
    deletePages: {
      name: 'rangeDeleteWithLimit of 1,000',
      unit: 'timers',
      prepare: fill,
      run: async () => {
        await eachPage((range) => store.rangeDeleteWithLimit(SHARD, shardVersion, range, PAGE));
        return PAGES * PAGE;
      },
    },
    getTimers: {
      name: 'getTimer, 1 caller',
      unit: 'calls',
      prepare: fillOnce,
      run: async () => {
        await inParallel(1, 5000, (index) =>
          store.getTimer(SHARD, 'bench', `timer-${(index * 7919) % (PAGE * PAGES)}`),
        );
        return 5000;
      },
    },
  };
  return {
    work,
    client,
    store,
    empty,
    async close() {
      await store.close();
      await client.end();
    },
  };
}

/** Works on a full table page by page. Returns the number of pages. */
export async function eachPage(work: (range: TimerRange, page: number) => Promise<unknown>): Promise<number> {
  for (let page = 0; page < PAGES; page++) {
    const after = page === 0 ? ZERO_CURSOR : cursorAtEndOf(benchTimer(page * PAGE - 1).executeAt);
    await work({ after, upTo: cursorAtEndOf(END) }, page);
  }
  return PAGES;
}

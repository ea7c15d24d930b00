import { createRequire } from 'node:module';
import path from 'node:path';
import { Pool } from 'pg';
import { cursorAtEndOf, PostgresTimerStore, ZERO_CURSOR } from 'pg-timer-store';
import { openBenchServer } from '../lib/bench-server';
import { benchTimer, benchTimers, inParallel } from '../lib/bench-timers';
import { type Comparison, compare } from '../lib/compare';
import { printComparisons } from '../lib/print-comparisons';

const ROUNDS = 5;
const SHARD = 1;
const PAGE = 1000;
const PAGES = 10;
const END = cursorAtEndOf(new Date('9999-12-31T23:59:59.999Z'));
const QUEUE = 'bench';

/** What is used of the peers, which are not installed with this project: see bench/peers/package.json. */
interface Boss {
  start(): Promise<unknown>;
  stop(options: { graceful: boolean }): Promise<void>;
  createQueue(name: string): Promise<void>;
  send(name: string, data: object, options: { startAfter: Date }): Promise<unknown>;
  insert(jobs: readonly { name: string; data: object; startAfter?: Date }[]): Promise<void>;
  fetch(name: string, options: { batchSize: number }): Promise<{ id: string }[]>;
  complete(name: string, ids: string[]): Promise<void>;
  on(event: 'error', listener: () => void): void;
}
interface GraphileWorker {
  makeWorkerUtils(options: object): Promise<{
    migrate(): Promise<void>;
    addJob(task: string, payload: object, options: { runAt: Date }): Promise<unknown>;
    release(): Promise<void>;
  }>;
  runOnce(options: object): Promise<void>;
  Logger: new (factory: () => () => void) => unknown;
}

async function main(): Promise<void> {
  const peers = createRequire(path.join(__dirname, 'package.json'));
  const PgBoss = peers('pg-boss') as new (options: object) => Boss;
  const graphile = peers('graphile-worker') as GraphileWorker;
  const server = await openBenchServer();
  const { url } = server;
  const pool = new Pool({ connectionString: url, max: 20 });
  const store = await PostgresTimerStore.connect({
    connectionString: url,
    maxOpenConns: 10,
    maxIdleConns: 10,
  });
  // Its own housekeeping is off while it is measured.
  const boss = new PgBoss({ connectionString: url, max: 10, supervise: false, schedule: false });
  boss.on('error', () => {});
  await boss.start();
  await boss.createQueue(QUEUE);
  const logger = new graphile.Logger(() => () => {});
  const utils = await graphile.makeWorkerUtils({ pgPool: pool, logger });
  await utils.migrate();

  let shardVersion = 0;
  const empty = async () => {
    await pool.query('TRUNCATE timers');
    await pool.query('TRUNCATE pgboss.job');
    await pool.query('DELETE FROM graphile_worker._private_jobs');
    ({ shardVersion } = (await store.claimShardOwnership(SHARD, 'bench')).current);
  };
  const later = new Date(Date.now() + 3_600_000);
  const data = (index: number) => benchTimer(index).payload as object;
  const createOneByOne = async (count: number) => {
    await inParallel(64, count, (index) => store.createTimer(SHARD, shardVersion, benchTimer(index)));
    return count;
  };
  /** As an owner works: from its committed offset on, page by page. */
  const takeAndFinish = async () => {
    let count = 0;
    let after = ZERO_CURSOR;
    for (;;) {
      const page = await store.rangeGetTimers(SHARD, { after, upTo: END }, PAGE);
      const last = page.at(-1);
      if (last === undefined) {
        return count;
      }
      count += page.length;
      const done = { after, upTo: { executeAt: last.executeAt, uuid: last.uuid } };
      await store.rangeDeleteWithLimit(SHARD, shardVersion, done, PAGE);
      after = done.upTo;
    }
  };

  const comparisons: Comparison[] = [
    {
      name: 'createTimer, 64 callers',
      yardstick: 'pg-boss send(startAfter), 64 callers',
      goal: 20,
      unit: 'timers',
      prepare: empty,
      ours: () => createOneByOne(30_000),
      theirs: async () => {
        await inParallel(64, 2000, (index) => boss.send(QUEUE, data(index), { startAfter: later }));
        return 2000;
      },
    },
    {
      name: 'createTimers of 1,000',
      yardstick: 'pg-boss insert of 1,000',
      goal: 1,
      unit: 'timers',
      prepare: empty,
      ours: async () => {
        for (let page = 0; page < PAGES; page++) {
          const timers = Array.from({ length: PAGE }, (_, index) => benchTimer(page * PAGE + index));
          await store.createTimers(SHARD, shardVersion, timers);
        }
        return PAGES * PAGE;
      },
      theirs: async () => {
        for (let page = 0; page < PAGES; page++) {
          const jobs = Array.from({ length: PAGE }, (_, index) => ({
            name: QUEUE,
            data: data(page * PAGE + index),
            startAfter: later,
          }));
          await boss.insert(jobs);
        }
        return PAGES * PAGE;
      },
    },
    {
      name: 'read + delete of 1,000 due',
      yardstick: 'pg-boss fetch + complete of 1,000',
      goal: 8,
      unit: 'timers',
      prepare: async () => {
        await empty();
        await store.createTimers(SHARD, shardVersion, benchTimers(PAGES * PAGE));
        await boss.insert(
          Array.from({ length: PAGES * PAGE }, (_, index) => ({ name: QUEUE, data: data(index) })),
        );
        await pool.query('VACUUM (ANALYZE) timers');
        await pool.query('VACUUM (ANALYZE) pgboss.job');
      },
      ours: takeAndFinish,
      theirs: async () => {
        let count = 0;
        for (;;) {
          const jobs = await boss.fetch(QUEUE, { batchSize: PAGE });
          if (jobs.length === 0) {
            return count;
          }
          count += jobs.length;
          await boss.complete(
            QUEUE,
            jobs.map((job) => job.id),
          );
        }
      },
    },
    {
      name: 'createTimer, 64 callers',
      yardstick: 'graphile-worker addJob(runAt), 64 callers',
      goal: 1,
      unit: 'timers',
      prepare: empty,
      ours: () => createOneByOne(30_000),
      theirs: async () => {
        await inParallel(64, 2000, (index) => utils.addJob(QUEUE, data(index), { runAt: later }));
        return 2000;
      },
    },
    {
      name: 'read + delete of 1,000 due',
      yardstick: 'graphile-worker runOnce, 10 at a time',
      goal: 1,
      unit: 'timers',
      prepare: async () => {
        await empty();
        await store.createTimers(SHARD, shardVersion, benchTimers(PAGES * PAGE));
        const jobs = Array.from({ length: 2000 }, (_, index) => index);
        await inParallel(10, jobs.length, (index) =>
          utils.addJob(QUEUE, data(index), { runAt: new Date(0) }),
        );
        await pool.query('VACUUM (ANALYZE) timers');
      },
      ours: takeAndFinish,
      theirs: async () => {
        await graphile.runOnce({
          pgPool: pool,
          concurrency: 10,
          logger,
          taskList: { [QUEUE]: async () => {} },
        });
        return 2000;
      },
    },
  ];
  const results = [];
  for (const comparison of comparisons) {
    console.error(`${comparison.name} / ${comparison.yardstick} …`);
    results.push(await compare(comparison, ROUNDS, () => {}));
  }
  printComparisons(results, server.description);
  await utils.release();
  await boss.stop({ graceful: false });
  await store.close();
  await pool.end();
  await server.stop();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

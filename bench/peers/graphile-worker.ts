import type { PeerDatabase } from './peer-database';
import { requirePeer } from './require-peer';
import type { Aim, Job, Scheduler } from './scheduler';

const TASK = 'bench';

/** What is used of it. */
interface GraphileWorker {
  makeWorkerUtils(options: object): Promise<{
    migrate(): Promise<void>;
    addJob(task: string, payload: object, options: { runAt: Date }): Promise<unknown>;
    addJobs(jobs: readonly { identifier: string; payload: object; runAt: Date }[]): Promise<unknown>;
    release(): Promise<void>;
  }>;
  run(options: object): Promise<{ stop(): Promise<void> }>;
  Logger: new (factory: () => () => void) => unknown;
}

/** A local queue, and finished jobs told of together, as its documentation has it for many jobs; many looks for latency. */
const WORK: Record<Aim, object> = {
  throughput: { concurrentJobs: 100, localQueue: { size: 5000 }, pollInterval: 2000 },
  latency: { concurrentJobs: 24, localQueue: { size: 500 }, pollInterval: 10 },
};

export async function openGraphileWorker(database: PeerDatabase): Promise<Scheduler> {
  const graphile = (await requirePeer('graphile-worker')) as GraphileWorker;
  const logger = new graphile.Logger(() => () => {});
  const connection = { connectionString: database.url, maxPoolSize: 10 };
  const utils = await graphile.makeWorkerUtils({ ...connection, logger });
  await utils.migrate();
  let runner: { stop(): Promise<void> } | undefined;
  return {
    name: 'graphile-worker 0.18',
    calls: { one: 'addJob', many: 'addJobs' },
    drained: 200_000,
    async empty() {
      await runner?.stop();
      runner = undefined;
      await database.query('TRUNCATE graphile_worker._private_jobs');
    },
    create: (job) => utils.addJob(TASK, job, { runAt: new Date(job.dueAt) }),
    createMany: (jobs) =>
      utils.addJobs(jobs.map((job) => ({ identifier: TASK, payload: job, runAt: new Date(job.dueAt) }))),
    countLeft: () => database.count('SELECT count(*) FROM graphile_worker._private_jobs'),
    async deliver(aim, onJob) {
      runner = await graphile.run({
        logger,
        noHandleSignals: true,
        preset: { worker: { ...connection, ...WORK[aim], completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
        taskList: {
          [TASK]: async (payload: unknown) => {
            onJob(payload as Job);
          },
        },
      });
    },
    async close() {
      await runner?.stop();
      await utils.release();
    },
  };
}

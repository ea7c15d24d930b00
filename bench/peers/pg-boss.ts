import type { PeerDatabase } from './peer-database';
import { requirePeer } from './require-peer';
import type { Aim, Job, Scheduler } from './scheduler';

const QUEUE = 'bench';

/** What is used of it. */
interface Boss {
  start(): Promise<unknown>;
  stop(options: { graceful: boolean }): Promise<void>;
  createQueue(name: string, options: object): Promise<void>;
  send(name: string, data: object, options: { startAfter: Date }): Promise<unknown>;
  insert(name: string, jobs: readonly { data: object; startAfter: Date }[]): Promise<unknown>;
  work(
    name: string,
    options: object,
    handler: (jobs: readonly { data: Job }[]) => Promise<void>,
  ): Promise<string>;
  offWork(name: string, options: { wait: boolean }): Promise<void>;
  on(event: 'error' | 'warning', listener: () => void): void;
}

/**
 * For a drain, batches as large as its documentation has them, and no pause while they are full; for latency the shortest
 * pause that it takes between two looks, and its notifications for what is due at once.
 */
const WORK: Record<Aim, object> = {
  throughput: {
    batchSize: 10_000,
    localConcurrency: 2,
    burstWhenBatchFull: true,
    pollingIntervalSeconds: 0.5,
  },
  latency: {
    batchSize: 1000,
    burstWhenBatchFull: true,
    pollingIntervalSeconds: 0.5,
    notifyPollingIntervalSeconds: 0.5,
  },
};

export async function openPgBoss(database: PeerDatabase): Promise<Scheduler> {
  const { PgBoss } = (await requirePeer('pg-boss')) as { PgBoss: new (options: object) => Boss };
  // Its own housekeeping is off while it is measured.
  const boss = new PgBoss({
    connectionString: database.url,
    max: 10,
    supervise: false,
    schedule: false,
    useListenNotify: true,
  });
  boss.on('error', () => {});
  boss.on('warning', () => {});
  await boss.start();
  await boss.createQueue(QUEUE, { partition: true, notify: true });
  const toInsert = (job: Job) => ({ data: job, startAfter: new Date(job.dueAt) });
  return {
    name: 'pg-boss 12.38',
    calls: { one: 'send', many: 'insert' },
    drained: 200_000,
    async empty() {
      await boss.offWork(QUEUE, { wait: true });
      await database.query('TRUNCATE pgboss.job');
    },
    create: (job) => boss.send(QUEUE, job, { startAfter: new Date(job.dueAt) }),
    createMany: (jobs) => boss.insert(QUEUE, jobs.map(toInsert)),
    countLeft: () => database.count(`SELECT count(*) FROM pgboss.job WHERE state < 'completed'`),
    async deliver(aim, onJob) {
      await boss.work(QUEUE, WORK[aim], async (jobs) => {
        for (const { data } of jobs) {
          onJob(data);
        }
      });
    },
    close: () => boss.stop({ graceful: false }),
  };
}

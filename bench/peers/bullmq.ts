import type { PeerDatabase } from './peer-database';
import { requirePeer } from './require-peer';
import type { Job, Scheduler } from './scheduler';

const QUEUE = 'bench';
const CONCURRENCY = 50;
const SCHEMA = 'bullmq';

/** What is used of it. */
interface Queue {
  add(name: string, data: object, options: object): Promise<unknown>;
  addBulk(jobs: readonly { name: string; data: object; opts: object }[]): Promise<unknown>;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}
interface Worker {
  on(event: 'error', listener: () => void): void;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}
interface BullMq {
  createPostgresBackend: unknown;
  withBackend(backend: unknown): {
    Queue: new (name: string, options: object) => Queue;
    Worker: new (name: string, processor: (job: { data: Job }) => Promise<void>, options: object) => Worker;
  };
}

/** On its PostgreSQL backend, with the concurrency at which it was fastest. */
export async function openBullMq(database: PeerDatabase): Promise<Scheduler> {
  const bullMq = (await requirePeer('bullmq')) as BullMq;
  const { Queue, Worker } = bullMq.withBackend(bullMq.createPostgresBackend);
  const connection = { connectionString: database.url, schema: SCHEMA, max: 20, migrate: true };
  const queue = new Queue(QUEUE, { connection });
  await queue.waitUntilReady();
  let worker: Worker | undefined;
  const optionsOf = ({ dueAt }: Job) => ({ delay: Math.max(0, dueAt - Date.now()), removeOnComplete: true });
  return {
    name: 'BullMQ 6.7 on PostgreSQL',
    calls: { one: 'add', many: 'addBulk' },
    drained: 10_000,
    async empty() {
      await worker?.close();
      worker = undefined;
      await database.query(`TRUNCATE ${SCHEMA}.job CASCADE`);
    },
    create: (job) => queue.add('job', job, optionsOf(job)),
    createMany: (jobs) =>
      queue.addBulk(jobs.map((job) => ({ name: 'job', data: job, opts: optionsOf(job) }))),
    countLeft: () => database.count(`SELECT count(*) FROM ${SCHEMA}.job`),
    async deliver(_aim, onJob) {
      const process = async ({ data }: { data: Job }) => {
        onJob(data);
      };
      worker = new Worker(QUEUE, process, { connection, concurrency: CONCURRENCY });
      worker.on('error', () => {});
      await worker.waitUntilReady();
    },
    async close() {
      await worker?.close();
      await queue.close();
    },
  };
}

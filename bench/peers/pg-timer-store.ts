import { type NewTimer, PostgresTimerStore, shardIdFor } from 'pg-timer-store';
import { TimerEngine } from 'pg-timer-store/engine';
import type { PeerDatabase } from './peer-database';
import type { Job, Scheduler } from './scheduler';

const SHARDS = 64;
const ADDRESS = 'bench:1';

/** The library, by its defaults. */
export async function openTimerStore(database: PeerDatabase): Promise<Scheduler> {
  const store = await PostgresTimerStore.connect(database.url);
  let engine: TimerEngine<Job> | undefined;
  let versions: number[] = [];
  let pages = 0;

  const versionOf = (shardId: number) => versions[shardId] as number;
  return {
    name: 'pg-timer-store',
    calls: { one: 'createTimer, 64 shards', many: 'createTimers' },
    drained: 200_000,
    async empty() {
      await engine?.stop();
      engine = undefined;
      await database.query('TRUNCATE timers');
      versions = [];
      for (let shardId = 0; shardId < SHARDS; shardId++) {
        versions.push((await store.claimShardOwnership(shardId, ADDRESS)).current.shardVersion);
      }
    },
    async create(job) {
      const timer = timerOf(job);
      if (engine !== undefined) {
        return await engine.schedule(timer);
      }
      const shardId = shardIdFor(timer.id, SHARDS);
      return await store.createTimer(shardId, versionOf(shardId), timer);
    },
    async createMany(jobs) {
      const shardId = pages++ % SHARDS;
      return await store.createTimers(shardId, versionOf(shardId), jobs.map(timerOf));
    },
    countLeft: () => database.count('SELECT count(*) FROM timers WHERE row_type = 2'),
    async deliver(_aim, onJob) {
      engine = await TimerEngine.start<Job>({
        store,
        shardCount: SHARDS,
        address: ADDRESS,
        deliver: async ({ payload }) => {
          onJob(payload);
        },
      });
    },
    async close() {
      await engine?.stop();
      await store.close();
    },
  };
}

function timerOf(job: Job): NewTimer<Job> {
  return { id: `job-${job.order}`, namespace: 'bench', executeAt: new Date(job.dueAt), payload: job };
}

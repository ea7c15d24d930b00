import { type Client, Pool } from 'pg';
import type { PostgresTimerStore } from 'pg-timer-store';
import { benchTimers, inParallel } from '../lib/bench-timers';
import type { Comparison } from '../lib/compare';
import { bareDeleteOne, bareUpdate, copyTimers } from '../lib/yardsticks';

const CALLS = 4000;
const SHARDS = 16;
const CALLERS = [1, 16, 64];

export interface WriteComparisons {
  readonly all: readonly Comparison[];
  close(): Promise<void>;
}

/** Updates and deletes of single timers under a fence, on 16 shards and on one, against the bare statements. */
export function writeComparisons(
  url: string,
  store: PostgresTimerStore,
  client: Client,
  empty: () => Promise<void>,
): WriteComparisons {
  const pool = new Pool({ connectionString: url, max: Math.max(...CALLERS) });
  let versions: number[] = [];
  const prepare = async () => {
    await empty();
    versions = [];
    for (let shard = 0; shard < SHARDS; shard++) {
      versions.push((await store.claimShardOwnership(shard, 'bench')).current.shardVersion);
      await copyTimers(client, shard, benchTimers(CALLS));
    }
    await client.query('VACUUM (ANALYZE) timers');
  };
  const all = CALLERS.flatMap((callers) =>
    (callers === 1 ? [1] : [1, SHARDS]).flatMap((shardCount): Comparison[] => {
      const load = `${callers} callers, ${shardCount} shards`;
      const each = async (work: (shard: number, id: string) => Promise<unknown>) => {
        await inParallel(callers, CALLS, (index) => work(index % shardCount, `timer-${index}`));
        return CALLS;
      };
      return [
        {
          name: `updateTimer, ${load}`,
          yardstick: `the bare update, named, ${callers} connections`,
          unit: 'timers',
          goal: callers === 1 ? 0.9 : 1,
          prepare,
          ours: () =>
            each((shard, id) =>
              store.updateTimer(shard, versions[shard] as number, 'bench', id, { attempts: 1 }),
            ),
          theirs: () => each((shard, id) => bareUpdate(pool, shard, 'bench', id, 1)),
        },
        {
          name: `deleteTimer, ${load}`,
          yardstick: `the bare delete, named, ${callers} connections`,
          unit: 'timers',
          goal: callers === 1 ? 0.9 : 1,
          prepare,
          ours: () => each((shard, id) => store.deleteTimer(shard, versions[shard] as number, 'bench', id)),
          theirs: () => each((shard, id) => bareDeleteOne(pool, shard, 'bench', id)),
        },
      ];
    }),
  );
  return { all, close: () => pool.end() };
}

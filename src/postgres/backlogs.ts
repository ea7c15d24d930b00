import { checkInteger, MAX_INT4 } from '../contract/scalars';
import type { PoolCallOptions } from '../contract/types';
import { readBacklogs as query } from '../generated/backlog.queries';
import { parseShardIds } from '../validation/keys';
import type { PostgresTimerStore } from './postgres-timer-store';
import { statementsOf } from './store-statements';
import { toDate } from './timer-row';

/** Of a shard, as it is now. */
export interface Backlog {
  readonly shardId: number;
  readonly ownerAddr: string | null;
  /** Null: it was never claimed, or is not to be used here. */
  readonly shardVersion: number | null;
  readonly claimedAt: Date | null;
  /** It is being moved to or from this server, or has moved away. */
  readonly isMoved: boolean;
  /** Counts go up to the limit: one that has reached it says "or more". */
  readonly backlog: number;
  readonly due: number;
  readonly dead: number;
  /** How late its first timer is, in milliseconds; 0: none is late. */
  readonly oldestLatenessMs: number;
  /** When its first timer is due; null: it has none, or one that cannot be read. */
  readonly nextExecuteAt: Date | null;
}

/** What waits in each shard, at one moment. */
export interface Backlogs {
  /** The server's; the beginning of 1970, where no shard was asked for. */
  readonly now: Date;
  readonly shards: readonly Backlog[];
}

/** With the default time-out of a call, and the default limit, a statement for so many counts what it has in time. */
const SHARDS_AT_ONCE = 16;

/**
 * Who owns each shard, and how many timers wait there.
 *
 * @param limit timers counted of each shard, at most: 1 or more.
 * @param options `timeoutMs`: for so many shards as are read at once.
 * @throws InvalidArgumentError
 * @example
 * const { shards } = await readBacklogs(store, [0, 1, 2, 3], 1000);
 * console.log(Math.max(...shards.map(({ oldestLatenessMs }) => oldestLatenessMs)));
 */
export async function readBacklogs(
  store: PostgresTimerStore,
  shardIds: readonly number[],
  limit: number,
  options: PoolCallOptions = {},
): Promise<Backlogs> {
  const run = statementsOf('store', store);
  const wanted = parseShardIds('shardIds', shardIds);
  checkInteger('limit', limit, 1, MAX_INT4);
  const shards: Backlog[] = [];
  let nowMs = 0;
  for (let first = 0; first < wanted.length; first += SHARDS_AT_ONCE) {
    const params = { shardIds: wanted.slice(first, first + SHARDS_AT_ONCE), limit };
    const { rows } = await run('read', 'readBacklogs', query, params, options);
    for (const row of rows) {
      nowMs = row.nowUs / 1000;
      const next = row.firstExecuteAtMs;
      shards.push({
        shardId: row.shardId,
        ownerAddr: row.ownerAddr,
        shardVersion: row.shardVersion,
        claimedAt: toDate(row.claimedAtMs),
        isMoved: row.hasRow && row.shardVersion === null,
        backlog: row.backlog,
        due: row.due,
        dead: row.dead,
        oldestLatenessMs: next === null ? 0 : Math.max(0, Math.floor(nowMs - next)),
        nextExecuteAt: toDate(next),
      });
    }
  }
  return { now: new Date(nowMs), shards };
}

/** Of all shards together. */
export type Totals = Pick<Backlog, 'backlog' | 'due' | 'dead' | 'oldestLatenessMs'>;

export function totalsOf(shards: readonly Backlog[]): Totals {
  return shards.reduce<Totals>(
    (total, shard) => ({
      backlog: total.backlog + shard.backlog,
      due: total.due + shard.due,
      dead: total.dead + shard.dead,
      oldestLatenessMs: Math.max(total.oldestLatenessMs, shard.oldestLatenessMs),
    }),
    { backlog: 0, due: 0, dead: 0, oldestLatenessMs: 0 },
  );
}

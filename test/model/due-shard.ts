import type { DueShard, ShardInfo, TimerCursor } from '../../src';
import { compareCursors, type ModelTimer } from './model-rows';

export type ModelDueShard = Omit<DueShard, 'timers'> & { readonly timers: readonly ModelTimer[] };

/** @param timers of the shard, in order. */
export function dueShard(
  shardId: number,
  shard: ShardInfo | null,
  timers: readonly ModelTimer[],
  after: TimerCursor,
  horizonMs: number,
  limit: number,
): ModelDueShard {
  const isDue = ({ executeAt }: ModelTimer) => executeAt.getTime() <= horizonMs;
  const due = timers.filter((timer) => isDue(timer) && compareCursors(timer, after) > 0).slice(0, limit);
  const last = due.at(-1);
  return {
    shardId,
    shardVersion: shard?.shardVersion ?? null,
    ownerAddr: shard?.ownerAddr ?? null,
    timers: due,
    last: last === undefined ? null : { executeAt: last.executeAt, uuid: last.uuid },
    isCut: due.length === limit,
    nextExecuteAt: timers.find((timer) => !isDue(timer))?.executeAt ?? null,
  };
}

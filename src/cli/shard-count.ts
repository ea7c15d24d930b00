import { ShardMovedError } from '../contract/errors';
import type { TimerStore } from '../contract/timer-store';
import { CommandError, ExitCode } from './exit-code';

/** Of every command that has to know in how many shards the timers are. */
export interface ShardsOption {
  readonly shards?: number;
}

/**
 * How many shards the timers are split over: as the data says, else as the command line does.
 *
 * @throws CommandError neither says it, or they disagree.
 */
export async function readShardCount(
  store: TimerStore,
  { shards: given }: ShardsOption,
  signal: AbortSignal,
): Promise<number> {
  const kept = await keptShardCount(store, signal);
  if (kept !== undefined && given !== undefined && kept !== given) {
    const message = `--shards must be ${kept}, which the data was made with, not ${given}`;
    throw new CommandError(ExitCode.USAGE, message);
  }
  const count = kept ?? given;
  if (count === undefined) {
    const message =
      'no engine has started here yet, so nothing says how many shards the timers are split over: say so by --shards N';
    throw new CommandError(ExitCode.USAGE, message);
  }
  return count;
}

/** Undefined: nobody has said so yet, or shard 0 is on another server. */
async function keptShardCount(store: TimerStore, signal: AbortSignal): Promise<number | undefined> {
  try {
    return (await store.getShard(0, { signal }))?.metadata.shardCount;
  } catch (error) {
    if (error instanceof ShardMovedError) {
      return undefined;
    }
    throw error;
  }
}

/** From 0 on. */
export function shardIdsOf(shardCount: number): number[] {
  return Array.from({ length: shardCount }, (_, shardId) => shardId);
}

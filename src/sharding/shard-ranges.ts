import { InvalidArgumentError } from '../contract/errors';
import { checkInteger, MAX_INT4, MIN_INT4 } from '../contract/scalars';
import type { TimerStore } from '../contract/timer-store';
import { checkMethod, parseFields } from '../validation/objects';

/** The shards of one store. */
export interface ShardRange {
  /** The first shard. */
  readonly from: number;
  /** The last shard, inclusive. */
  readonly to: number;
  readonly store: TimerStore;
}

const SHARD_RANGE_FIELDS = ['from', 'to', 'store'] as const satisfies readonly (keyof ShardRange)[];

/** Looks for the range of a shard, by halves: there may be a range for each shard. */
export function findRange(ranges: readonly ShardRange[], shardId: number): ShardRange | undefined {
  let first = 0;
  let end = ranges.length;
  while (first < end) {
    const middle = (first + end) >> 1;
    const range = ranges[middle] as ShardRange;
    if (shardId < range.from) {
      end = middle;
    } else if (shardId > range.to) {
      first = middle + 1;
    } else {
      return range;
    }
  }
  return undefined;
}

/** Checks and copies ranges, since the caller's may change. */
export function parseRanges(shards: unknown): ShardRange[] {
  if (!Array.isArray(shards) || shards.length === 0) {
    throw new InvalidArgumentError('shards', 'must be a function, or an array of at least one range');
  }
  const ranges: ShardRange[] = [];
  for (const [index, value] of shards.entries()) {
    const argument = `shards[${index}]`;
    const { from, to, store } = parseFields(argument, value, SHARD_RANGE_FIELDS);
    checkInteger(`${argument}.from`, from, MIN_INT4, MAX_INT4);
    checkInteger(`${argument}.to`, to, from, MAX_INT4);
    checkMethod(`${argument}.store`, store, 'claimShardOwnership');
    const previous = ranges.at(-1);
    if (previous !== undefined && from <= previous.to) {
      throw new InvalidArgumentError(
        `${argument}.from`,
        `must be greater than ${previous.to}, where the range before it ends, not ${from}`,
      );
    }
    ranges.push({ from, to, store: store as TimerStore });
  }
  return ranges;
}

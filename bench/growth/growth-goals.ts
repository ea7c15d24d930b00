import type { OperationResult } from './compare-backlogs';
import { READ_FROM_COMMITTED_OFFSET } from './store-operations';

/** What an operation on the largest shard is to keep of its speed on the smallest. */
export const GROWTH_GOAL = 0.85;

const DEAD_ROWS_GOAL = 0.9;

/** What an operation is to keep of its speed with dead rows behind the committed offset; undefined: no goal. */
export function deadRowsGoal({ operation }: OperationResult): number | undefined {
  return operation === READ_FROM_COMMITTED_OFFSET.name ? DEAD_ROWS_GOAL : undefined;
}

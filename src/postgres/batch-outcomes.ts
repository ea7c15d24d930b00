import { InvalidArgumentError, UnexpectedServerError } from '../contract/errors';
import type { TimerBatchValues } from '../validation/timer-batches';
import type { StoreCall } from './store-call';

/** Timers of one shard, under one version or, without a version, unfenced. */
export type Batch = TimerBatchValues;

/** Writes each batch by statements of its own: side by side, or one after another in a transaction of the caller. */
export async function outcomesOf(
  call: StoreCall,
  batches: readonly Batch[],
  write: (batch: Batch) => Promise<void>,
): Promise<unknown[]> {
  const outcomes: Promise<unknown>[] = [];
  for (const batch of batches) {
    const outcome = write(batch).then(
      () => null,
      (error: unknown) => error,
    );
    if (call.client !== undefined) {
      await outcome;
    }
    outcomes.push(outcome);
  }
  return await Promise.all(outcomes);
}

/**
 * Whether the server refused the content, rather than that the fence was lost or the server could do nothing for now.
 */
export function isRefusal(error: unknown): boolean {
  return error instanceof InvalidArgumentError || error instanceof UnexpectedServerError;
}

import { OutcomeUnknownError, StoreUnavailableError, type TimerStoreError } from '../contract/errors';
import type { StoreCall } from './store-call';

/** Shards of one call under way at a time: some of the pool is left to other calls. */
const MAX_SHARDS = 4;

/** What came of one shard; an error: its worker is away, most likely. */
export type OfShard<T> = { readonly result: T } | { readonly error: TimerStoreError };

/**
 * Does for each of several shards what takes a statement of its own on Citus, each once. A shard whose worker is away
 * fails by itself, and keeps the others from nothing.
 *
 * @returns what came of each, in their order.
 * @throws what all of them failed with, or what is no matter of one worker.
 */
export async function eachShard<TItem, T>(
  call: StoreCall,
  items: readonly TItem[],
  work: (call: StoreCall, item: TItem) => Promise<T>,
): Promise<OfShard<T>[]> {
  const results: OfShard<T>[] = [];
  let next = 0;
  const once = call.once();
  const workOn = async () => {
    for (let place = next++; place < items.length; place = next++) {
      try {
        results[place] = { result: await work(once, items[place] as TItem) };
      } catch (error) {
        // In a transaction of the caller, nothing comes after it.
        if (call.client !== undefined || !isOfWorker(error)) {
          throw error;
        }
        results[place] = { error };
      }
    }
  };
  await Promise.all(Array.from({ length: call.client === undefined ? MAX_SHARDS : 1 }, workOn));
  const [first] = results;
  if (first !== undefined && 'error' in first && results.every((each) => 'error' in each)) {
    throw first.error;
  }
  return results;
}

function isOfWorker(error: unknown): error is StoreUnavailableError | OutcomeUnknownError {
  return error instanceof StoreUnavailableError || error instanceof OutcomeUnknownError;
}

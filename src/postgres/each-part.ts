import {
  OutcomeUnknownError,
  StoreUnavailableError,
  type TimerStoreError,
  UnexpectedServerError,
} from '../contract/errors';
import type { StoreCall } from './store-call';

/** Parts of one call under way at a time: some of the pool is left to other calls. */
const MAX_PARTS = 4;

/** What came of the items of one part; an error: its worker is away, most likely. */
export type OfPart<TItem, T> = { readonly items: readonly TItem[] } & (
  | { readonly result: T }
  | { readonly error: TimerStoreError }
);

/**
 * Does by a statement for each part of Citus what is for several shards, each once. A part whose worker is away fails by
 * itself, and keeps the others from nothing.
 *
 * @throws what all of them failed with, or what is no matter of one worker.
 */
export async function eachPart<TItem extends { readonly shardId: number }, T>(
  call: StoreCall,
  items: readonly TItem[],
  work: (call: StoreCall, items: readonly TItem[]) => Promise<T>,
): Promise<readonly OfPart<TItem, T>[]> {
  const parts = partsOf(call, items);
  const results: OfPart<TItem, T>[] = [];
  // Of several none waits while another is tried again.
  const ofPart = parts.length > 1 ? call.once() : call;
  const workOn = async () => {
    for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
      try {
        results.push({ items: part, result: await work(ofPart, part) });
      } catch (error) {
        // In a transaction of the caller, nothing comes after it.
        if (call.client === undefined && part.length > 1 && error instanceof UnexpectedServerError) {
          // Citus refuses it, most likely, since they are of one part no longer.
          call.cluster.forgetParts();
          parts.push(...part.map((item) => [item]));
        } else if (call.client === undefined && isOfWorker(error)) {
          results.push({ items: part, error });
        } else {
          throw error;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: call.client === undefined ? MAX_PARTS : 1 }, workOn));
  const [first] = results;
  if (first !== undefined && 'error' in first && results.every((each) => 'error' in each)) {
    throw first.error;
  }
  return results;
}

/** Each alone in a transaction of the caller, which could not go on if Citus refused a statement of several. */
function partsOf<TItem extends { readonly shardId: number }>(
  call: StoreCall,
  items: readonly TItem[],
): (readonly TItem[])[] {
  const parts = new Map<number | TItem, TItem[]>();
  for (const item of items) {
    const part = call.client === undefined ? call.cluster.partOf(item.shardId) : undefined;
    const those = parts.get(part ?? item) ?? [];
    those.push(item);
    parts.set(part ?? item, those);
  }
  return [...parts.values()];
}

function isOfWorker(error: unknown): error is StoreUnavailableError | OutcomeUnknownError {
  return error instanceof StoreUnavailableError || error instanceof OutcomeUnknownError;
}

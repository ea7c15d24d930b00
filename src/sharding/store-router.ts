import { CallGate } from '../contract/call-gate';
import { InvalidArgumentError } from '../contract/errors';
import { checkShardId } from '../contract/scalars';
import type { TimerStore } from '../contract/timer-store';
import { checkObject } from '../validation/objects';
import { parseElements } from '../validation/timer';
import { findRange, parseRanges, type ShardRange } from './shard-ranges';

/** The store of a shard; undefined for a shard that has none. */
export type StoreOfShard = (shardId: number) => TimerStore | undefined;

/** What a store said of the items at these places. */
export interface Part<TResult> {
  readonly places: readonly number[];
  readonly result: TResult;
}

/** Leads calls to the stores of their shards, until it is closed. */
export class StoreRouter {
  readonly #storeOf: StoreOfShard;
  /** The stores of ranges, each once. */
  readonly ownedStores: ReadonlySet<TimerStore>;
  readonly #gate = new CallGate();
  #closing: Promise<void> | undefined;

  /** @throws InvalidArgumentError ranges that are empty, overlap or are out of order. */
  constructor(shards: readonly ShardRange[] | StoreOfShard) {
    if (typeof shards === 'function') {
      this.#storeOf = shards;
      this.ownedStores = new Set();
    } else {
      const ranges = parseRanges(shards);
      this.#storeOf = (shardId) => findRange(ranges, shardId)?.store;
      this.ownedStores = new Set(ranges.map(({ store }) => store));
    }
  }

  /** Finishes the calls that were accepted, refuses new ones, and closes the stores that it owns. */
  close(): Promise<void> {
    this.#closing ??= this.#gate.close().then(() => closeAll(this.ownedStores));
    return this.#closing;
  }

  /** Makes a call on the store of one shard. */
  async call<T>(shardId: number, call: (store: TimerStore) => Promise<T>): Promise<T> {
    checkShardId(shardId);
    this.#gate.enter();
    try {
      return await call(this.#requireStore(shardId));
    } finally {
      this.#gate.leave();
    }
  }

  /**
   * Makes a call on each store that has some of the items, side by side.
   *
   * @param argument what the items are, for the error.
   */
  async callEach<TItem extends { readonly shardId: number }, TResult>(
    argument: string,
    items: readonly TItem[],
    call: (store: TimerStore, items: TItem[]) => Promise<TResult>,
  ): Promise<Part<TResult>[]> {
    this.#gate.enter();
    try {
      const parts = new Map<TimerStore, { items: TItem[]; places: number[] }>();
      for (const [place, item] of (parseElements(argument, items) as TItem[]).entries()) {
        checkObject(`${argument}[${place}]`, item);
        const store = this.#requireStore(item.shardId);
        const part = parts.get(store) ?? { items: [], places: [] };
        part.items.push(item);
        part.places.push(place);
        parts.set(store, part);
      }
      const results = await Promise.allSettled(
        [...parts].map(async ([store, part]) => ({
          places: part.places,
          result: await call(store, part.items),
        })),
      );
      return results.map((result) => {
        if (result.status === 'rejected') {
          throw result.reason;
        }
        return result.value;
      });
    } finally {
      this.#gate.leave();
    }
  }

  #requireStore(shardId: number): TimerStore {
    checkShardId(shardId);
    const store = this.#storeOf(shardId);
    if (store === undefined) {
      throw new InvalidArgumentError(
        'shardId',
        `must be that of a shard with a store, which ${shardId} has not`,
      );
    }
    return store;
  }
}

/** Closes all stores, even if one fails. */
async function closeAll(stores: ReadonlySet<TimerStore>): Promise<void> {
  const results = await Promise.allSettled([...stores].map((store) => store.close()));
  for (const result of results) {
    if (result.status === 'rejected') {
      throw result.reason;
    }
  }
}

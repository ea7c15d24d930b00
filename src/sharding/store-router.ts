import { CallGate } from '../contract/call-gate';
import {
  CallTimeoutError,
  InvalidArgumentError,
  OutcomeUnknownError,
  StoreUnavailableError,
  type TimerStoreError,
} from '../contract/errors';
import { checkInteger, checkShardId, MAX_INT4, MIN_INT4 } from '../contract/scalars';
import type { TimerStore } from '../contract/timer-store';
import { checkObject, parseElements } from '../validation/objects';
import { findRange, parseRanges, type ShardRange } from './shard-ranges';

/** The store of a shard; undefined for a shard that has none. */
export type StoreOfShard = (shardId: number) => TimerStore | undefined;

/** What a store said of the items at these places. */
export interface Part<TResult> {
  readonly places: readonly number[];
  readonly result: TResult;
}

/** What a store failed with for the items at these places: its server is away, most likely. */
export interface FailedPart {
  readonly places: readonly number[];
  readonly error: TimerStoreError;
}

/** Leads calls to the stores of their shards, until it is closed. */
export class StoreRouter {
  readonly storeOf: StoreOfShard;
  /** The stores of ranges, each once. */
  readonly ownedStores: ReadonlySet<TimerStore>;
  readonly #gate = new CallGate();
  #closing: Promise<void> | undefined;

  /** @throws InvalidArgumentError ranges that are empty, overlap or are out of order. */
  constructor(shards: readonly ShardRange[] | StoreOfShard) {
    if (typeof shards === 'function') {
      this.storeOf = shards;
      this.ownedStores = new Set();
    } else {
      const ranges = parseRanges(shards);
      this.storeOf = (shardId) => findRange(ranges, shardId)?.store;
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
   * @param check refuses what no store would take, before one of several is asked.
   */
  async callEach<TItem extends { readonly shardId: number }, TResult>(
    argument: string,
    items: readonly TItem[],
    call: (store: TimerStore, items: TItem[]) => Promise<TResult>,
    check?: () => unknown,
  ): Promise<Part<TResult>[]> {
    const results = await this.#callParts(argument, items, call, check);
    return results.map(({ places, outcome }) => {
      if (outcome.status === 'rejected') {
        throw outcome.reason;
      }
      return { places, result: outcome.value };
    });
  }

  /**
   * As `callEach`; a store whose server is away fails by itself, and keeps the others from nothing.
   *
   * @throws what all of them failed with, or what is no matter of one server.
   */
  async callEachLiving<TItem extends { readonly shardId: number }, TResult>(
    argument: string,
    items: readonly TItem[],
    call: (store: TimerStore, items: TItem[]) => Promise<TResult>,
    check?: () => unknown,
  ): Promise<{ readonly done: Part<TResult>[]; readonly failed: FailedPart[] }> {
    const done: Part<TResult>[] = [];
    const failed: FailedPart[] = [];
    for (const { places, outcome } of await this.#callParts(argument, items, call, check)) {
      if (outcome.status === 'fulfilled') {
        done.push({ places, result: outcome.value });
      } else if (isOfServer(outcome.reason)) {
        failed.push({ places, error: outcome.reason });
      } else {
        throw outcome.reason;
      }
    }
    if (done.length === 0 && failed[0] !== undefined) {
      throw failed[0].error;
    }
    return { done, failed };
  }

  async #callParts<TItem extends { readonly shardId: number }, TResult>(
    argument: string,
    items: readonly TItem[],
    call: (store: TimerStore, items: TItem[]) => Promise<TResult>,
    check?: () => unknown,
  ): Promise<{ places: readonly number[]; outcome: PromiseSettledResult<TResult> }[]> {
    this.#gate.enter();
    try {
      const parts = new Map<TimerStore, { items: TItem[]; places: number[] }>();
      for (const [place, item] of (parseElements(argument, items) as TItem[]).entries()) {
        checkObject(`${argument}[${place}]`, item);
        const store = this.#requireStore(item.shardId, `${argument}[${place}].shardId`);
        const part = parts.get(store) ?? { items: [], places: [] };
        part.items.push(item);
        part.places.push(place);
        parts.set(store, part);
      }
      if (parts.size > 1) {
        await check?.();
      }
      const all = [...parts];
      const outcomes = await Promise.allSettled(
        all.map(async ([store, { items: its, places }]) => {
          try {
            return await call(store, its);
          } catch (error) {
            throw error instanceof InvalidArgumentError ? amongAll(error, argument, places) : error;
          }
        }),
      );
      return all.map(([, { places }], index) => ({
        places,
        outcome: outcomes[index] as PromiseSettledResult<TResult>,
      }));
    } finally {
      this.#gate.leave();
    }
  }

  #requireStore(shardId: number, argument = 'shardId'): TimerStore {
    checkInteger(argument, shardId, MIN_INT4, MAX_INT4);
    const store = this.storeOf(shardId);
    if (store === undefined) {
      throw new InvalidArgumentError(
        argument,
        `must be that of a shard with a store, which ${shardId} has not`,
      );
    }
    return store;
  }
}

/** What a store refuses of its items stands elsewhere among all of them. */
function amongAll(
  error: InvalidArgumentError,
  argument: string,
  places: readonly number[],
): InvalidArgumentError {
  const [, items, index, path] = /^(\w+)\[(\d+)\](.*)$/.exec(error.argument) ?? [];
  const place = places[Number(index)];
  return items !== argument || place === undefined
    ? error
    : new InvalidArgumentError(`${items}[${place}]${path}`, error.reason, { cause: error.cause });
}

function isOfServer(error: unknown): error is TimerStoreError {
  return [StoreUnavailableError, OutcomeUnknownError, CallTimeoutError].some((each) => error instanceof each);
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

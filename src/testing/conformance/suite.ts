import { deepEqual, ok, rejects } from 'node:assert/strict';
import { cursorAtEndOf, ZERO_CURSOR } from '../../contract/cursor';
import { TimerStoreError } from '../../contract/errors';
import type { TimerStore } from '../../contract/timer-store';
import type { NewTimer, Timer, TimerRange } from '../../contract/types';
import { buildTimer } from '../build-timer';
import type { NamedRunner } from './test-runner';

/** A shard at the version that its owner has claimed it at. */
export interface ClaimedShard {
  readonly shardId: number;
  readonly shardVersion: number;
}

/** Every timer of a shard. */
export const ALL: TimerRange = {
  after: ZERO_CURSOR,
  upTo: cursorAtEndOf(new Date('9999-12-31T23:59:59.999Z')),
};

/** What every case of the suite works with: one store, and shards that no other case uses. */
export class Suite {
  readonly describe: NamedRunner['describe'];
  readonly test: NamedRunner['test'];
  #store: TimerStore | undefined;
  #shards = 0;

  constructor(runner: NamedRunner, createStore: () => TimerStore | Promise<TimerStore>) {
    this.describe = (name, body) => runner.describe(name, body);
    this.test = (name, body) => runner.test(name, body);
    runner.beforeAll(async () => {
      this.#store = await createStore();
    });
    runner.afterAll(async () => {
      await this.#store?.close();
    });
  }

  get store(): TimerStore {
    ok(this.#store, 'there is no store before the first test');
    return this.#store;
  }

  /** A test for each value. */
  testEach<T>(values: readonly T[], name: (value: T) => string, body: (value: T) => Promise<void>): void {
    for (const value of values) {
      this.test(name(value), () => body(value));
    }
  }

  async claimedShard(): Promise<ClaimedShard> {
    this.#shards++;
    const { current } = await this.store.claimShardOwnership(this.#shards, 'owner-1');
    return { shardId: current.shardId, shardVersion: current.shardVersion };
  }

  /** A claimed shard with these timers, as they are read. */
  async shardWith(...timers: readonly NewTimer[]): Promise<ClaimedShard & { readonly timers: Timer[] }> {
    const shard = await this.claimedShard();
    await this.store.createTimers(shard.shardId, shard.shardVersion, timers);
    return { ...shard, timers: await this.timersOf(shard) };
  }

  async timersOf({ shardId }: Pick<ClaimedShard, 'shardId'>): Promise<Timer[]> {
    return await this.store.rangeGetTimers(shardId, ALL, 10_000);
  }

  async idsOf(shard: Pick<ClaimedShard, 'shardId'>): Promise<string[]> {
    return (await this.timersOf(shard)).map(({ id }) => id);
  }
}

/** One timer for each id. */
export function timersNamed(...ids: readonly string[]): NewTimer[] {
  return ids.map((id) => buildTimer({ id }));
}

/** Those fields that are expected; the others may be anything. */
export function matches<T extends object>(actual: T | null | undefined, expected: Partial<T>): void {
  ok(actual, 'there is none');
  const compared = Object.fromEntries(
    Object.keys(expected).map((field) => [field, actual[field as keyof T]]),
  );
  deepEqual(compared, { ...expected });
}

/** That a call is rejected with an error of a store, of that code and with those fields. */
export async function rejectsWith(
  calling: Promise<unknown>,
  code: string,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await rejects(calling, (error: unknown) => {
    ok(error instanceof TimerStoreError, `must be an error of a store, not ${String(error)}`);
    const found = error as unknown as Record<string, unknown>;
    const compared = Object.fromEntries(Object.keys(fields).map((field) => [field, found[field]]));
    deepEqual({ code: error.code, ...compared }, { code, ...fields });
    return true;
  });
}

import { Client } from 'pg';
import {
  cursorAtEndOf,
  PostgresTimerStore,
  type StoreOptions,
  type TimerRange,
  ZERO_CURSOR,
} from '../../src';
import { STORE_OPTIONS } from './store-options';
import { createTestDatabase, type TestDatabase } from './test-database';

/** Every timer of a shard. */
export const ALL: TimerRange = {
  after: ZERO_CURSOR,
  upTo: cursorAtEndOf(new Date('9999-12-31T23:59:59.999Z')),
};

/** What most test files work with: a database of their own, a store on it, and a connection past the store. */
export interface StoreFixture {
  readonly database: TestDatabase;
  readonly store: PostgresTimerStore;
  readonly direct: Client;
  /** A shard that no other test uses, with its version after one claim. */
  claimedShard(): Promise<{ shardId: number; shardVersion: number }>;
  close(): Promise<void>;
}

export async function openStoreFixture(options: StoreOptions = {}): Promise<StoreFixture> {
  const database = await createTestDatabase();
  const store = await PostgresTimerStore.connect({
    connectionString: database.storeUrl,
    maxOpenConns: 20,
    ...STORE_OPTIONS,
    ...options,
  });
  const direct = new Client({ connectionString: database.url });
  await direct.connect();
  let shards = 0;
  return {
    database,
    store,
    direct,
    async claimedShard() {
      const shardId = ++shards;
      const { current } = await store.claimShardOwnership(shardId, 'owner-1');
      return { shardId, shardVersion: current.shardVersion };
    },
    async close() {
      await direct.end();
      await store.close();
      await database.drop();
    },
  };
}

import { PostgresTimerStore, ShardedTimerStore, type ShardRange, type TimerStore } from '../../src';
import { describeTimerStore } from '../../src/testing';
import { STORE_OPTIONS } from '../support/store-options';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

let databases: TestDatabase[];
beforeAll(async () => {
  databases = await Promise.all([createTestDatabase(), createTestDatabase()]);
});
afterAll(async () => await Promise.all(databases.map((database) => database.drop())));

/** Shards next to each other are on different servers. */
function alternating(stores: readonly TimerStore[]): ShardRange[] {
  const store = (shardId: number) => stores[Math.abs(shardId) % 2] as TimerStore;
  return [
    { from: -2_147_483_648, to: -11, store: store(0) },
    ...Array.from({ length: 1000 }, (_, index) => index - 10).map((shardId) => ({
      from: shardId,
      to: shardId,
      store: store(shardId),
    })),
    { from: 990, to: 2_147_483_647, store: store(1) },
  ];
}

describeTimerStore(async () => {
  const stores = await Promise.all(
    databases.map(({ storeUrl }) =>
      PostgresTimerStore.connect({ ...STORE_OPTIONS, connectionString: storeUrl }),
    ),
  );
  return new ShardedTimerStore(alternating(stores));
});

import { PostgresTimerStore } from '../../src';
import { describeTimerStore } from '../../src/testing';
import { STORE_OPTIONS } from '../support/store-options';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => await database.drop());

describeTimerStore(() =>
  PostgresTimerStore.connect({ ...STORE_OPTIONS, connectionString: database.storeUrl }),
);

import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { runExample } from './run-example';

let fixture: StoreFixture;
beforeEach(async () => {
  fixture = await openStoreFixture();
  await fixture.direct.query('CREATE TABLE orders (id text PRIMARY KEY)');
  await fixture.direct.query('GRANT SELECT, INSERT ON orders TO PUBLIC');
});
afterEach(async () => await fixture.close());

test.each(['pg', 'kysely', 'drizzle', 'knex', 'prisma/prisma'])(
  'calls are undone and done with a transaction of the library: %s',
  async (name) => {
    const output = await runExample(`examples/transactions/${name}.mts`, fixture.database.storeUrl);
    expect(output).toBe(
      'out of stock { orders: 0, cart: true, payload: undefined }\n' +
        'placed { orders: 1, cart: false, payload: { isInStock: true } }\n',
    );
    const { rows } = await fixture.direct.query('SELECT timer_id FROM timers WHERE row_type = 2');
    expect(rows).toEqual([{ timer_id: 'order-42' }]);
  },
);

test('each of many transactions at once is told the connection that it is on', async () => {
  const output = await runExample('test/examples/concurrent-transactions.mts', fixture.database.storeUrl);
  expect(output).toBe('Drizzle: 20 of 20\nKysely: 20 of 20\nPrisma: 20 of 20\n');
});

/**
 * An order and its reminder in one transaction of Knex: both are there, or neither.
 *
 *   psql "$DATABASE_URL" -c 'CREATE TABLE orders (id text PRIMARY KEY)'
 *   DATABASE_URL=postgres://… npx tsx examples/transactions/knex.mts
 */
import knex from 'knex';
import { Pool } from 'pg';
import { PostgresTimerStore } from 'pg-timer-store';
import { TimerEngine } from 'pg-timer-store/engine';

const pool = new Pool({ connectionString: process.env['DATABASE_URL'] });
pool.on('error', (error) => console.error(error.message));
const db = knex({ client: 'pg', connectionPool: pool });
const engine = await TimerEngine.start({
  store: PostgresTimerStore.fromPool(pool),
  shardCount: 64,
  address: 'transactions',
  deliver: async ({ id }) => console.log(`${id} is to be paid`),
});
const executeAt = new Date(Date.now() + 3_600_000);
await engine.schedule({ id: 'cart', namespace: 'orders', executeAt });

async function placeOrder(id: string, isInStock: boolean): Promise<void> {
  const client = await pool.connect();
  try {
    // A transaction on this connection, which the engine's calls share.
    await db.transaction(
      async (trx) => {
        await trx('orders').insert({ id });
        await engine.schedule({ id, namespace: 'orders', executeAt }, { client });
        await engine.update('orders', id, { payload: { isInStock } }, { client });
        await engine.cancel('orders', 'cart', { client });
        if (!isInStock) throw new Error('out of stock');
      },
      { connection: client },
    );
  } finally {
    client.release();
  }
}

async function show(event: string): Promise<void> {
  const { rows: orders } = await pool.query('SELECT id FROM orders');
  const cart = await engine.get('orders', 'cart');
  const order = await engine.get('orders', 'order-42');
  console.log(event, { orders: orders.length, cart: cart !== null, payload: order?.payload });
}

await placeOrder('order-42', false).catch((error: Error) => show(error.message));
await placeOrder('order-42', true).then(() => show('placed'));
await engine.stop();
await pool.end();

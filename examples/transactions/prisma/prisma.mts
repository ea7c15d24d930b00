/**
 * An order and its reminder in one transaction of Prisma: both are there, or neither.
 *
 *   psql "$DATABASE_URL" -c 'CREATE TABLE orders (id text PRIMARY KEY)'
 *   DATABASE_URL=postgres://… npx tsx examples/transactions/prisma/prisma.mts
 */
import { PrismaPg } from '@prisma/adapter-pg';
import { PostgresTimerStore } from 'pg-timer-store';
import { TimerEngine } from 'pg-timer-store/engine';
import { ScopedPool } from '../scoped-pool.mjs';
import { PrismaClient } from './generated/client.mjs';

const pool = new ScopedPool({ connectionString: process.env['DATABASE_URL'] });
pool.on('error', (error) => console.error(error.message));
const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
const engine = await TimerEngine.start({
  store: PostgresTimerStore.fromPool(pool),
  shardCount: 64,
  address: 'transactions',
  deliver: async ({ id }) => console.log(`${id} is to be paid`),
});
const executeAt = new Date(Date.now() + 3_600_000);
await engine.schedule({ id: 'cart', namespace: 'orders', executeAt });

async function placeOrder(id: string, isInStock: boolean): Promise<void> {
  await pool.inScope((clientOf) =>
    prisma.$transaction(async (tx) => {
      const client = clientOf();
      await tx.order.create({ data: { id } });
      await engine.schedule({ id, namespace: 'orders', executeAt }, { client });
      await engine.update('orders', id, { payload: { isInStock } }, { client });
      await engine.cancel('orders', 'cart', { client });
      if (!isInStock) throw new Error('out of stock');
    }),
  );
}

async function show(event: string): Promise<void> {
  const orders = await prisma.order.findMany();
  const cart = await engine.get('orders', 'cart');
  const order = await engine.get('orders', 'order-42');
  console.log(event, { orders: orders.length, cart: cart !== null, payload: order?.payload });
}

await placeOrder('order-42', false).catch((error: Error) => show(error.message));
await placeOrder('order-42', true).then(() => show('placed'));
await engine.stop();
await prisma.$disconnect();
await pool.end();

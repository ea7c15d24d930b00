/** Counts the transactions that are told the very connection that they are on, while others begin and end. */
import { setTimeout as sleep } from 'node:timers/promises';
import { PrismaPg } from '@prisma/adapter-pg';
import { sql as drizzleSql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { PrismaClient } from '../../examples/transactions/prisma/generated/client.mjs';
import { ScopedPool } from '../../examples/transactions/scoped-pool.mjs';

type Backend = { pid: number };

const pool = new ScopedPool({ connectionString: process.env['DATABASE_URL'], max: 4 });
const kysely = new Kysely<object>({ dialect: new PostgresDialect({ pool }) });
const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
const drizzleDb = drizzle(pool);

/** Runs a function in a transaction, and gives it what asks that transaction for its server process. */
type Transact = (run: (ask: () => Promise<Backend | undefined>) => Promise<boolean>) => Promise<boolean>;

const byLibrary: Record<string, Transact> = {
  Drizzle: (run) =>
    drizzleDb.transaction((tx) =>
      run(async () => (await tx.execute<Backend>(drizzleSql`SELECT pg_backend_pid() AS pid`)).rows[0]),
    ),
  Kysely: (run) =>
    kysely
      .transaction()
      .execute((trx) =>
        run(async () => (await sql<Backend>`SELECT pg_backend_pid() AS pid`.execute(trx)).rows[0]),
      ),
  Prisma: (run) =>
    prisma.$transaction(
      (tx) => run(async () => (await tx.$queryRaw<Backend[]>`SELECT pg_backend_pid() AS pid`)[0]),
      { maxWait: 20_000, timeout: 20_000 },
    ),
};

for (const [name, transact] of Object.entries(byLibrary)) {
  const isOnItsConnection = () =>
    pool.inScope((clientOf) =>
      transact(async (ask) => {
        const client = clientOf();
        await sleep(Math.random() * 10);
        const { rows } = await client.query<Backend>('SELECT pg_backend_pid() AS pid');
        return client.getTransactionStatus() === 'T' && rows[0]?.pid === (await ask())?.pid;
      }),
    );
  const results = await Promise.all(Array.from({ length: 20 }, isOnItsConnection));
  console.log(`${name}: ${results.filter(Boolean).length} of ${results.length}`);
}
await prisma.$disconnect();
await pool.end();

/**
 * A process to measure the service against, by the address of a database: a route of Fastify that reads its body and
 * answers with it, and one around `send` of pg-boss. Prints its own address.
 */
import fastify from 'fastify';
import { PeerDatabase } from '../../bench/peers/peer-database';
import { openPgBoss } from '../../bench/peers/pg-boss';
import type { Job } from '../../bench/peers/scheduler';

async function main(): Promise<void> {
  const boss = await openPgBoss(await PeerDatabase.connect(process.argv[2] as string));
  const app = fastify();
  app.post('/nothing', async ({ body }) => body);
  app.post('/pg-boss', async ({ body }) => ({ id: await boss.create(body as Job) }));
  console.log(await app.listen({ host: '127.0.0.1', port: 0 }));
}

void main();

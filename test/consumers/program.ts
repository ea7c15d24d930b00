/** What a user's program does at the least. It is compiled, bundled and run in each kind of project. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import {
  InvalidArgumentError,
  type NewTimer,
  PostgresTimerStore,
  type Timer,
  TimerNotFoundError,
  TimerStoreError,
} from 'pg-timer-store';
import { type Deliver, httpDelivery, PermanentDeliveryError } from 'pg-timer-store/engine';
import { nextRun } from 'pg-timer-store/recurring';
import { instrumentTimers } from 'pg-timer-store/telemetry';
import { InMemoryTimerStore } from 'pg-timer-store/testing';

const SHARD = 7;
const TIMER = {
  id: 'order-42',
  namespace: 'reminders',
  executeAt: new Date('2099-12-31T23:59:59.999Z'),
  callbackUrl: 'https://example.test/reminders',
  payload: { cents: 4200 },
} satisfies NewTimer;

async function useOwnConnections(connectionString: string): Promise<void> {
  const store = await PostgresTimerStore.connect(connectionString);
  await store.createTimerNoLock(SHARD, TIMER);
  const timer = await store.getTimer(SHARD, TIMER.namespace, TIMER.id);
  assert.deepEqual(timer?.payload, TIMER.payload);
  await store.deleteTimerNoLock(SHARD, TIMER.namespace, TIMER.id);
  await assert.rejects(store.deleteTimerNoLock(SHARD, TIMER.namespace, TIMER.id), (error) => {
    assert(error instanceof TimerNotFoundError && error instanceof TimerStoreError);
    assert.equal(error.name, 'TimerNotFoundError');
    return true;
  });
  await store.close();
}

async function useOwnPool(connectionString: string): Promise<void> {
  const pool = new pg.Pool({ connectionString });
  const store = PostgresTimerStore.fromPool(pool);
  const client = await pool.connect();
  await client.query('BEGIN');
  await store.createTimerNoLock(SHARD, TIMER, { client });
  await client.query('ROLLBACK');
  client.release();
  assert.equal(await store.getTimer(SHARD, TIMER.namespace, TIMER.id), null);
  await store.close();
  await pool.end();
}

/** What the store gives, the engine delivers; what the engine throws, the store's classes know. */
async function deliverByHttp(connectionString: string): Promise<void> {
  assert.throws(() => httpDelivery({ maxPerOrigin: 0 }), InvalidArgumentError);
  const receiver = http.createServer((_request, response) => response.writeHead(410).end());
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  const { port } = receiver.address() as AddressInfo;
  const store = await PostgresTimerStore.connect(connectionString);
  await store.createTimerNoLock(SHARD, { ...TIMER, callbackUrl: `http://127.0.0.1:${port}/` });
  const timer = await store.getTimer(SHARD, TIMER.namespace, TIMER.id);
  assert(timer !== null);
  const deliver = httpDelivery();
  const context = {
    signal: new AbortController().signal,
    attempt: 1,
    dueAt: timer.dueAt,
    beganAt: new Date(),
  };
  await assert.rejects(deliver(timer, context), (error) => {
    assert(error instanceof PermanentDeliveryError);
    assert.equal(error.name, 'PermanentDeliveryError');
    return true;
  });
  await deliver.close();
  receiver.close();
  await store.deleteTimerNoLock(SHARD, TIMER.namespace, TIMER.id);
  await store.close();
}

/** The errors of the store in memory are those of the other; what watches calls does no harm to them. */
async function useInMemory(): Promise<void> {
  const telemetry = instrumentTimers();
  const store = new InMemoryTimerStore();
  await store.createTimerNoLock(SHARD, TIMER);
  assert.deepEqual((await store.getTimer(SHARD, TIMER.namespace, TIMER.id))?.payload, TIMER.payload);
  await assert.rejects(store.deleteTimerNoLock(SHARD, TIMER.namespace, 'other'), TimerNotFoundError);
  telemetry.stop();
}

/** Types that came out as `any` would let it through. */
export function refuseWrongTypes(store: PostgresTimerStore, client: pg.Client): void {
  // @ts-expect-error The shard is missing.
  void store.createTimerNoLock(TIMER);
  // @ts-expect-error A connection is no pool.
  PostgresTimerStore.fromPool(client);
  const deliver: Deliver = async (timer) => {
    // @ts-expect-error A timer has no such field.
    timer.fieldOfNoTimer;
  };
  // @ts-expect-error The context is missing.
  void deliver({} as Timer);
}

async function main(): Promise<void> {
  const newYear = nextRun({ cron: '0 0 1 1 *', timeZone: 'UTC' }, new Date('2030-06-01T00:00:00Z'));
  assert.equal(newYear?.getUTCFullYear(), 2031);
  await useInMemory();
  const connectionString = process.env['DATABASE_URL'] ?? '';
  await useOwnConnections(connectionString);
  await useOwnPool(connectionString);
  await deliverByHttp(connectionString);
}

void main();

/** What a user's program does at the least. It is compiled, bundled and run in each kind of project. */
import assert from 'node:assert/strict';
import pg from 'pg';
import { type NewTimer, PostgresTimerStore, TimerNotFoundError, TimerStoreError } from 'pg-timer-store';

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

/** Types that came out as `any` would let it through. */
export function refuseWrongTypes(store: PostgresTimerStore, client: pg.Client): void {
  // @ts-expect-error The shard is missing.
  void store.createTimerNoLock(TIMER);
  // @ts-expect-error A connection is no pool.
  PostgresTimerStore.fromPool(client);
}

async function main(): Promise<void> {
  const connectionString = process.env['DATABASE_URL'] ?? '';
  await useOwnConnections(connectionString);
  await useOwnPool(connectionString);
}

void main();

/**
 * Deliveries that fail: tried again, given up, and revived once the fault is mended.
 *
 *   DATABASE_URL=postgres://… npx tsx examples/retry/retry.mts
 */
import { subscribe } from 'node:diagnostics_channel';
import { EventEmitter, once } from 'node:events';
import { cursorAtEndOf, PostgresTimerStore, ZERO_CURSOR } from 'pg-timer-store';
import { type Deliver, type EngineEvent, PermanentDeliveryError, TimerEngine } from 'pg-timer-store/engine';

const SHARDS = 64;
const events = new EventEmitter();
subscribe('pg-timer-store:engine', (message) => {
  const event = message as EngineEvent;
  if (event.type === 'delivery-failed') console.log(`${event.id}: attempt ${event.attempt} failed`);
  if (event.type === 'timer-died') events.emit('died');
});

const store = await PostgresTimerStore.connect(process.env['DATABASE_URL']);
const start = (deliver: Deliver) =>
  TimerEngine.start({
    store,
    shardCount: SHARDS,
    address: 'retry',
    retryPolicy: { maxAttempts: 3, initialIntervalSeconds: 0.1 },
    deliver,
  });

const engine = await start(async ({ payload }) => {
  if (payload === 'nobody') throw new PermanentDeliveryError('no such address');
  throw new Error('the mail server does not answer');
});
for (const [id, payload] of Object.entries({ 'bad-address': 'nobody', invoice: 'ada' })) {
  const died = once(events, 'died');
  await engine.schedule({ id, namespace: 'mail', executeAt: new Date(), payload });
  await died;
}
await engine.stop();

// The mail server answers again, and somebody looks through the dead timers of each shard.
for (let shardId = 0; shardId < SHARDS; shardId++) {
  const all = { after: ZERO_CURSOR, upTo: cursorAtEndOf(new Date()) };
  for (const { namespace, id, attempts, lastError } of await store.rangeGetDeadTimers(shardId, all, 100)) {
    console.log(`${id}: dead after ${attempts}, ${lastError}`);
    if (id === 'invoice') await store.reviveTimer(shardId, namespace, id, new Date());
    else await store.deleteDeadTimer(shardId, namespace, id);
  }
}
const delivered = once(events, 'delivered');
const mended = await start(async ({ id }, { attempt }) => {
  console.log(`${id}: delivered by attempt ${attempt}`);
  events.emit('delivered');
});
await delivered;
await mended.stop();
await store.close();

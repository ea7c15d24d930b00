/**
 * Payloads with a type, checked by a schema before they are delivered: here one of arktype; those of zod, valibot and all
 * others that follow https://standardschema.dev are given in the same way.
 *
 *   DATABASE_URL=postgres://… npx tsx examples/typed-payloads/typed-payloads.mts
 */
import { subscribe } from 'node:diagnostics_channel';
import { EventEmitter, once } from 'node:events';
import { type } from 'arktype';
import { PostgresTimerStore, shardIdFor } from 'pg-timer-store';
import { type EngineEvent, TimerEngine } from 'pg-timer-store/engine';

const SHARDS = 64;
const events = new EventEmitter();
const Reminder = type({
  orderId: 'string',
  total: 'number > 0',
  // Stored as text, delivered as a date.
  orderedAt: 'string.date.iso.parse',
  // Timers from before there was this field have none.
  language: "'de' | 'en' = 'en'",
});

const store = await PostgresTimerStore.connect(process.env['DATABASE_URL']);
const engine = await TimerEngine.start({
  store,
  shardCount: SHARDS,
  address: 'typed-payloads',
  payloadSchema: Reminder,
  deliver: async ({ payload: { orderId, orderedAt, language } }) => {
    console.log(`${orderId}, ordered in ${orderedAt.getUTCFullYear()}, in ${language}`);
    events.emit('delivered');
  },
});
subscribe('pg-timer-store:engine', (message) => {
  const event = message as EngineEvent;
  if (event.type === 'timer-died') events.emit('died', event.error);
});

const of = { namespace: 'reminders', executeAt: new Date() };
const orderedAt = '2030-01-31T12:00:00Z';
const delivered = once(events, 'delivered');
await engine.schedule({ ...of, id: 'order-42', payload: { orderId: '42', total: 9.5, orderedAt } });
await delivered;

// What another program stores is not compiled here: what does not fit becomes a dead timer.
const died = once(events, 'died');
const payload = { orderId: 43, total: 9.5, orderedAt };
await store.createTimerNoLock(shardIdFor('order-43', SHARDS), { ...of, id: 'order-43', payload });
const [error] = await died;
console.log(`order-43 is dead: ${error.message}`);
await engine.stop();
await store.close();

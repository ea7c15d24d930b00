/**
 * A reminder that is put off, and one that is cancelled.
 *
 *   DATABASE_URL=postgres://… npx tsx examples/reminder/reminder.mts
 */
import { EventEmitter, once } from 'node:events';
import { PostgresTimerStore, TimerNotFoundError } from 'pg-timer-store';
import { TimerEngine } from 'pg-timer-store/engine';

const inbox = new EventEmitter();
const store = await PostgresTimerStore.connect(process.env['DATABASE_URL']);
const engine = await TimerEngine.start({
  store,
  shardCount: 64,
  address: 'reminder',
  deliver: async ({ id, payload }, { dueAt }) => {
    console.log(`${id}: ${payload}, ${Date.now() < dueAt.getTime() ? 'too early' : 'on time'}`);
    inbox.emit(id);
  },
});

const soon = new Date(Date.now() + 400);
await engine.scheduleMany([
  { id: 'tea', namespace: 'kitchen', executeAt: soon, payload: 'is ready' },
  { id: 'eggs', namespace: 'kitchen', executeAt: soon, payload: 'are hard' },
]);
await engine.update('kitchen', 'tea', { executeAt: new Date(Date.now() + 800), payload: 'is strong' });
await engine.cancel('kitchen', 'eggs');
await engine.cancel('kitchen', 'eggs').catch((error: unknown) => {
  if (!(error instanceof TimerNotFoundError)) throw error;
  console.log('eggs: cancelled');
});
console.log(`tea: waits, ${(await engine.get('kitchen', 'tea'))?.payload}`);

await once(inbox, 'tea');
await engine.stop();
await store.close();

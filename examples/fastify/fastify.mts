/**
 * Reminders by HTTP, with Fastify; as many of these programs as you like.
 *
 *   DATABASE_URL=postgres://… npx tsx examples/fastify/fastify.mts
 *   curl -X PUT -H 'content-type: application/json' \
 *     -d '{"executeAt":"2030-01-31T12:00:00Z","text":"is ready"}' http://127.0.0.1:PORT/reminders/tea
 */
import { hostname } from 'node:os';
import fastify from 'fastify';
import { PostgresTimerStore, type Timer, TimerStoreError } from 'pg-timer-store';
import { PostgresMembership, TimerEngine } from 'pg-timer-store/engine';

interface Reminder {
  Params: { id: string };
  Body: { executeAt: string; text: string };
}
const body = {
  type: 'object',
  required: ['executeAt', 'text'],
  properties: { executeAt: { type: 'string', format: 'date-time' }, text: { type: 'string' } },
};

const store = await PostgresTimerStore.connect(process.env['DATABASE_URL']);
const engine = await TimerEngine.start({
  store,
  shardCount: 64,
  address: `${hostname()}:${process.pid}`,
  membership: new PostgresMembership(store),
  deliver: async ({ id, payload }: Timer<{ text: string }>) => console.log(`${id} ${payload.text}`),
});

const app = fastify();
app.put<Reminder>('/reminders/:id', { schema: { body } }, async ({ params: { id }, body }, reply) => {
  const { executeAt, text } = body;
  await engine.schedule({ id, namespace: 'reminders', executeAt: new Date(executeAt), payload: { text } });
  return reply.code(204).send();
});
app.delete<Reminder>('/reminders/:id', async ({ params: { id } }, reply) => {
  await engine.cancel('reminders', id);
  return reply.code(204).send();
});
app.setErrorHandler<Error>((error, _request, reply) => {
  if (!(error instanceof TimerStoreError)) return reply.send(error);
  // Whoever gets a 503 sends it again: a create replaces the timer of its id.
  const status = { TIMER_NOT_FOUND: 404, INVALID_ARGUMENT: 400 }[error.code as string] ?? 503;
  return reply.code(status).send({ code: error.code, message: error.message });
});
app.addHook('onClose', async () => {
  await engine.stop();
  await store.close();
});

process.once('SIGTERM', () => app.close());
console.log(`listening on ${await app.listen({ host: '127.0.0.1', port: 0 })}`);

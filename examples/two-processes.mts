/**
 * A service that keeps reminders, of as many processes as are started. Each takes them by HTTP; whichever owns a
 * reminder's shard prints it when it is due.
 *
 *   DATABASE_URL=postgres://… npx tsx examples/two-processes.mts &   # and once more, here or on another machine
 *   curl -d '{"id":"tea","executeAt":"2030-01-31T12:00:00Z","payload":"is ready"}' http://127.0.0.1:PORT
 */
import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { InvalidArgumentError, type JsonValue, PostgresTimerStore, TimerStoreError } from 'pg-timer-store';
import { PostgresMembership, TimerEngine } from 'pg-timer-store/engine';

interface Reminder {
  readonly id: string;
  readonly executeAt: string;
  readonly payload?: JsonValue;
}

const server = http.createServer().listen(0, '127.0.0.1');
await once(server, 'listening');
const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;

const store = await PostgresTimerStore.connect(process.env['DATABASE_URL']);
const engine = await TimerEngine.start({
  store,
  shardCount: 64,
  address,
  membership: new PostgresMembership(store),
  deliver: async ({ id, payload }) => console.log(`delivered ${id}: ${JSON.stringify(payload)}`),
});

server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
  try {
    const { id, executeAt, payload = null } = (await json(request)) as Reminder;
    await engine.schedule({ id, namespace: 'reminders', executeAt: new Date(executeAt), payload });
    response.writeHead(201).end();
  } catch (error) {
    // Whoever gets a 503, or no answer, sends it again: a create replaces the timer of its id.
    const isTheirs = error instanceof InvalidArgumentError || !(error instanceof TimerStoreError);
    response.writeHead(isTheirs ? 400 : 503).end(`${error}\n`);
  }
});
console.log(`listening on ${address}`);

process.once('SIGTERM', () =>
  server.close(async () => {
    await engine.stop();
    await store.close();
  }),
);

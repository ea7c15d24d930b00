import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { request } from 'undici';
import { ON_CITUS } from '../support/on-citus';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { runExample, spawnExample } from './run-example';

let fixture: StoreFixture;
let server: ChildProcess | undefined;
beforeEach(async () => {
  fixture = await openStoreFixture();
});
afterEach(async () => {
  if (server?.exitCode === null) {
    const closed = once(server, 'close');
    server.kill('SIGKILL');
    await closed;
  }
  await fixture.close();
});

test.each<[name: string, output: readonly string[]]>([
  ['reminder', ['eggs: cancelled', 'tea: waits, is strong', 'tea: is strong, on time']],
  ['recurring', ['report at +0 ms, 2 left', 'report at +250 ms, 1 left', 'report at +500 ms, 0 left']],
  [
    'retry',
    [
      'invoice: attempt 1 failed',
      'invoice: attempt 2 failed',
      'bad-address: dead after 1, PermanentDeliveryError: no such address',
      'invoice: dead after 3, Error: the mail server does not answer',
      'invoice: delivered by attempt 1',
    ],
  ],
  [
    'opentelemetry',
    [
      'schedule is a part of the request: true',
      'the delivery links to it: true',
      'db.client.operation.duration',
      'messaging.client.operation.duration',
      'messaging.process.duration',
      'pg_timer_store.delivery.lateness',
      'pg_timer_store.batch.size',
      'pg_timer_store.engine.events',
      'pg_timer_store.writes.unknown_outcome',
      'db.client.connection.count',
      'db.client.connection.max',
      'db.client.connection.pending_requests',
      'pg_timer_store.queue.writes',
      'pg_timer_store.engine.timers',
      'pg_timer_store.engine.shards',
      'pg_timer_store.engine.members',
      'pg_timer_store.engine.oldest_lateness',
      // Counted by statements of many shards, which Citus refuses.
      ...(ON_CITUS ? [] : ['pg_timer_store.backlog']),
    ],
  ],
  [
    'typed-payloads',
    [
      '42, ordered in 2030, in en',
      'order-43 is dead: the payload does not fit its schema: orderId: orderId must be a string (was a number)',
    ],
  ],
])('the example says what it does: %s', async (name, output) => {
  const printed = await runExample(`examples/${name}/${name}.mts`, fixture.database.storeUrl);
  expect(printed.split('\n').sort()).toEqual(['', ...output].sort());
});

test.each([
  ['Fastify', 'examples/fastify/fastify.mts'],
  ['NestJS', 'examples/nestjs/nestjs.mts'],
  ['route handlers of Next.js', 'test/examples/serve-nextjs.mts'],
])(
  'the example with %s keeps, cancels and fires reminders, and says what is wrong with others',
  async (_, file) => {
    const child = spawnExample(file, fixture.database.storeUrl);
    server = child;
    const closed = once(child, 'close');
    const lines = createInterface(child.stdout);
    const [listening] = (await once(lines, 'line')) as [string];
    const call = async (method: 'PUT' | 'DELETE', id: string, body?: object) => {
      const url = `${listening.replace('listening on ', '')}/reminders/${id}`;
      const answer = await request(url, {
        method,
        ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
      await answer.body.dump();
      return answer.statusCode;
    };
    const tomorrow = new Date(Date.now() + 86_400_000);
    expect(await call('PUT', 'tea', { executeAt: tomorrow, text: 'is ready' })).toBe(204);
    expect(await call('DELETE', 'tea')).toBe(204);
    expect(await call('DELETE', 'tea')).toBe(404);
    expect(await call('PUT', 'tea', { executeAt: 'tomorrow', text: 'is ready' })).toBe(400);
    expect(await call('PUT', 'x'.repeat(90), { executeAt: '9999-12-31T23:59:59-23:00', text: '' })).toBe(400);
    const fired = once(lines, 'line');
    expect(await call('PUT', 'tea', { executeAt: new Date(), text: 'is ready' })).toBe(204);
    expect(await fired).toEqual(['tea is ready']);
    child.kill('SIGTERM');
    expect((await closed)[0]).toBe(0);
  },
);

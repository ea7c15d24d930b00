import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import { connect } from 'node:net';
import path from 'node:path';
import { Client } from 'pg';
import { closeReceivers, openReceiver } from '../../test/engine/http-receiver';
import { Services, type TestedService } from './services';

let services: Services;
let service: TestedService;
beforeAll(async () => {
  services = await Services.open();
  service = await services.start();
});
afterAll(async () => {
  await closeReceivers();
  await services.close();
});

const creation = (id: string, fields: object = {}) => ({
  namespace: 'operation',
  id,
  executeAt: '2030-01-31T12:00:00Z',
  callbackUrl: 'https://receiver.example/',
  ...fields,
});

test('it lives, is ready, and shows its shards, its metrics and its document', async () => {
  expect((await service.get('/health/live')).body).toEqual({ status: 'alive' });
  expect(await service.get('/health/ready')).toMatchObject({
    status: 200,
    body: { status: 'ready', checks: { database: true, member: true, accepting: true } },
  });
  const shards = await service.get('/shards');
  expect(shards.body.shards).toHaveLength(8);
  expect((await service.get('/api/v1/shards')).body.members).toEqual(shards.body.members);
  const metrics = await service.get('/metrics');
  expect(metrics.headers.get('content-type')).toMatch(/^text\/plain/);
  expect(metrics.body).toContain('pg_timer_shards_owned 8');
  expect((await service.get('/api/v1/openapi.json')).body.openapi).toMatch(/^3\./);
});

test('what alerts and dashboard ask for is there from the start', async () => {
  const deploy = path.join(__dirname, '../deploy');
  const asked = ['prometheus/alerts.yml', 'grafana/timers.json'].flatMap((file) => [
    ...fs.readFileSync(path.join(deploy, file), 'utf8').matchAll(/pg_timer_\w+/g),
  ]);
  const { body } = await service.get('/metrics');
  for (const [name] of asked) {
    expect(body).toContain(`# TYPE ${name.replace(/_(bucket|count)$/, '')} `);
  }
  // What begins with 1 has not increased: the first death would be told to nobody.
  expect(body).toContain('pg_timer_engine_events_total{type="timer-died"} 0');
});

test('each answer has a request id, that of the call if it is one', async () => {
  const named = await service.get('/health/live', { 'x-request-id': 'call-7' });
  expect(named.headers.get('x-request-id')).toBe('call-7');
  const odd = await service.get('/health/live', { 'x-request-id': 'a b' });
  expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

test('changes are told to those who watch', async () => {
  const controller = new AbortController();
  const response = await fetch(`${service.url}/events`, { signal: controller.signal });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  let text = '';
  const readUntil = async (wanted: string) => {
    while (!text.includes(wanted)) text += Buffer.from((await reader.read()).value ?? []).toString();
  };
  await readUntil('event: status');
  await service.post('timers/create', creation('watched'));
  await readUntil('data: {"type":"created","namespace":"operation","id":"watched"}');
  controller.abort();
  await reader.read().catch(() => {});
});

test('what is no HTTP, or too much of it, is answered by an error and the end', async () => {
  const { port } = new URL(service.url);
  for (const [request, status] of [
    ['NONSENSE\r\n\r\n', '400'],
    [`GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, '431'],
  ]) {
    const socket = connect(Number(port), '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => (text += chunk));
    socket.write(request as string);
    await once(socket, 'close');
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} .*"error":"INVALID_ARGUMENT"`, 's'));
  }
});

test('a body that says that it is 1 GB is refused before it comes', async () => {
  const request = http.request(`${service.url}/api/v1/timers/create`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': 2 ** 30 },
  });
  request.on('error', () => {});
  request.write('{');
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  expect(response.statusCode).toBe(413);
  request.destroy();
});

test('a client that goes away aborts its call, and what waits for a lock is given up', async () => {
  await service.post('timers/create', creation('locked'));
  const client = new Client({ connectionString: services.database.url });
  await client.connect();
  await client.query("BEGIN; SELECT FROM timers WHERE timer_id = 'locked' FOR UPDATE");
  const waiting = async () => {
    const { rows } = await client.query(
      "SELECT count(*)::int AS count FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
    );
    return rows[0].count as number;
  };
  const controller = new AbortController();
  const call = fetch(`${service.url}/api/v1/timers/delete`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ namespace: 'operation', timerId: 'locked' }),
    signal: controller.signal,
  }).catch(() => {});
  while ((await waiting()) === 0);
  controller.abort();
  await call;
  while ((await waiting()) > 0);
  await client.query('ROLLBACK');
  await client.end();
  expect((await service.post('timers/get', { namespace: 'operation', timerId: 'locked' })).status).toBe(200);
});

test('where the database does not answer in time, it is said what is known', async () => {
  const hasty = await services.start({ databaseApiTimeout: '300ms', address: 'hasty' });
  await service.post('timers/create', creation('slow'));
  const client = new Client({ connectionString: services.database.url });
  await client.connect();
  await client.query('BEGIN; LOCK TABLE timers');
  const read = await hasty.post('timers/get', { namespace: 'operation', timerId: 'slow' });
  const write = await hasty.post('timers/delete', { namespace: 'operation', timerId: 'slow' });
  await client.query('ROLLBACK');
  await client.end();
  expect(read).toMatchObject({ status: 503, body: { error: 'UNAVAILABLE' } });
  expect(read.headers.get('retry-after')).toBe('1');
  const linesOfRead = services.lines
    .map((line) => JSON.parse(line))
    .filter(({ reqId }) => reqId === read.headers.get('x-request-id'));
  expect(linesOfRead.map(({ msg }) => msg)).toEqual(['UNAVAILABLE', 'answered']);
  expect([503, 504]).toContain(write.status);
  expect(['UNAVAILABLE', 'OUTCOME_UNKNOWN']).toContain(write.body.error);
});

test('a stop says that it is not ready, answers what is under way, finishes deliveries, and hands over', async () => {
  // Long enough for two calls on a machine that is busy.
  const other = await services.start({ drainDelay: '2s', address: 'stopping' });
  const receiver = await openReceiver((response) => setTimeout(() => response.end(), 300));
  const timers = Array.from({ length: 20 }, (_, index) =>
    creation(`stop-${index}`, { executeAt: new Date().toISOString(), callbackUrl: receiver.origin }),
  );
  await other.post('timers/batch-create', { timers });
  while (receiver.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const stopped = other.service.stop();
  expect((await other.get('/health/ready')).status).toBe(503);
  const late = await other.post('timers/create', creation('while-stopping'));
  expect(late.status).toBe(200);
  expect(late.headers.get('connection')).toBe('close');
  await stopped;
  await expect(other.get('/health/live')).rejects.toThrow();
  // The others have its shards, and nothing of it was delivered twice.
  while (receiver.received.length < timers.length) await new Promise((resolve) => setTimeout(resolve, 20));
  const ids = receiver.received.map(({ body }) => JSON.parse(body).id);
  expect(new Set(ids).size).toBe(ids.length);
  const got = await service.post('timers/get', { namespace: 'operation', timerId: 'while-stopping' });
  expect(got.status).toBe(200);
});

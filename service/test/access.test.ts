import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import net from 'node:net';
import { newKey } from '../src/access/api-keys';
import { Services, type TestedService } from './services';

const keys = { shop: newKey(), reader: newKey(), operator: newKey(), hasty: newKey(), later: newKey() };
const bearer = ({ key }: { key: string }) => ({ authorization: `Bearer ${key}` });
const shop = {
  name: 'shop',
  hash: keys.shop.hash,
  rights: ['read', 'write'] as const,
  namespaces: ['orders'],
};
const apiKeys = [
  { ...shop, rights: [...shop.rights] },
  { name: 'reader', hash: keys.reader.hash, rights: ['read' as const] },
  { name: 'operator', hash: keys.operator.hash, rights: ['admin' as const] },
  { name: 'hasty', hash: keys.hasty.hash, rights: ['read' as const], callsPerSecond: 3 },
];
const creation = {
  namespace: 'orders',
  id: 'one',
  executeAt: '2030-01-31T12:00:00Z',
  callbackUrl: 'https://receiver.example/secret-path',
  payload: 'secret-payload',
};

let services: Services;
let service: TestedService;
let keyless: TestedService | undefined;

beforeAll(async () => {
  services = await Services.open();
  service = await services.start({ apiKeys, namespaces: { orders: {}, bills: { callsPerSecond: 2 } } });
});
afterAll(() => services.close());

test.each([
  undefined,
  'Bearer',
  'Bearer wrong',
  `Basic ${keys.shop.key}`,
  `Bearer ${keys.shop.hash}`,
  keys.shop.key,
])('without a good key (%#), nothing is told', async (authorization) => {
  const answer = await service.post(
    'timers/create',
    creation,
    authorization === undefined ? {} : { authorization },
  );
  expect(answer).toMatchObject({ status: 401, body: { error: 'UNAUTHENTICATED' } });
  expect(answer.headers.get('www-authenticate')).toBe('Bearer');
});

test('whoever shows wrong keys waits in line, and lets those with a good one pass', async () => {
  const start = performance.now();
  let refused = 0;
  const wrong = Array.from({ length: 500 }, async () => {
    const { status } = await service.post(
      'timers/list',
      { namespace: 'orders' },
      { authorization: 'Bearer no' },
    );
    expect(status).toBe(401);
    refused++;
  });
  const listed = await service.post('timers/list', { namespace: 'orders' }, bearer(keys.reader));
  expect(listed.status).toBe(200);
  expect(refused).toBeLessThan(500);
  await Promise.all(wrong);
  // Ten in each hundredth of a second.
  expect(performance.now() - start).toBeGreaterThan(450);
});

test('a connection that is gone has left the line', async () => {
  const call = `POST /api/v1/timers/list HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer no\r\ncontent-length: 0\r\n\r\n`;
  const gone = await Promise.all(
    Array.from({ length: 1000 }, async () => {
      const socket = net.connect(Number(new URL(service.url).port), '127.0.0.1');
      await once(socket, 'connect');
      socket.write(call);
      return socket;
    }),
  );
  for (const socket of gone) {
    socket.destroy();
  }
  const start = performance.now();
  expect((await service.post('timers/list', {}, { authorization: 'Bearer no' })).status).toBe(401);
  // The line of all would be a second long.
  expect(performance.now() - start).toBeLessThan(800);
});

test('calls with wrong keys that come in one piece are each answered', async () => {
  const socket = net.connect(Number(new URL(service.url).port), '127.0.0.1');
  const calls = 300;
  socket.write(
    'POST /api/v1/timers/list HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n'.repeat(calls),
  );
  let answers = '';
  while (answers.split('"UNAUTHENTICATED"').length <= calls) {
    const [data] = (await once(socket, 'data')) as [Buffer];
    answers += data.toString('latin1');
  }
  expect(answers.split('HTTP/1.1 401').length).toBe(calls + 1);
  socket.destroy();
});

test('a key is good for its rights and its namespaces', async () => {
  const { reader, operator } = keys;
  expect((await service.post('timers/create', creation, bearer(keys.shop))).status).toBe(200);
  expect(
    (await service.post('timers/get', { namespace: 'orders', timerId: 'one' }, bearer(reader))).status,
  ).toBe(200);
  for (const [headers, call, body] of [
    [bearer(reader), 'timers/create', creation],
    [bearer(operator), 'timers/get', { namespace: 'orders', timerId: 'one' }],
    [bearer(keys.shop), 'timers/create', { ...creation, namespace: 'bills' }],
    [bearer(keys.shop), 'timers/batch-create', { timers: [creation, { ...creation, namespace: 'bills' }] }],
  ] as const) {
    expect(await service.post(call, body, headers)).toMatchObject({
      status: 403,
      body: { error: 'FORBIDDEN' },
    });
  }
  expect((await service.get('/shards', bearer(operator))).status).toBe(200);
  expect((await service.get('/metrics', bearer(operator))).status).toBe(200);
  expect((await service.get('/metrics', bearer(reader))).status).toBe(403);
  expect((await service.get('/health/ready')).status).toBe(200);
});

test('a namespace that is not allowed is not found', async () => {
  const answer = await service.post('timers/list', { namespace: 'others' }, bearer(keys.reader));
  expect(answer).toMatchObject({ status: 404, body: { error: 'NAMESPACE_NOT_FOUND' } });
  const listed = await service.post('namespaces/list', {}, bearer(keys.reader));
  expect(listed.body.namespaces.map(({ namespace }: { namespace: string }) => namespace)).toEqual([
    'bills',
    'orders',
  ]);
  const own = await service.post('namespaces/list', {}, bearer(keys.shop));
  expect(own.body.namespaces.map(({ namespace }: { namespace: string }) => namespace)).toEqual(['orders']);
});

test('who calls too often is told when to come again', async () => {
  const calls = await Promise.all(
    Array.from({ length: 10 }, () =>
      service.post('timers/list', { namespace: 'orders' }, bearer(keys.hasty)),
    ),
  );
  const refused = calls.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]?.body.error).toBe('RATE_LIMITED');
  expect(refused[0]?.headers.get('retry-after')).toBe('1');
  const inBills = await Promise.all(
    Array.from({ length: 10 }, () =>
      service.post('timers/list', { namespace: 'bills' }, bearer(keys.reader)),
    ),
  );
  expect(inBills.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
});

test('keys change while the service runs', async () => {
  const later = { name: 'later', hash: keys.later.hash, rights: ['read' as const] };
  const list = (key: { key: string }) => service.post('timers/list', { namespace: 'orders' }, bearer(key));
  expect((await list(keys.later)).status).toBe(401);
  service.service.reload({ apiKeys: [...apiKeys, later], webhookSecrets: [] });
  expect((await list(keys.later)).status).toBe(200);
  const watched = await fetch(`${service.url}/events`, { headers: bearer(keys.reader) });
  service.service.reload({ apiKeys: [later], webhookSecrets: [] });
  expect((await list(keys.reader)).status).toBe(401);
  // Whoever watches by such a key is sent away, too: this ends.
  expect(await watched.text()).toMatch(/^event: history\n/);
  expect(() => service.service.reload({ apiKeys: [], webhookSecrets: [] })).toThrow('cannot become empty');
  // Too short for a secret, which only whoever signs with it can tell.
  const withoutSecret = { apiKeys, webhookSecrets: ['whsec_AAAA'] };
  expect(() => service.service.reload(withoutSecret)).toThrow('must have from 24 to 64 bytes');
  expect((await list(keys.later)).status).toBe(200);
  expect((await list(keys.reader)).status).toBe(401);
});

test('no key, payload or URL is in the log', () => {
  const log = services.lines.join('\n');
  for (const { key, hash } of Object.values(keys)) {
    expect(log).not.toContain(key);
    expect(log).not.toContain(hash.slice('sha256:'.length));
  }
  expect(log).not.toContain('secret-');
  expect(log).not.toContain(new URL(services.database.storeUrl).password || 'no password');
});

test('without keys it listens on loopback only, and says so', async () => {
  const open = await services.start({ host: '0.0.0.0' });
  expect(new URL(open.url).hostname).toBe('127.0.0.1');
  expect(services.lines.some((line) => line.includes('listens on loopback only'))).toBe(true);
});

// A page of another site may have a name that resolves to this machine, by which a browser takes it for the page's own.
test.each([
  ['rebound.example', 403],
  ['127.0.0.1.example', 403],
  ['localhost.example:80', 403],
  ['localhost:80', 200],
  ['127.0.0.1', 200],
  ['[::1]:80', 200],
])('without keys a call to the host %s is answered %i', async (host, status) => {
  keyless ??= await services.start();
  const call = request(`${keyless.url}/api/v1/shards`, { headers: { host } }).end();
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  answer.resume();
  expect(answer.statusCode).toBe(status);
});

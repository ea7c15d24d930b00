import { execFileSync } from 'node:child_process';
import http from 'node:http';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { newKey } from '../src/access/api-keys';
import { readEvents, textOf } from '../web/src/api/read-events';
import { quantile } from '../web/src/chart-figures';
import { linkTo, parseRoute } from '../web/src/router';
import { Services, type TestedService } from './services';

let services: Services;
let service: TestedService;
beforeAll(async () => {
  // It fails if the page has become larger than it may be.
  execFileSync(process.execPath, [path.join(__dirname, '../scripts/build-page.mjs')]);
  services = await Services.open();
  service = await services.start();
});
afterAll(() => services.close());

async function assetsOf({ url }: TestedService): Promise<string[]> {
  const index = await (await fetch(`${url}/`)).text();
  return [...index.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, name]) => name as string);
}

test('the page is there, is looked at again each time, and may load what is beside it, and nothing else', async () => {
  const { status, headers } = await service.get('/');
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(headers.get('cache-control')).toBe('no-cache');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  const policy = Object.fromEntries(
    (headers.get('content-security-policy') ?? '').split('; ').map((each) => each.split(/ (.*)/s)),
  );
  expect(policy).toEqual({
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self'",
    'connect-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
    'require-trusted-types-for': "'script'",
    'trusted-types': "'none'",
  });
});

test('its files have names of their own, and are kept', async () => {
  const assets = await assetsOf(service);
  expect(assets).toHaveLength(3);
  for (const asset of assets) {
    expect(asset).toMatch(/^\w+-[0-9A-Z]{8}\.(js|css|svg)$/);
    const { status, headers } = await service.get(`/${asset}`);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
  }
});

test('it comes compressed where that is understood, and is as good to HEAD', async () => {
  for (const file of ['/', ...(await assetsOf(service)).map((asset) => `/${asset}`)]) {
    const plain = await raw('GET', file);
    const packed = await raw('GET', file, { 'accept-encoding': 'gzip' });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.headers.vary).toBe('accept-encoding');
    expect(gunzipSync(packed.body).equals(plain.body)).toBe(true);
    expect((await raw('GET', file, { 'accept-encoding': 'br' })).headers['content-encoding']).toBe('br');
    const head = await raw('HEAD', file);
    expect(head.status).toBe(200);
    expect(head.body).toHaveLength(0);
    expect(head.headers['content-length']).toBe(String(plain.body.length));
  }
});

test('a path that is none is answered as of the API', async () => {
  for (const path of ['/nothing', '/main.js', '/../package.json', '/%2e%2e/package.json', '/index.html/x']) {
    const { status, body } = await raw('GET', path);
    expect([path, status, JSON.parse(body.toString()).error]).toEqual([path, 404, 'NOT_FOUND']);
  }
});

test('anybody may have the page; what it shows needs a key', async () => {
  const { hash } = newKey();
  const closed = await services.start({
    address: 'closed',
    apiKeys: [{ name: 'reader', hash, rights: ['read'] }],
  });
  expect((await closed.get('/')).status).toBe(200);
  for (const asset of await assetsOf(closed)) {
    expect((await closed.get(`/${asset}`)).status).toBe(200);
  }
  expect((await closed.post('namespaces/list', {})).status).toBe(401);
  expect((await closed.get('/api/v1/events')).status).toBe(401);
  expect((await closed.get('/api/v1/shards')).status).toBe(401);
});

test('who watches is told first of the minutes before', async () => {
  const controller = new AbortController();
  const { body } = await fetch(`${service.url}/api/v1/events`, { signal: controller.signal });
  const events: { event: string; value: Record<string, unknown> }[] = [];
  for await (const { event, data } of readEvents(textOf(body as ReadableStream<Uint8Array>))) {
    events.push({ event, value: JSON.parse(data) });
    if (events.length === 2) break;
  }
  controller.abort();
  expect(events.map(({ event }) => event)).toEqual(['history', 'status']);
  expect(events[0]?.value).toEqual(expect.any(Array));
  expect(events[1]?.value).toMatchObject({
    at: expect.stringMatching(/^\d{4}-.*Z$/),
    members: expect.arrayContaining(['service-0']),
    shards: expect.any(Number),
    lateness: { '0.001': expect.any(Number), '+Inf': expect.any(Number) },
  });
});

test('events are read wherever their text is cut', async () => {
  const text = 'event: a\ndata: {"x":"é"}\n\nevent: b\ndata: one\ndata: two\n\nevent: cut';
  for (let size = 1; size <= text.length; size++) {
    const chunks = text.match(new RegExp(`.{1,${size}}`, 'gs')) as string[];
    const events = [];
    for await (const each of readEvents(of(chunks))) events.push(each);
    expect(events).toEqual([
      { event: 'a', data: '{"x":"é"}' },
      { event: 'b', data: 'one\ntwo' },
    ]);
  }
});

test('a quantile is that of the bucket which it falls into', () => {
  const before = { '0.1': 10, '1': 10, '+Inf': 10 };
  expect(quantile(0.5, before, before)).toBe(0);
  expect(quantile(0.5, before, { '0.1': 20, '1': 20, '+Inf': 20 })).toBeCloseTo(0.05);
  expect(quantile(0.99, before, { '0.1': 10, '1': 110, '+Inf': 110 })).toBeCloseTo(0.1 + 0.9 * 0.99);
  // Of what is beyond the last bound, only that is known.
  expect(quantile(0.99, before, { '0.1': 10, '1': 10, '+Inf': 30 })).toBe(1);
});

test('an address leads to what it was made of, whatever stands in it', () => {
  const params = { namespace: 'a&b=c#d?', id: '"><script>\u0000é 😀/%' };
  expect(parseRoute(linkTo('timer', params))).toEqual({ view: 'timer', params });
  expect(linkTo('timers', { namespace: 'n', prefix: '', after: undefined })).toBe('#/timers?namespace=n');
  for (const hash of ['', '#', '#/', '#/constructor', '#/__proto__?x', 'nonsense']) {
    expect(parseRoute(hash).view).toBe('namespaces');
  }
});

async function* of(chunks: readonly string[]): AsyncGenerator<string> {
  yield* chunks;
}

/** As `fetch` does not show it: paths that are not made shorter, bodies that are not unpacked. */
async function raw(method: string, path: string, headers: Record<string, string> = {}) {
  const request = http.request(service.url, { method, path, headers });
  request.end();
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).once('error', reject);
  });
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
}

import type { LookupFunction } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { storedTimer } from '../../test/engine/http-call';
import { closeReceivers, openReceiver } from '../../test/engine/http-receiver';
import { Changes } from '../src/changes';
import { loadSettings } from '../src/config/load-settings';
import { Callbacks } from '../src/delivery/callbacks';
import { Metrics } from '../src/metrics';
import { Services, type TestedService } from './services';

const SECRETS = [
  'whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=',
  'whsec_OTg3NjU0MzIxMDk4NzY1NDMyMTA5ODc2NTQzMjEwOTg=',
];

let services: Services;
beforeAll(async () => {
  services = await Services.open();
});
afterAll(() => services.close());
afterEach(async () => {
  await services.stopAll();
  await closeReceivers();
});

async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const soon = () => new Date(Date.now() + 50).toISOString();
const deadOf = (service: TestedService, namespace: string, timerId: string) =>
  until(async () => {
    const { body } = await service.post('timers/get', { namespace, timerId });
    return body.state === 'dead' ? body : undefined;
  });

test('a timer is posted to its URL, signed by both secrets, and is gone then', async () => {
  const service = await services.start({ webhookSecrets: SECRETS, address: 'signing' });
  const receiver = await openReceiver((response) => response.end());
  const body = {
    namespace: 'signed',
    id: 'tea',
    executeAt: soon(),
    callbackUrl: receiver.origin,
    payload: { cup: 1 },
  };
  await service.post('timers/create', body);
  const received = await until(() => receiver.received[0]);
  expect(JSON.parse(received.body)).toMatchObject({
    id: 'tea',
    namespace: 'signed',
    payload: { cup: 1 },
    attempt: 1,
  });
  for (const secret of SECRETS) {
    new Webhook(secret).verify(received.body, received.headers);
  }
  await until(async () => {
    const { status } = await service.post('timers/get', { namespace: 'signed', timerId: 'tea' });
    return status === 404 ? true : undefined;
  });
});

test('a timer dies, is found, revived and delivered, and another one deleted', async () => {
  const service = await services.start({ address: 'reviving' });
  const answers = [410, 410];
  const receiver = await openReceiver((response) => {
    response.statusCode = answers.shift() ?? 200;
    response.end();
  });
  for (const timerId of ['revived', 'deleted']) {
    const body = { namespace: 'dead', id: timerId, executeAt: soon(), callbackUrl: receiver.origin };
    await service.post('timers/create', body);
    const dead = await deadOf(service, 'dead', timerId);
    expect(dead).toMatchObject({
      lastError: expect.stringMatching(/answered 410$/),
      attempts: 1,
      executedAt: expect.any(String),
    });
  }
  const listed = await service.post('timers/list', { namespace: 'dead', state: 'dead' });
  expect(listed.body.timers).toMatchObject([
    { id: 'deleted', state: 'dead', executedAt: expect.any(String) },
    { id: 'revived', state: 'dead', executedAt: expect.any(String) },
  ]);
  const exported = await service.post('timers/export', { namespace: 'dead', state: 'dead' });
  expect(JSON.parse(exported.body.split('\n')[0])).toMatchObject({ id: 'deleted', state: 'dead' });
  expect((await service.post('timers/delete-dead', { namespace: 'dead', timerId: 'deleted' })).status).toBe(
    204,
  );
  const revived = await service.post('timers/revive', { namespace: 'dead', timerId: 'revived' });
  expect(revived.body).toMatchObject({ state: 'pending', attempts: 0, lastError: null });
  await until(() => receiver.received[2]);
  const metrics = await service.get('/metrics');
  expect(metrics.body).toMatch(/pg_timer_delivery_duration_seconds_count\{outcome="refused"\} 2/);
});

test('private addresses are refused by default, however they are spelled, and names that stand for them', async () => {
  const lookup: LookupFunction = (_name, options, callback) => {
    if (options.all) {
      callback(null, [{ address: '127.0.0.1', family: 4 }]);
    } else {
      callback(null, '127.0.0.1', 4);
    }
  };
  const service = await services.start({ allowPrivateAddresses: false, address: 'refusing' }, lookup);
  const receiver = await openReceiver((response) => response.end());
  const { port } = receiver;
  const urls = [
    `http://127.0.0.1:${port}/`,
    `http://2130706433:${port}/`,
    `http://0177.0.0.1:${port}/`,
    `http://0x7f.1:${port}/`,
    `http://[::1]:${port}/`,
    `http://[::ffff:127.0.0.1]:${port}/`,
    `http://[64:ff9b::7f00:1]:${port}/`,
    `http://inside.example:${port}/`,
    'http://10.0.0.1/',
    'http://169.254.169.254/latest/meta-data/',
  ];
  const timers = urls.map((callbackUrl, index) => ({
    namespace: 'refused',
    id: `url-${index}`,
    executeAt: soon(),
    callbackUrl,
  }));
  expect((await service.post('timers/batch-create', { timers })).body).toMatchObject({ failed: 0 });
  for (const { id } of timers) {
    expect((await deadOf(service, 'refused', id)).lastError).toMatch(/private, loopback/);
  }
  expect(receiver.received).toEqual([]);
});

test('a redirect is not followed', async () => {
  const service = await services.start({ address: 'redirected' });
  const target = await openReceiver((response) => response.end());
  const receiver = await openReceiver((response) =>
    response.writeHead(307, { location: target.origin }).end(),
  );
  await service.post('timers/create', {
    namespace: 'redirect',
    id: 'r',
    executeAt: soon(),
    callbackUrl: receiver.origin,
  });
  expect((await deadOf(service, 'redirect', 'r')).lastError).toMatch(/redirects are not followed/);
  expect(target.received).toEqual([]);
});

test.each([
  ['a namespace', { namespaces: { few: { callbackConcurrency: 2 } } }],
  ['an origin', { callbackConcurrencyPerOrigin: 2 }],
])('%s has no more deliveries under way than it may, and loses none', async (_, limits) => {
  const service = await services.start({ address: 'limited', ...limits });
  let underWay = 0;
  let most = 0;
  const receiver = await openReceiver((response) => {
    most = Math.max(most, ++underWay);
    setTimeout(() => {
      underWay--;
      response.end();
    }, 20);
  });
  const timers = Array.from({ length: 12 }, (_, index) => ({
    namespace: 'few',
    id: `few-${index}`,
    executeAt: soon(),
    callbackUrl: receiver.origin,
  }));
  await service.post('timers/batch-create', { timers });
  await until(() => (receiver.received.length === 12 ? true : undefined));
  expect(most).toBeLessThanOrEqual(2);
});

test('lateness is counted by the clock of the server, whatever that of the process says', async () => {
  const metrics = new Metrics();
  const callbacks = new Callbacks(loadSettings(undefined, {}), metrics, new Changes());
  const executeAt = new Date(Date.now() + 3_600_000);
  const { signal } = new AbortController();
  const context = { signal, attempt: 1, dueAt: executeAt, beganAt: new Date(executeAt.getTime() + 250) };
  await expect(callbacks.deliver(storedTimer(null, { executeAt }), context)).rejects.toThrow(
    'no callbackUrl',
  );
  const { values } = await metrics.lateness.get();
  metrics.close();
  expect(values.find(({ metricName }) => metricName?.endsWith('_sum'))?.value).toBe(0.25);
});

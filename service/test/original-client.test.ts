import { once } from 'node:events';
import { connect } from 'node:net';
import { Services, type TestedService } from './services';

/**
 * The bodies of the examples of the original's OpenAPI document, at their paths, byte for byte as a client sends them that
 * writes JSON without spaces: `2.0` stays `2.0`. What the answers have to have is what the document requires.
 */
const simple =
  '{"namespace":"example-namespace","id":"user-notification-123","executeAt":"2024-12-20T15:30:00Z",' +
  '"callbackUrl":"https://api.example.com/webhooks/timer",' +
  '"payload":{"userId":"user123","action":"send_reminder","message":"Don\'t forget about your meeting!"}}';
const complex =
  '{"namespace":"example-namespace","id":"payment-retry-456","executeAt":"2024-12-20T10:00:00Z",' +
  '"callbackUrl":"https://payment.example.com/process","payload":{"orderId":"order-789","amount":99.99,"currency":"USD"},' +
  '"retryPolicy":{"maxRetries":3,"backoffMultiplier":2.0,"initialInterval":"30s"},"callbackTimeoutSeconds":10}';
/** The fields of the document's own schema of a retry policy, by its own examples. */
const bySchema = complex.replace(
  '"maxRetries":3,"backoffMultiplier":2.0,"initialInterval":"30s"',
  '"maxAttempts":3,"maxAttemptsDuration":"1h","initialInterval":"30s","backoffMultiplier":2.0,"maxInterval":"5m"',
);
const selection = '{"namespace":"example-namespace","timerId":"user-notification-123"}';
const updateTime =
  '{"namespace":"example-namespace","timerId":"user-notification-123","executeAt":"2024-12-21T15:30:00Z"}';
const updatePayload =
  '{"namespace":"example-namespace","timerId":"user-notification-123",' +
  '"payload":{"userId":"user456","action":"send_reminder","message":"Updated reminder message"}}';

const REQUIRED = ['namespace', 'id', 'executeAt', 'callbackUrl', 'createdAt', 'updatedAt'];
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

let services: Services;
let service: TestedService;
beforeAll(async () => {
  services = await Services.open();
  // The examples' times are past: their receivers have no address here, so that the timers wait for another attempt.
  service = await services.start({ allowPrivateAddresses: true }, (_name, _options, done) =>
    done(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), []),
  );
});
afterAll(() => services.close());

/** As it comes from the connection. */
async function send(call: string, body: string) {
  const { hostname, port } = new URL(service.url);
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST /api/v1/timers/${call} HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: OpenAPI-Generator/1.0.0/go\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nAccept: application/json\r\nContent-Type: application/json\r\n` +
      `Accept-Encoding: gzip\r\nConnection: close\r\n\r\n${body}`,
  );
  let text = '';
  socket.on('data', (chunk) => (text += chunk));
  await once(socket, 'close');
  const [head = '', content = ''] = text.split('\r\n\r\n');
  return {
    status: Number(head.split(' ')[1]),
    isJson: /^content-type: application\/json(;|\r?$)/im.test(head),
    body: content === '' ? undefined : JSON.parse(content),
  };
}

function expectTimer(answer: Awaited<ReturnType<typeof send>>, fields: object) {
  expect(answer).toMatchObject({ status: 200, isJson: true, body: fields });
  for (const field of REQUIRED) expect(typeof answer.body[field]).toBe('string');
  for (const field of ['executeAt', 'createdAt', 'updatedAt']) expect(answer.body[field]).toMatch(RFC3339);
}

function expectError(answer: Awaited<ReturnType<typeof send>>, status: number, error: string) {
  expect(answer).toMatchObject({ status, isJson: true, body: { error, message: expect.any(String) } });
  expect(answer.body.timestamp).toMatch(RFC3339);
}

test('the examples of the four calls are answered as the document says', async () => {
  const { payload } = JSON.parse(simple);
  expectTimer(await send('create', simple), {
    namespace: 'example-namespace',
    id: 'user-notification-123',
    executeAt: '2024-12-20T15:30:00.000Z',
    callbackUrl: 'https://api.example.com/webhooks/timer',
    payload,
  });
  expectTimer(await send('create', simple), { id: 'user-notification-123' });
  expectTimer(await send('get', selection), { id: 'user-notification-123', payload });
  expectTimer(await send('update', updateTime), { executeAt: '2024-12-21T15:30:00.000Z', payload });
  const { payload: updated } = JSON.parse(updatePayload);
  expectTimer(await send('update', updatePayload), { payload: updated });
  expect(await send('delete', selection)).toMatchObject({ status: 204, body: undefined });
  for (const call of ['get', 'delete']) expectError(await send(call, selection), 404, 'TIMER_NOT_FOUND');
  expectError(await send('update', updateTime), 404, 'TIMER_NOT_FOUND');
});

test('a retry policy of the document is taken by its schema, and that of its example is told which field is meant', async () => {
  const { retryPolicy, payload } = JSON.parse(bySchema);
  expectTimer(await send('create', bySchema), {
    id: 'payment-retry-456',
    payload,
    retryPolicy,
    callbackTimeoutSeconds: 10,
  });
  const refused = await send('create', complex);
  expectError(refused, 400, 'INVALID_ARGUMENT');
  expect(refused.body.message).toBe('retryPolicy.maxRetries is no field of this call: maxAttempts is meant');
});

test('what the document requires is missed by its name', async () => {
  for (const field of ['namespace', 'id', 'executeAt', 'callbackUrl']) {
    const { [field]: _, ...rest } = JSON.parse(simple);
    const answer = await send('create', JSON.stringify(rest));
    expectError(answer, 400, 'INVALID_ARGUMENT');
    expect(answer.body.details).toEqual({ argument: field });
  }
});

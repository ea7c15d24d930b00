import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import ts from 'typescript';
import { closeReceivers, openRawReceiver, openReceiver } from '../../test/engine/http-receiver';
import { errorOf } from '../../test/support/error-of';
import { newKey } from '../src/access/api-keys';
import { API_ERRORS } from '../src/api-error-codes';
import {
  CallAbortedError,
  CallTimeoutError,
  ConnectionFailedError,
  InvalidArgumentError,
  OutcomeUnknownError,
  SignatureInvalidError,
  TimerClient,
  TimerNotFoundError,
  UnauthenticatedError,
  UnexpectedAnswerError,
  verifyCallback,
} from '../src/client';
import { errorOfAnswer } from '../src/client/error-of-answer';
import { Services } from './services';

const { key, hash } = newKey();
const secrets = [1, 2, 3].map((byte) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`) as [
  string,
  string,
  string,
];
const namespace = 'client';
const creation = (id: string, fields: object = {}) => ({
  namespace,
  id,
  executeAt: '2030-01-31T12:00:00.000Z',
  callbackUrl: 'https://receiver.example/',
  ...fields,
});

let services: Services;
let client: TimerClient;
let serviceUrl: string;
beforeAll(async () => {
  services = await Services.open();
  ({ url: serviceUrl } = await services.start({
    apiKeys: [{ name: 'client', hash, rights: ['read', 'write', 'admin'] }],
    webhookSecrets: secrets.slice(0, 2),
  }));
  client = new TimerClient({ url: `${serviceUrl}/`, key });
});
afterAll(async () => {
  await closeReceivers();
  await services.close();
});

test('each call of the service is a method', async () => {
  const timer = creation('tea', { payload: { cup: 1 }, retryPolicy: { maxAttempts: 1 } });
  const created = await client.createTimer(timer);
  expect(created).toMatchObject({ ...timer, state: 'pending' });
  const of = { namespace, timerId: 'tea' };
  expect(await client.getTimer(of)).toEqual(created);
  expect(await client.updateTimer({ ...of, payload: null })).toMatchObject({ payload: null });
  expect(await client.deleteTimer(of)).toBeUndefined();
  const missing = await errorOf(client.deleteTimer(of));
  expect(missing).toBeInstanceOf(TimerNotFoundError);
  expect(missing).toMatchObject({ code: 'TIMER_NOT_FOUND', status: 404, requestId: expect.any(String) });
  const receiver = await openReceiver((response) => response.writeHead(410).end());
  const now = new Date().toISOString();
  await client.createTimer(creation('dies', { executeAt: now, callbackUrl: receiver.origin }));
  const dead = { namespace, timerId: 'dies' };
  while ((await client.getTimer(dead)).state !== 'dead');
  expect(await client.reviveTimer({ ...dead, executeAt: timer.executeAt })).toMatchObject({ attempts: 0 });
  await client.deleteTimer(dead);
  await expect(client.deleteDeadTimer(dead)).rejects.toBeInstanceOf(TimerNotFoundError);
  expect((await client.listShards()).shards).toHaveLength(8);
});

test('lists and namespaces go over their pages, and an export is a stream', async () => {
  const ids = Array.from({ length: 25 }, (_, index) => `many-${String(index).padStart(2, '0')}`);
  const batch = await client.batchCreateTimers({ timers: ids.map((id) => creation(id)) });
  expect(batch).toMatchObject({ created: 25, failed: 0 });
  const found: string[] = [];
  for await (const { id } of client.iterateTimers({ namespace, idPrefix: 'many-', limit: 10 }))
    found.push(id);
  expect(found).toEqual(ids);
  await client.createTimer({ ...creation('one'), namespace: 'client-2' });
  const namespaces: string[] = [];
  for await (const each of client.iterateNamespaces({ limit: 1 })) namespaces.push(each.namespace);
  expect(namespaces).toEqual([namespace, 'client-2']);
  const stream = await client.exportTimers({ namespace, idPrefix: 'many-', format: 'csv' });
  expect((await text(stream)).split('\n')).toHaveLength(1 + ids.length + 1);
});

test('each code of the service is a class of its own, and what is wrong is named', async () => {
  const classes = Object.entries(API_ERRORS).map(([error, status]) => {
    const thrown = errorOfAnswer(status, new Headers(), JSON.stringify({ error, message: 'm' }));
    expect(thrown).toMatchObject({ code: error, status, message: 'm' });
    return thrown.constructor;
  });
  expect(new Set(classes).size).toBe(Object.keys(API_ERRORS).length);
  const wrong = await errorOf(client.createTimer(creation('wrong', { executeAt: 'soon' })));
  expect(wrong).toBeInstanceOf(InvalidArgumentError);
  expect(wrong).toMatchObject({ argument: 'executeAt' });
  const stranger = new TimerClient({ url: serviceUrl, key: 'wrong' });
  await expect(stranger.listTimers({ namespace })).rejects.toBeInstanceOf(UnauthenticatedError);
  const infinite = client.createTimer(creation('infinite', { payload: { n: Number.POSITIVE_INFINITY } }));
  await expect(infinite).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', argument: 'n' });
});

const problem = (error: string) => JSON.stringify({ error, message: '', timestamp: '' });
const done = JSON.stringify({ id: 'one' });
const of = { namespace, timerId: 'one' };

/** Answers with these, one after the other. */
async function answering(...answers: [status: number, body: string, headers?: Record<string, string>][]) {
  const left = [...answers];
  const receiver = await openReceiver((response) => {
    const [status, body, headers] = left.shift() ?? [200, done];
    response.writeHead(status, headers).end(body);
  });
  return { receiver, client: new TimerClient({ url: receiver.origin }) };
}

test('what was not done is repeated, and not before the service says', async () => {
  const busy = await answering([429, problem('RATE_LIMITED'), { 'retry-after': '1' }]);
  const start = performance.now();
  await busy.client.reviveTimer(of);
  expect(performance.now() - start).toBeGreaterThanOrEqual(999);
  expect(busy.receiver.received).toHaveLength(2);
  const away = await answering([503, problem('UNAVAILABLE'), { 'retry-after': '0' }]);
  await away.client.reviveTimer(of);
  expect(away.receiver.received.map(({ body }) => body)).toEqual(Array(2).fill(JSON.stringify(of)));
});

test('what cannot be done in time is not waited for', async () => {
  const answers = await answering([503, problem('UNAVAILABLE'), { 'retry-after': '60' }]);
  await expect(answers.client.getTimer(of)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    retryAfterMs: 60_000,
  });
  expect(answers.receiver.received).toHaveLength(1);
});

test('what may have been done is repeated where that is safe', async () => {
  const unknown = await answering([504, problem('OUTCOME_UNKNOWN')], [502, '<h1>Bad gateway</h1>']);
  await unknown.client.createTimer(creation('one'));
  expect(unknown.receiver.received).toHaveLength(3);
  const revived = await answering([504, problem('OUTCOME_UNKNOWN')]);
  await expect(revived.client.reviveTimer(of)).rejects.toBeInstanceOf(OutcomeUnknownError);
  const proxied = await answering([503, 'upstream', { 'retry-after': '0' }]);
  await expect(proxied.client.reviveTimer(of)).rejects.toBeInstanceOf(UnexpectedAnswerError);
  const deleted = await answering([504, problem('OUTCOME_UNKNOWN')], [404, problem('TIMER_NOT_FOUND')]);
  expect(await deleted.client.deleteTimer(of)).toBeUndefined();
  const updated = await answering([504, problem('OUTCOME_UNKNOWN')], [404, problem('TIMER_NOT_FOUND')]);
  await expect(updated.client.updateTimer(of)).rejects.toBeInstanceOf(TimerNotFoundError);
});

test('a connection that breaks is repeated so too, and not for ever', async () => {
  let connections = 0;
  const { origin } = await openRawReceiver((socket) => {
    connections++;
    socket.destroy();
  });
  const broken = new TimerClient({ url: origin, maxAttempts: 3 });
  await expect(broken.getTimer(of)).rejects.toBeInstanceOf(ConnectionFailedError);
  expect(connections).toBe(3);
  await expect(broken.reviveTimer(of)).rejects.toBeInstanceOf(ConnectionFailedError);
  expect(connections).toBe(4);
});

test('other failures are not repeated, nor is a redirection followed', async () => {
  for (const [status, body] of [
    [400, problem('INVALID_ARGUMENT')],
    [500, problem('INTERNAL')],
    [302, ''],
    [200, 'no JSON'],
  ] as const) {
    const answers = await answering([status, body, { location: '/elsewhere' }]);
    await expect(answers.client.getTimer(of)).rejects.toMatchObject({ status });
    expect(answers.receiver.received).toHaveLength(1);
  }
});

test('a call ends by its time and by its signal', async () => {
  const silent = await openReceiver(() => {});
  const waiting = new TimerClient({ url: silent.origin });
  const late = await errorOf(waiting.getTimer(of, { timeoutMs: 50 }));
  expect(late).toBeInstanceOf(CallTimeoutError);
  const controller = new AbortController();
  const endless = { timeoutMs: Number.POSITIVE_INFINITY, signal: controller.signal };
  const aborted = errorOf(waiting.getTimer(of, endless));
  while (silent.received.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  controller.abort(new Error('enough'));
  expect(await aborted).toBeInstanceOf(CallAbortedError);
  expect(await aborted).toMatchObject({ cause: new Error('enough') });
  const before = errorOf(waiting.getTimer(of, { signal: controller.signal }));
  expect(await before).toBeInstanceOf(CallAbortedError);
  expect(silent.received).toHaveLength(2);
});

test('an export that is cut off, or that its reader has enough of, fails', async () => {
  const { origin } = await openRawReceiver((socket) => {
    socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/csv\r\ntransfer-encoding: chunked\r\n\r\n3\r\na,b\r\n');
  });
  const cut = await new TimerClient({ url: origin }).exportTimers({ namespace });
  await expect(text(cut)).rejects.toThrow();
  const controller = new AbortController();
  const stream = await client.exportTimers({ namespace }, { signal: controller.signal });
  controller.abort(new Error('enough'));
  await expect(text(stream)).rejects.toThrow('enough');
});

test('a callback is verified by either secret, and nothing else', async () => {
  const receiver = await openReceiver((response) => response.end());
  const now = new Date().toISOString();
  await client.createTimer(
    creation('signed', { executeAt: now, callbackUrl: receiver.origin, payload: { a: 1 } }),
  );
  while (receiver.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const [{ body, headers }] = receiver.received as [(typeof receiver.received)[number]];
  const [first, second, other] = secrets;
  for (const by of [first, second, [other, second], [first, other]]) {
    expect(verifyCallback(Buffer.from(body), new Headers(headers), by)).toEqual({
      id: 'signed',
      namespace,
      executeAt: now,
      attempt: 1,
      payload: { a: 1 },
      webhookId: headers['webhook-id'],
    });
  }
  const sent = new Date(Date.now() - 301_000);
  for (const [text, given, by] of [
    [body, headers, other],
    [body, headers, []],
    [`${body} `, headers, first],
    [body, { ...headers, 'webhook-id': 'msg_other' }, first],
    [body, { ...headers, 'webhook-timestamp': 'now' }, first],
    [body, { ...headers, 'webhook-signature': undefined }, first],
    [
      body,
      {
        'webhook-id': 'msg_old',
        'webhook-timestamp': String(Math.floor(sent.getTime() / 1000)),
        'webhook-signature': new Webhook(first).sign('msg_old', sent, body),
      },
      first,
    ],
  ] as const) {
    expect(() => verifyCallback(text, given, by)).toThrow(SignatureInvalidError);
  }
  expect(() => verifyCallback(body, headers, 'whsec_')).toThrow("Secret can't be empty");
});

test('it loads by import and by require, with nothing of the server', async () => {
  const from = path.join(__dirname, '../src/client');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'client-'));
  try {
    for (const file of fs.readdirSync(from)) {
      const { outputText } = ts.transpileModule(fs.readFileSync(path.join(from, file), 'utf8'), {
        compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
      });
      fs.writeFileSync(path.join(folder, file.replace(/\.ts$/, '.js')), outputText);
    }
    for (const name of ['standardwebhooks', '@stablelib', 'fast-sha256']) {
      fs.mkdirSync(path.join(folder, 'node_modules'), { recursive: true });
      fs.symlinkSync(
        path.join(__dirname, '../../node_modules', name),
        path.join(folder, 'node_modules', name),
      );
    }
    for (const code of [
      `const { TimerClient, verifyCallback } = require('./index.js');`,
      `import { TimerClient, verifyCallback } from './index.js';`,
    ]) {
      const type = code.startsWith('import') ? 'module' : 'commonjs';
      const print = `${code} console.log(typeof TimerClient, typeof verifyCallback);`;
      const output = execFileSync(process.execPath, [`--input-type=${type}`, '--eval', print], {
        cwd: folder,
      });
      expect(String(output)).toBe('function function\n');
    }
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

import { httpDelivery } from '../../src/engine';
import { errorOf } from '../support/error-of';
import { call, storedTimer } from './http-call';
import { closeReceivers, openReceiver } from './http-receiver';

afterEach(closeReceivers);

const JSON_OK = '{"ok": true}';

/** What becomes of a delivery that is answered so. */
async function deliverTo(status: number, body = '', headers: Record<string, string> = {}) {
  const { origin } = await openReceiver((response) => response.writeHead(status, headers).end(body));
  const deliver = httpDelivery();
  return call(deliver, storedTimer(origin)).finally(() => deliver.close());
}

describe('the request', () => {
  test('is a POST to the callback URL as it is written, with the timer as JSON', async () => {
    const { origin, received } = await openReceiver((response) => response.end());
    const timer = storedTimer(`${origin}/a%20b;c?d=%2F&e#f`, { payload: ['ä', null, { b: 1, a: 2 }] });
    const dueAt = new Date('2030-01-31T11:00:00.123Z');
    await call(httpDelivery(), timer, { attempt: 3, dueAt });
    expect(received).toMatchObject([
      {
        method: 'POST',
        url: '/a%20b;c?d=%2F&e',
        headers: { 'content-type': 'application/json', 'user-agent': 'pg-timer-store' },
      },
    ]);
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({
      id: 'order-42',
      namespace: 'reminders',
      payload: ['ä', null, { b: 1, a: 2 }],
      executeAt: '2030-01-31T11:00:00.123Z',
      attempt: 3,
    });
  });

  test('gives a user and password of the URL as basic authorization', async () => {
    const { port, received } = await openReceiver((response) => response.end());
    await call(httpDelivery(), storedTimer(`http://us%40er:p%3Aw@127.0.0.1:${port}/`));
    expect(received[0]?.headers['authorization']).toBe(
      `Basic ${Buffer.from('us@er:p:w').toString('base64')}`,
    );
    expect(received[0]?.url).toBe('/');
  });

  test('goes over a connection that is there already', async () => {
    const { origin, counts } = await openReceiver((response) => response.end(JSON_OK));
    const deliver = httpDelivery();
    for (let index = 0; index < 10; index++) {
      await call(deliver, storedTimer(`${origin}/${index}`));
    }
    // undici lets one rest for a turn of the event loop, so that two take turns.
    expect(counts.connections).toBeLessThanOrEqual(2);
  });
});

describe('what is done', () => {
  test.each([
    [200, ''],
    [201, ' \n'],
    [204, ''],
    [200, JSON_OK],
    [202, '{"ok": true, "nextExecuteAt": null, "of": "others"}'],
    [299, '{"ok": false, "ok": true}'],
    [200, `\ufeff${JSON_OK}\n`],
  ])('%i with %j', async (status, body) => {
    expect(await deliverTo(status, body)).toBeUndefined();
  });
});

describe('what fires again at a time that the receiver names', () => {
  test.each([
    ['2031-01-01T00:00:00Z', '2031-01-01T00:00:00.000Z'],
    ['2031-01-01t01:30:00.5+01:30', '2031-01-01T00:00:00.500Z'],
    ['2031-01-01T00:00:00.123456789Z', '2031-01-01T00:00:00.124Z'],
    ['2031-01-01T00:00:00.123000000Z', '2031-01-01T00:00:00.123Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s', async (nextExecuteAt, expected) => {
    const result = await deliverTo(200, JSON.stringify({ ok: false, nextExecuteAt }));
    expect(result).toStrictEqual({ nextExecuteAt: new Date(expected) });
  });

  test('not with a payload that would be stored as another one', async () => {
    const answer = (payload: string) =>
      `{"ok": true, "nextExecuteAt": "2031-01-01T00:00:00Z", "payload": ${payload}}`;
    for (const payload of ['12345678901234567890', '{"id": [9007199254740993]}', '1e400']) {
      expect(await errorOf(deliverTo(200, answer(payload)))).toMatchObject({
        code: 'DELIVERY_FAILED',
        message: 'answered 200 with a "payload" that has a number which a JavaScript number does not keep',
      });
    }
    expect(await deliverTo(200, answer('"12345678901234567890"'))).toMatchObject({
      payload: '12345678901234567890',
    });
  });

  test('with another payload, also null', async () => {
    const nextExecuteAt = '2031-01-01T00:00:00Z';
    for (const payload of [{ next: ['run'] }, null, false]) {
      expect(await deliverTo(200, JSON.stringify({ ok: true, nextExecuteAt, payload }))).toStrictEqual({
        nextExecuteAt: new Date(nextExecuteAt),
        payload,
      });
    }
  });
});

describe('what is tried again', () => {
  test.each([408, 425, 429, 500, 502, 503, 504, 599])('%i', async (status) => {
    expect(await errorOf(deliverTo(status, 'se-cret'))).toMatchObject({
      code: 'DELIVERY_FAILED',
      message: `answered ${status}`,
      retryAfterMs: undefined,
    });
  });

  test('200 with "ok": false', async () => {
    expect(await errorOf(deliverTo(200, '{"ok": false}', { 'retry-after': '7' }))).toMatchObject({
      code: 'DELIVERY_FAILED',
      message: 'answered 200 with "ok": false',
      retryAfterMs: 7000,
    });
  });

  test.each([
    ['120', undefined, 120_000],
    ['0', undefined, 0],
    ['Fri, 31 Jan 2030 12:00:30 GMT', 'Fri, 31 Jan 2030 12:00:00 GMT', 30_000],
    ['Friday, 31-Jan-30 12:00:30 GMT', 'Fri, 31 Jan 2030 12:00:00 GMT', 30_000],
    ['Thu Jan 31 12:00:30 2030', 'Fri, 31 Jan 2030 12:00:00 GMT', 30_000],
    ['Fri, 31 Jan 2020 12:00:00 GMT', 'Fri, 31 Jan 2030 12:00:00 GMT', 0],
    ['99999999999999999999999', undefined, 86_400_000],
    ['Fri, 31 Jan 2099 12:00:00 GMT', undefined, 86_400_000],
    ['1e3', undefined, undefined],
    ['-5', undefined, undefined],
    ['1.5', undefined, undefined],
    ['soon', undefined, undefined],
    ['2030-01-31T12:00:30Z', undefined, undefined],
    ['Fri, 99 Jan 2030 12:00:30 GMT', undefined, undefined],
    ['', undefined, undefined],
  ])('not before a Retry-After of %j', async (retryAfter, date, retryAfterMs) => {
    const headers = { 'Retry-After': retryAfter, ...(date !== undefined && { date }) };
    expect(await errorOf(deliverTo(503, '', headers))).toMatchObject({
      message: 'answered 503',
      retryAfterMs,
    });
  });

  test('not before a date by the clock of this process, where the receiver does not tell its own', async () => {
    const { origin } = await openReceiver((response) => {
      response.sendDate = false;
      response.writeHead(429, { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() }).end();
    });
    const { retryAfterMs } = (await errorOf(call(httpDelivery(), storedTimer(origin)))) as {
      retryAfterMs: number;
    };
    expect(Math.abs(retryAfterMs - 3_600_000)).toBeLessThan(10_000);
  });
});

describe('what is given up', () => {
  test.each([400, 401, 403, 404, 405, 410, 413, 418, 422, 451, 499])('%i', async (status) => {
    expect(await errorOf(deliverTo(status, 'se-cret', { 'retry-after': '7' }))).toMatchObject({
      code: 'DELIVERY_PERMANENT',
      name: 'PermanentDeliveryError',
      message: `answered ${status}`,
    });
  });

  test.each([300, 301, 302, 303, 304, 307, 308])('%i, without following it', async (status) => {
    const { origin, received } = await openReceiver((response) =>
      response.writeHead(status, { location: '/elsewhere' }).end(),
    );
    expect(await errorOf(call(httpDelivery(), storedTimer(origin)))).toMatchObject({
      code: 'DELIVERY_PERMANENT',
      message: `answered ${status}: redirects are not followed`,
    });
    expect(received).toHaveLength(1);
  });

  test.each([
    [null, 'the timer has no callbackUrl'],
    ['ftp://us:se-cret@host/', 'the callbackUrl is not one that can be called'],
    ['http://', 'the callbackUrl is not one that can be called'],
    ['http://us:%zz@127.0.0.1/', 'the callbackUrl is not one that can be called'],
    ['', 'the callbackUrl is not one that can be called'],
  ])('a callbackUrl of %j', async (callbackUrl, message) => {
    expect(await errorOf(call(httpDelivery(), storedTimer(callbackUrl)))).toMatchObject({
      code: 'DELIVERY_PERMANENT',
      message,
    });
  });
});

describe('options', () => {
  test.each([
    [null, 'options'],
    ['whsec_se-cret', 'options'],
    [[], 'options'],
    [{ secret: 'x' }, 'options.secret'],
    [{ maxPerOrigin: 0 }, 'options.maxPerOrigin'],
    [{ maxPerOrigin: 1.5 }, 'options.maxPerOrigin'],
    [{ maxPerOrigin: '8' }, 'options.maxPerOrigin'],
    [{ maxPerOrigin: 10_001 }, 'options.maxPerOrigin'],
    [{ allowPrivateAddresses: 0 }, 'options.allowPrivateAddresses'],
    [{ allowPrivateAddresses: null }, 'options.allowPrivateAddresses'],
    [{ lookup: 'dns' }, 'options.lookup'],
    [{ secrets: [] }, 'options.secrets'],
    [{ secrets: 'whsec_se-cret' }, 'options.secrets'],
    [{ secrets: [7] }, 'options.secrets[0]'],
    [{ secrets: ['se-cret'] }, 'options.secrets[0]'],
    [{ secrets: ['whsec_'] }, 'options.secrets[0]'],
    [{ secrets: [`whsec_${'!se-cret'.repeat(5)}`] }, 'options.secrets[0]'],
    [{ secrets: [`whsec_${Buffer.alloc(23).toString('base64')}`] }, 'options.secrets[0]'],
    [{ secrets: [`whsec_${Buffer.alloc(65).toString('base64')}`] }, 'options.secrets[0]'],
  ])('are refused by name: %j', (options, argument) => {
    let error: unknown;
    try {
      httpDelivery(options as object);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', argument });
    expect(String(error)).not.toContain('se-cret');
  });

  test('that are undefined are those that are absent', () => {
    httpDelivery({ secrets: undefined, maxPerOrigin: undefined, allowPrivateAddresses: undefined });
  });
});

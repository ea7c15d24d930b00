import type net from 'node:net';
import type { Timer } from '../../src';
import { type HttpDelivery, httpDelivery } from '../../src/engine';
import { errorOf } from '../support/error-of';
import { call, storedTimer } from './http-call';
import { closedPort, closeReceivers, openRawReceiver, openReceiver } from './http-receiver';

let deliver: HttpDelivery;

beforeEach(() => {
  deliver = httpDelivery();
});
afterEach(async () => {
  await deliver.close();
  await closeReceivers();
});

/** The error of a delivery to a receiver that writes these bytes. */
async function errorOfBytes(answer: string | ((socket: net.Socket) => void), fields: Partial<Timer> = {}) {
  const { origin } = await openRawReceiver((socket) =>
    typeof answer === 'string' ? socket.end(answer) : answer(socket),
  );
  return errorOf(call(deliver, storedTimer(origin, fields)));
}

const failed = (message: string) => ({ code: 'DELIVERY_FAILED', name: 'RetryableDeliveryError', message });

describe('an answer of nonsense is an error of its timer, and quotes nothing of it', () => {
  test.each([
    ['OK', 'with a body that is not JSON'],
    ['{"ok": true', 'with a body that is not JSON'],
    ['<html>se-cret</html>', 'with a body that is not JSON'],
    ['\ufeff{"ok": true}x', 'with a body that is not JSON'],
    ['['.repeat(100_000), 'with a body that is not JSON'],
    ['null', 'with JSON that is not an object'],
    ['true', 'with JSON that is not an object'],
    ['[{"ok": true}]', 'with JSON that is not an object'],
    ['"ok"', 'with JSON that is not an object'],
    ['{}', 'with an "ok" that is neither true nor false'],
    ['{"ok": 1}', 'with an "ok" that is neither true nor false'],
    ['{"ok": "true"}', 'with an "ok" that is neither true nor false'],
    ['{"__proto__": {"ok": true}}', 'with an "ok" that is neither true nor false'],
    ['{"nextExecuteAt": "2031-01-01T00:00:00Z"}', 'with an "ok" that is neither true nor false'],
  ])('%.40j', async (body, message) => {
    const { origin } = await openReceiver((response) => response.end(body));
    expect(await errorOf(call(deliver, storedTimer(origin)))).toMatchObject(
      failed(`answered 200 ${message}`),
    );
  });

  test.each([
    1924992000000,
    '',
    'tomorrow',
    '2031-01-01',
    '2031-01-01T00:00:00',
    '2031-01-01 00:00:00Z',
    '2031-02-29T00:00:00Z',
    '2031-04-31T00:00:00Z',
    '2031-13-01T00:00:00Z',
    '2031-00-01T00:00:00Z',
    '2031-01-00T00:00:00Z',
    '2031-01-01T24:00:00Z',
    '2031-12-31T23:59:60Z',
    '2031-01-01T00:00:00+24:00',
    '2031-01-01T00:00:00.Z',
    '0000-12-31T23:59:59Z',
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59.9999Z',
    '+12031-01-01T00:00:00Z',
    [],
    {},
    true,
  ])('"nextExecuteAt": %j', async (nextExecuteAt) => {
    const { origin } = await openReceiver((response) =>
      response.end(JSON.stringify({ ok: false, nextExecuteAt })),
    );
    expect(await errorOf(call(deliver, storedTimer(origin)))).toMatchObject(
      failed('answered 200 with a "nextExecuteAt" that is no time such as 2030-01-31T12:00:00Z'),
    );
  });

  test('a body that is not UTF-8, or is compressed', async () => {
    for (const body of [Buffer.from([0x7b, 0xff, 0x7d]), Buffer.from('1f8b0800', 'hex')]) {
      const { origin } = await openReceiver((response) => response.end(body));
      expect(await errorOf(call(deliver, storedTimer(origin)))).toMatchObject(
        failed('answered 200 with a body that is not JSON'),
      );
    }
  });

  test('a body of 128 KiB is read, one byte more is too much', async () => {
    const ok = '{"ok":true}';
    const { origin } = await openReceiver((response, { url }) =>
      response.end(ok.padEnd(128 * 1024 + (url === '/more' ? 1 : 0))),
    );
    expect(await call(deliver, storedTimer(origin))).toBeUndefined();
    expect(await errorOf(call(deliver, storedTimer(`${origin}/more`)))).toMatchObject(
      failed('answered 200 with a body of more than 131072 bytes'),
    );
  });

  test('a body without an end is read no further, and its connection ended', async () => {
    let ended: Promise<unknown> | undefined;
    const error = await errorOfBytes((socket) => {
      ended = new Promise((resolve) => socket.on('close', resolve));
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      const more = () => socket.writable && socket.write(`1000\r\n${'x'.repeat(4096)}\r\n`, more);
      more();
    });
    expect(error).toMatchObject(failed('answered 200 with a body of more than 131072 bytes'));
    await ended;
  });

  test('a failure with a body without an end is known by its status', async () => {
    const endless = (status: number) => (socket: net.Socket) => {
      socket.write(`HTTP/1.1 ${status} No\r\ntransfer-encoding: chunked\r\n\r\n`);
      const more = () => socket.writable && socket.write(`1000\r\n${'x'.repeat(4096)}\r\n`, more);
      more();
    };
    expect(await errorOfBytes(endless(503))).toMatchObject(failed('answered 503'));
    expect(await errorOfBytes(endless(404))).toMatchObject({ code: 'DELIVERY_PERMANENT' });
  });

  test('a failure whose body stops on the way is known by its status', async () => {
    const stalled = (socket: net.Socket) => socket.write('HTTP/1.1 404 No\r\ncontent-length: 9\r\n\r\nNot');
    expect(await errorOfBytes(stalled, { callbackTimeoutSeconds: 0.1 })).toMatchObject({
      code: 'DELIVERY_PERMANENT',
      message: 'answered 404',
    });
  });

  test.each([
    ['\u0000\u0001se-cret', 'no answer: HPE_INVALID_CONSTANT'],
    ['HTTP/9.9 200 OK\r\n\r\n', 'no answer: HPE_INVALID_VERSION'],
    ['HTTP/1.1 200 OK\r\ncontent-length: 5x\r\n\r\n', 'no answer: UND_ERR_RES_CONTENT_LENGTH_MISMATCH'],
    ['HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{"ok"', 'no answer: UND_ERR_SOCKET'],
    [`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 'no answer: UND_ERR_HEADERS_OVERFLOW'],
    ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n', 'no answer: UND_ERR_SOCKET'],
    ['HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n', 'no answer: UND_ERR_SOCKET'],
  ])('the bytes %.40j', async (bytes, message) => {
    const error = (await errorOfBytes(bytes)) as Error;
    expect(error).toMatchObject(failed(message));
    expect(error.cause).toBeUndefined();
  });

  test('an informational answer before the real one does no harm', async () => {
    const { origin } = await openRawReceiver((socket) =>
      socket.end('HTTP/1.1 103 Early Hints\r\nretry-after: 9\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n'),
    );
    expect(await call(deliver, storedTimer(origin))).toBeUndefined();
  });
});

describe('no answer', () => {
  const inTime = { callbackTimeoutSeconds: 0.2 };

  test('within the time-out of the timer, at whatever point it stays away', async () => {
    const silent = [
      () => {},
      (socket: net.Socket) => socket.write('HTTP/1.1 200'),
      (socket: net.Socket) => socket.write('HTTP/1.1 102 Processing\r\n\r\n'),
      (socket: net.Socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{"ok":'),
    ];
    for (const answer of silent) {
      expect(await errorOfBytes(answer, inTime)).toMatchObject(failed('no answer within 0.2 s'));
    }
  });

  test('that trickles in is not waited for any longer', async () => {
    const error = await errorOfBytes((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n');
      const trickle = setInterval(() => socket.write(' '), 20);
      socket.on('close', () => clearInterval(trickle));
    }, inTime);
    expect(error).toMatchObject(failed('no answer within 0.2 s'));
  });

  test('within a time-out that no setTimeout can hold is waited for', async () => {
    const { origin } = await openReceiver((response) => setImmediate(() => response.end()));
    await call(deliver, storedTimer(origin, { callbackTimeoutSeconds: 2 ** 31 - 1 }));
  });

  test('while a connection opens ends at the time-out, too', async () => {
    // A resolver that never says anything keeps the connection from being opened.
    const silent = httpDelivery({ lookup: () => {} });
    const error = await errorOf(call(silent, storedTimer('http://name.example/', inTime)));
    expect(error).toMatchObject(failed('no answer within 0.2 s'));
    await silent.close();
  });

  test('from a port that nobody listens on', async () => {
    const port = await closedPort();
    expect(await errorOf(call(deliver, storedTimer(`http://us:se-cret@127.0.0.1:${port}/`)))).toMatchObject(
      failed('no answer: ECONNREFUSED'),
    );
  });

  test('from a name that does not exist', async () => {
    expect(await errorOf(call(deliver, storedTimer('http://name.invalid/')))).toMatchObject({
      code: 'DELIVERY_FAILED',
      message: expect.stringMatching(/^no answer: (ENOTFOUND|EAI_AGAIN)$/),
    });
  });

  test('from a connection that is cut', async () => {
    expect(await errorOfBytes((socket) => socket.resetAndDestroy())).toMatchObject(
      failed('no answer: ECONNRESET'),
    );
    expect(await errorOfBytes((socket) => socket.end())).toMatchObject(failed('no answer: UND_ERR_SOCKET'));
  });

  test('from a receiver that speaks no TLS', async () => {
    const { port } = await openReceiver((response) => response.end());
    const { code, message } = (await errorOf(
      call(deliver, storedTimer(`https://127.0.0.1:${port}/`)),
    )) as Error & { code: string };
    expect(code).toBe('DELIVERY_FAILED');
    expect(message).toMatch(/^no answer: E\w+$/);
  });
});

describe('the signal', () => {
  test('ends a delivery that is under way, with its reason, and its connection', async () => {
    const controller = new AbortController();
    const reason = new Error('lost the shard');
    let closed: Promise<unknown> | undefined;
    const { origin } = await openRawReceiver((socket) => {
      closed = new Promise((resolve) => socket.on('close', resolve));
      controller.abort(reason);
    });
    expect(await errorOf(call(deliver, storedTimer(origin), { signal: controller.signal }))).toBe(reason);
    await closed;
  });

  test('that has fired already lets nothing be sent', async () => {
    const { origin, counts } = await openReceiver((response) => response.end());
    const reason = new Error('stopped');
    const signal = AbortSignal.abort(reason);
    expect(await errorOf(call(deliver, storedTimer(origin), { signal }))).toBe(reason);
    expect(counts.connections).toBe(0);
  });

  test('that fires while a connection opens ends the delivery, and nothing is sent when it is open', async () => {
    const { port, received } = await openReceiver((response) => response.end());
    const controller = new AbortController();
    let openConnection = () => {};
    const slow = httpDelivery({
      maxPerOrigin: 1,
      lookup: (_hostname, _options, callback) => {
        const found = () => callback(null, [{ address: '127.0.0.1', family: 4 }]);
        if (controller.signal.aborted) {
          found();
        } else {
          openConnection = found;
          controller.abort();
        }
      },
    });
    const timer = storedTimer(`http://name.example:${port}/`);
    expect(await errorOf(call(slow, timer, { signal: controller.signal }))).toBe(controller.signal.reason);
    openConnection();
    await call(slow, { ...timer, id: 'next' });
    expect(received.map(({ body }) => JSON.parse(body).id)).toEqual(['next']);
    await slow.close();
  });
});

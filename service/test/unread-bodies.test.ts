/** Bodies that nobody reads, since their call was refused before: what is left of them is let come, within bounds. */
import { createHash } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { Services, type TestedService } from './services';

const KEY = 'a-key';
const CREATE =
  'POST /api/v1/timers/create HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nauthorization: Bearer wrong\r\n';
const CHUNK = `10000\r\n${'x'.repeat(0x10000)}\r\n`;

let services: Services;
let service: TestedService;
beforeAll(async () => {
  services = await Services.open();
  const hash = `sha256:${createHash('sha256').update(KEY).digest('hex')}`;
  service = await services.start({ apiKeys: [{ name: 'somebody', hash, rights: ['write'] }] });
});
afterAll(() => services.close());

async function connect(): Promise<net.Socket> {
  const { hostname, port } = new URL(service.url);
  const socket = net.connect(Number(port), hostname);
  // It may be reset.
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

async function firstLine(socket: net.Socket): Promise<string> {
  const [data] = (await once(socket, 'data')) as [Buffer];
  return data.toString('latin1').split('\r\n')[0] as string;
}

test('a body without end is cut off', async () => {
  const socket = await connect();
  socket.write(`${CREATE}transfer-encoding: chunked\r\n\r\n`);
  expect(await firstLine(socket)).toBe('HTTP/1.1 401 Unauthorized');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const send = () => {
    while (socket.writable && socket.write(CHUNK));
  };
  socket.on('drain', send);
  send();
  await closed;
  // Most of it has never left this process, or waits in the system's buffers.
  expect(socket.bytesWritten - socket.writableLength).toBeLessThan(64 * 1024 ** 2);
});

test('of a body in pieces of a byte no more is read than takes as long as one in large pieces', async () => {
  let read = () => 0;
  const note = (message: unknown) => {
    const { socket } = message as { socket: net.Socket };
    read = () => socket.bytesRead;
  };
  subscribe('http.server.request.start', note);
  const socket = await connect();
  socket.write(`${CREATE}transfer-encoding: chunked\r\n\r\n`);
  expect(await firstLine(socket)).toBe('HTTP/1.1 401 Unauthorized');
  unsubscribe('http.server.request.start', note);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write('1\r\nx\r\n'.repeat(1024 ** 2));
  await closed;
  expect(read()).toBeLessThan(512 * 1024);
});

test('nor while its call waits in the line of those with wrong keys', async () => {
  const others = await Promise.all(Array.from({ length: 300 }, connect));
  for (const other of others) {
    other.write(`${CREATE}content-length: 0\r\n\r\n`);
  }
  let read = () => 0;
  const note = (message: unknown) => {
    const { request, socket } = message as { request: http.IncomingMessage; socket: net.Socket };
    if (request.headers['transfer-encoding'] !== undefined) {
      read = () => socket.bytesRead;
    }
  };
  subscribe('http.server.request.start', note);
  const socket = await connect();
  socket.write(`${CREATE}transfer-encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(1024 ** 2)}`);
  expect(await firstLine(socket)).toBe('HTTP/1.1 401 Unauthorized');
  unsubscribe('http.server.request.start', note);
  // 64 KiB come at a time, and are looked at afterwards.
  expect(read()).toBeLessThan(80_000);
  for (const each of [socket, ...others]) {
    each.destroy();
  }
});

test('a body that stops coming is waited for no longer than seconds', async () => {
  const socket = await connect();
  socket.write(`${CREATE}content-length: 1000\r\n\r\n{`);
  expect(await firstLine(socket)).toBe('HTTP/1.1 401 Unauthorized');
  await once(socket, 'close');
});

test('whoever sends all before it reads gets the answer, and may call again', async () => {
  const socket = await connect();
  const body = 'x'.repeat(300_000);
  socket.write(`${CREATE}content-length: ${body.length}\r\n\r\n`);
  socket.pause();
  await new Promise((resolve) => socket.write(body, resolve));
  const answered = firstLine(socket);
  socket.resume();
  expect(await answered).toBe('HTTP/1.1 401 Unauthorized');
  socket.write('GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n');
  expect(await firstLine(socket)).toBe('HTTP/1.1 200 OK');
  const closed = once(socket, 'close');
  socket.write('GET /health/live HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
  await closed;
});

test.each([
  ['wrong', 401],
  [KEY, 413],
])('a body that is much too large does not keep its sender from the answer (%#)', async (key, status) => {
  const body = Buffer.alloc(10_000_000, 'x');
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  for (let count = 0; count < 20; count++) {
    const request = http.request(`${service.url}/api/v1/timers/create`, { method: 'POST', headers });
    request.end(body);
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
    expect(answer.statusCode).toBe(status);
    expect(answer.headers.connection).toBe('close');
    // Of the rest of its body.
    request.on('error', () => {});
    request.destroy();
  }
});

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { errorOf } from '../support/error-of';
import { type ServerProcess, startServerProcess } from '../support/server-process';

let directory: string;
let started: ServerProcess[];

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'embedded-server-'));
  started = [];
});

afterEach(async () => {
  await Promise.all(started.map((server) => server.stop()));
  fs.rmSync(directory, { recursive: true, force: true });
});

async function start(): Promise<ServerProcess> {
  const server = await startServerProcess({ dataDir: path.join(directory, 'data') });
  started.push(server);
  return server;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** Nobody listens there any longer. */
async function untilGone(url: string): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const error = await query(url, 'SELECT 1').catch((reason: { code?: string }) => reason);
    if ('code' in error && error.code === 'ECONNREFUSED') {
      return;
    }
    expect(Date.now()).toBeLessThan(deadline);
  }
}

test('what was committed is there after the server was killed', async () => {
  const first = await start();
  await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  process.kill(first.pid, 'SIGKILL');
  await untilGone(first.url);
  await first.stop();

  const second = await start();
  expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
});

test('the server ends when its program is killed, and starts again on the same data', async () => {
  const first = await start();
  await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  first.program.kill('SIGKILL');
  await untilGone(first.url);

  const second = await start();
  expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
});

test('a second program on the same data is refused', async () => {
  await start();
  await expect(start()).rejects.toThrow(/in use|another/i);
});

test('commits are durable, and nobody comes in without the password', async () => {
  const { url } = await start();
  expect(await query(url, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
  expect(await query(url, 'SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
  const withWrongPassword = new URL(url);
  withWrongPassword.password = 'guess';
  expect(await errorOf(query(withWrongPassword.href, 'SELECT 1'))).toMatchObject({ code: '28P01' });
});

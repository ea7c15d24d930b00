import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { Client } from 'pg';
import { errorOf } from './support/error-of';

const MODULE = pathToFileURL(path.join(__dirname, '../scripts/embedded-server.mjs')).href;

/** Starts a server, tells where it is, and stops it when its input ends. */
const PROGRAM = `
  import { startEmbeddedServer } from ${JSON.stringify(MODULE)};
  const server = await startEmbeddedServer({ dataDir: process.argv[1] }).catch((error) => {
    console.log(JSON.stringify({ error: error.message }));
    process.exit(1);
  });
  console.log(JSON.stringify({ url: server.url(), pid: server.pid }));
  process.stdin.resume().on('end', async () => {
    await server.stop();
    process.exit();
  });
`;

interface Child {
  readonly process: ChildProcess;
  readonly exited: Promise<unknown>;
}

interface Started {
  readonly child: Child;
  readonly url: string;
  readonly pid: number;
  readonly error?: string;
}

let directory: string;
let started: Child[];

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'embedded-server-'));
  started = [];
});

afterEach(async () => {
  await Promise.all(started.map(end));
  fs.rmSync(directory, { recursive: true, force: true });
});

async function start(): Promise<Started> {
  const program = spawn(
    process.execPath,
    ['--input-type=module', '-e', PROGRAM, path.join(directory, 'data')],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const child = { process: program, exited: once(program, 'exit') };
  started.push(child);
  const [line] = await once(createInterface({ input: program.stdout }), 'line');
  return { child, ...JSON.parse(line) };
}

async function end(child: Child): Promise<void> {
  child.process.stdin?.end();
  await child.exited;
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
  await end(first.child);

  const second = await start();
  expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
});

test('the server ends when its program is killed, and starts again on the same data', async () => {
  const first = await start();
  await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  first.child.process.kill('SIGKILL');
  await untilGone(first.url);

  const second = await start();
  expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
});

test('a second program on the same data is refused', async () => {
  await start();
  const { error } = await start();
  expect(error).toMatch(/in use|another/i);
});

test('commits are durable, and nobody comes in without the password', async () => {
  const { url } = await start();
  expect(await query(url, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
  expect(await query(url, 'SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
  const withWrongPassword = new URL(url);
  withWrongPassword.password = 'guess';
  expect(await errorOf(query(withWrongPassword.href, 'SELECT 1'))).toMatchObject({ code: '28P01' });
});

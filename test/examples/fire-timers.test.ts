import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { type NewTimer, shardIdFor } from '../../src';
import { ALL, openStoreFixture, type StoreFixture } from '../support/store-fixture';

jest.setTimeout(60_000);

const ROOT = path.join(__dirname, '../..');
/** As npm start runs it, but in one process. */
const TSX = require.resolve('tsx');
const SHARDS = [0, 1];

let fixture: StoreFixture;
let directory: string;
let receiver: http.Server;
let origin: string;
/** Paths that were called, in order; each `called` event tells of one more. */
let calls: string[];
let answer: (path: string) => number;

beforeEach(async () => {
  fixture = await openStoreFixture();
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'fire-timers-'));
  calls = [];
  answer = () => 200;
  receiver = http.createServer((request, response) => {
    const called = request.url ?? '';
    calls.push(called);
    response.writeHead(answer(called)).end();
    receiver.emit('called');
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
});

afterEach(async () => {
  receiver.close();
  receiver.closeAllConnections();
  fs.rmSync(directory, { recursive: true });
  await fixture.close();
});

function line(id: string, fields: object = {}): string {
  return JSON.stringify({
    id,
    namespace: 'test',
    executeAt: '+0.1s',
    callbackUrl: `${origin}/${id}`,
    ...fields,
  });
}

/** On the test's database. */
function start(lines: readonly string[], ...args: string[]): ChildProcessWithoutNullStreams {
  return run([...args, `--database=${databaseUrl()}`, fileOf(lines)]);
}

function databaseUrl(): string {
  return fixture.database.url;
}

function fileOf(lines: readonly string[]): string {
  const file = path.join(directory, 'timers.jsonl');
  fs.writeFileSync(file, lines.join('\n'));
  return file;
}

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcessWithoutNullStreams {
  const script = path.join(ROOT, 'examples/fire-timers.ts');
  return spawn(process.execPath, ['--import', TSX, script, `--shards=${SHARDS.length}`, ...args], {
    cwd: directory,
    env: { PATH: process.env['PATH'], ...env },
  });
}

async function end(
  child: ChildProcessWithoutNullStreams,
): Promise<{ exitCode: number | null; output: string }> {
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const [exitCode] = await once(child, 'close');
  return { exitCode, output };
}

async function storedIds(): Promise<string[]> {
  const pages = await Promise.all(SHARDS.map((shardId) => fixture.store.rangeGetTimers(shardId, ALL, 1000)));
  return pages.flat().map((timer) => timer.id);
}

test('every timer of the file is delivered, and the exit code is 0', async () => {
  const ids = Array.from({ length: 20 }, (_, index) => `timer-${index}`);
  const { exitCode, output } = await end(start(ids.map((id) => line(id, { payload: { id } }))));
  expect(output).toMatch(/stored +│ +20 [\s\S]*fired +│ +20 /);
  expect(exitCode).toBe(0);
  expect(calls.sort()).toEqual(ids.map((id) => `/${id}`).sort());
  expect(await storedIds()).toEqual([]);
});

test('a timer that was due long ago is delivered, in a second run too', async () => {
  const old = line('old', { executeAt: '2001-02-03T04:05:06.789Z' });
  expect(await end(start([old]))).toMatchObject({ exitCode: 0 });
  expect(await end(start([old]))).toMatchObject({ exitCode: 0 });
  expect(calls).toEqual(['/old', '/old']);
});

test('a callback that fails is tried again by its policy', async () => {
  answer = () => (calls.length < 3 ? 503 : 200);
  const retryPolicy = { maxAttempts: 3, initialIntervalSeconds: 0.01 };
  const { exitCode, output } = await end(start([line('flaky', { retryPolicy })]));
  expect(output).toMatch(/retried +│ +2 /);
  expect(exitCode).toBe(0);
  expect(calls).toEqual(['/flaky', '/flaky', '/flaky']);
});

test('a callback that keeps failing is given up, reported, and makes the exit code 1', async () => {
  answer = (called) => (called === '/broken' ? 500 : 200);
  const retryPolicy = { maxAttempts: 2, initialIntervalSeconds: 0.01 };
  const { exitCode, output } = await end(start([line('broken', { retryPolicy }), line('good')]));
  expect(output).toContain('test/broken is given up after 2 attempts: answered 500');
  expect(exitCode).toBe(1);
  expect(calls.sort()).toEqual(['/broken', '/broken', '/good']);
});

test('killed in the middle and started again, it goes on with what is left and loses nothing', async () => {
  const early = Array.from({ length: 10 }, (_, index) => line(`early-${index}`));
  const late = Array.from({ length: 10 }, (_, index) => line(`late-${index}`, { executeAt: '+3s' }));
  const first = start([...early, ...late]);
  const ended = end(first);
  while (calls.length < 10) {
    await once(receiver, 'called');
  }
  first.kill('SIGKILL');
  await ended;
  expect((await storedIds()).filter((id) => id.startsWith('late'))).toHaveLength(10);

  const { exitCode, output } = await end(start([line('other')]));
  expect(output).toContain('of an earlier run are left');
  expect(exitCode).toBe(0);
  // At least once: what was under way at the kill may come twice.
  expect(new Set(calls).size).toBe(20);
  expect(calls).not.toContain('/other');
  expect(await storedIds()).toEqual([]);
});

test('by SIGTERM, what is under way is finished, and the rest is left', async () => {
  const child = start([line('early'), line('late', { executeAt: '+60s' })]);
  const ended = end(child);
  await once(receiver, 'called');
  child.kill('SIGTERM');
  const { exitCode, output } = await ended;
  expect(output).toMatch(/fired +│ +1 /);
  expect(exitCode).toBe(143);
  expect(await storedIds()).toEqual(['late']);
});

test('a shard that another process claims meanwhile is left to it, and the exit code is 1', async () => {
  const ended = end(start([line('early'), line('late', { executeAt: '+60s' })]));
  await once(receiver, 'called');
  const lost = shardIdFor('early', SHARDS.length);
  const { current } = await fixture.store.claimShardOwnership(lost, 'host-a:7000');
  const { exitCode, output } = await ended;
  expect(output).toContain(`Shard ${lost} was claimed by another process`);
  expect(exitCode).toBe(1);
  expect(await fixture.store.getShard(lost)).toMatchObject({ shardVersion: current.shardVersion });
  expect(await storedIds()).toContain('late');
});

test('another number of shards than before is refused, and nothing is stored', async () => {
  expect(await end(start([line('one')]))).toMatchObject({ exitCode: 0 });
  const { exitCode, output } = await end(start([line('two')], '--shards=1'));
  expect(output).toContain('the timers were stored with --shards 2');
  expect(exitCode).toBe(1);
  expect(await storedIds()).toEqual([]);
});

test('a file with a bad line is refused with its number, and nothing is stored', async () => {
  const { exitCode, output } = await end(start([line('good'), line('x', { callbackUrl: 'ftp://host/' })]));
  expect(output).toContain('line 2: callbackUrl must be');
  expect(exitCode).toBe(2);
  expect(await storedIds()).toEqual([]);
});

test('the server of DATABASE_URL is left alone, and a line says so', async () => {
  const { exitCode, output } = await end(run([fileOf([line('one')])], { DATABASE_URL: databaseUrl() }));
  expect(output).toMatch(/^DATABASE_URL is ignored/m);
  expect(exitCode).toBe(0);
  expect(calls).toEqual(['/one']);
  expect(await fixture.store.getShard(0)).toBeNull();
});

test('shards that somebody else holds are refused by name, and left as they are', async () => {
  const { current } = await fixture.store.claimShardOwnership(1, 'host-a:7000');
  await fixture.store.createTimer(1, current.shardVersion, theirs());
  const { exitCode, output } = await end(start([line('one')]));
  expect(output).toContain('shard 1 belongs to host-a:7000');
  expect(exitCode).toBe(1);
  expect(await fixture.store.getShard(0)).toBeNull();
  expect(await fixture.store.getShard(1)).toEqual(current);
  expect(await storedIds()).toEqual(['theirs']);
  expect(calls).toEqual([]);
});

test('shards with timers that nobody holds yet are refused by name, and left as they are', async () => {
  await fixture.store.createTimerNoLock(1, theirs());
  const { exitCode, output } = await end(start([line('one')]));
  expect(output).toContain('shard 1 has timers already');
  expect(exitCode).toBe(1);
  expect(await fixture.store.getShard(0)).toBeNull();
  expect(await storedIds()).toEqual(['theirs']);
  expect(calls).toEqual([]);
});

test('a database that is not migrated is refused, and left as it is', async () => {
  await fixture.direct.query('DROP TABLE timers');
  const { exitCode, output } = await end(start([line('one')]));
  expect(output).toContain('SCHEMA_MISMATCH');
  expect(exitCode).toBe(1);
  const { rows } = await fixture.direct.query(`SELECT to_regclass('timers') AS "table"`);
  expect(rows).toEqual([{ table: null }]);
});

test('a file that is not there is refused before anything is connected to', async () => {
  const { exitCode, output } = await end(run(['--database=postgres://127.0.0.1:1/none', 'misspelt.jsonl']));
  expect(output).toContain('misspelt.jsonl');
  expect(output).not.toContain('STORE_UNAVAILABLE');
  expect(exitCode).toBe(2);
});

test('a bad line is found before a shard is claimed', async () => {
  expect(await end(start(['{}']))).toMatchObject({ exitCode: 2 });
  expect(await fixture.store.getShard(0)).toBeNull();
});

/** A timer of another service. */
function theirs(): NewTimer {
  return { id: 'theirs', namespace: 'orders', executeAt: new Date(0), callbackUrl: `${origin}/theirs` };
}

test('an unknown option is refused with a hint', async () => {
  const { exitCode, output } = await end(start([], '--speed=9'));
  expect(output).toContain('--help');
  expect(exitCode).toBe(2);
});

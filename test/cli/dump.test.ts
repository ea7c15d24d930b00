import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { CommandLine, run } from './command-line';
import { claimShards, create, createDead, SHARD_COUNT } from './data';

let fixture: StoreFixture;
let directory: string;
beforeEach(async () => {
  fixture = await openStoreFixture();
  await claimShards(fixture);
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'dump-'));
});
afterEach(async () => {
  fs.rmSync(directory, { recursive: true });
  await fixture.close();
});

const dump = (...args: string[]) => run(['dump', ...args], { DATABASE_URL: fixture.database.storeUrl });

/** As lines of a file. */
async function loadMany(count: number): Promise<void> {
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      id: `timer-${index}`,
      namespace: `ns-${index % 3}`,
      executeAt: new Date(Date.UTC(2030, 0, 1) + index).toISOString(),
      payload: { index, note: 'é'.repeat(index % 50) },
      ...(index % 2 === 0 && {
        callbackUrl: 'https://example.com/hook',
        retryPolicy: { maxAttempts: index },
      }),
    }),
  );
  const loaded = await run(['load', '-'], { DATABASE_URL: fixture.database.storeUrl }, lines.join('\n'));
  expect(loaded).toMatchObject({ exitCode: 0 });
}

test('what was dumped and loaded elsewhere is dumped the same', async () => {
  await loadMany(3_000);
  const { exitCode, stdout, stderr } = await dump();
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: 'pg-timer-store: dumped 3,000 timers\n' });
  expect(stdout.trim().split('\n')).toHaveLength(3_000);
  const elsewhere = await openStoreFixture();
  try {
    const env = { DATABASE_URL: elsewhere.database.storeUrl };
    expect(await run(['load', '-', '--shards', String(SHARD_COUNT)], env, stdout)).toMatchObject({
      exitCode: 0,
    });
    expect((await run(['dump'], env)).stdout).toBe(stdout);
  } finally {
    await elsewhere.close();
  }
});

test('what is not part of a dump is said', async () => {
  await create(fixture, { id: 'one' });
  await createDead(fixture, 'two', 'x');
  await fixture.direct.query(`UPDATE timers SET timer_first_attempt_at = now() WHERE timer_id = 'one'`);
  const { exitCode, stderr } = await dump();
  expect(exitCode).toBe(0);
  expect(stderr.split('\n')).toEqual([
    'pg-timer-store: dumped 1 timers',
    expect.stringContaining('1 of them are between attempts'),
    expect.stringContaining('1 dead timers are not part of a dump'),
    '',
  ]);
});

describe('--output', () => {
  test('writes a file, which must not be there', async () => {
    await loadMany(10);
    const file = path.join(directory, 'timers.jsonl');
    expect(await dump('--output', file)).toMatchObject({ exitCode: 0, stdout: '' });
    expect(fs.readFileSync(file, 'utf8')).toBe((await dump()).stdout);
    const again = await dump('--output', file);
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain('--resume goes on with it');
  });

  test.each([
    ['in the middle of a line', 0.5],
    ['at its beginning', 0],
    ['in the middle of its last line', 0.9999],
  ])('a file that ends %s is gone on with by --resume', async (_, part) => {
    await loadMany(2_000);
    const { stdout } = await dump();
    const file = path.join(directory, 'timers.jsonl');
    fs.writeFileSync(file, Buffer.from(stdout).subarray(0, Math.floor(part * Buffer.byteLength(stdout))));
    expect(await dump('--output', file, '--resume')).toMatchObject({ exitCode: 0 });
    expect(fs.readFileSync(file, 'utf8')).toBe(stdout);
  });

  test('a file of something else is not gone on with', async () => {
    const file = path.join(directory, 'timers.jsonl');
    fs.writeFileSync(file, 'a letter\n');
    const { exitCode, stderr } = await dump('--output', file, '--resume');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('its last line was not written by dump');
    expect(fs.readFileSync(file, 'utf8')).toBe('a letter\n');
  });
});

test('a closed stdout ends it by exit code 141', async () => {
  await loadMany(3_000);
  const line = new CommandLine(['dump'], { DATABASE_URL: fixture.database.storeUrl });
  await once(line.child.stdout, 'data');
  line.child.stdout.destroy();
  const { exitCode, stderr } = await line.end();
  expect(exitCode).toBe(141);
  expect(stderr).toMatch(
    /^pg-timer-store: stdout was closed before all was written; [\d,]+ timers are dumped\n$/,
  );
});

test.each([
  ['text without an end of line', 'mine'],
  ['lines of text', 'these\nare mine'],
  ['lines of JSON of something else', '{"id":"one"}\n{"id":"tw'],
])('--resume leaves a file with %s as it is', async (_, content) => {
  const file = path.join(directory, 'mine');
  fs.writeFileSync(file, content);
  const { exitCode, stderr } = await dump('--output', file, '--resume');
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`cannot go on with ${file}: its last line was not written by dump`);
  expect(fs.readFileSync(file, 'utf8')).toBe(content);
});

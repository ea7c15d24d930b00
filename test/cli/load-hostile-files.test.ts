import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { run } from './command-line';
import { SHARD_COUNT } from './data';

let fixture: StoreFixture;
let directory: string;
beforeEach(async () => {
  fixture = await openStoreFixture();
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'load-'));
});
afterEach(async () => {
  fs.rmSync(directory, { recursive: true });
  await fixture.close();
});

const SHARDS = ['--shards', String(SHARD_COUNT)];
const env = () => ({ DATABASE_URL: fixture.database.storeUrl });
const load = (file: string, ...args: string[]) => run(['load', file, ...SHARDS, ...args], env());

function line(id: string, fields: object = {}): string {
  return JSON.stringify({ id, namespace: 'reminders', executeAt: '2030-01-01T00:00:00Z', ...fields });
}

/** A file in the test's folder. */
function fileOf(content: string | Buffer, name = 'timers.jsonl'): string {
  const file = path.join(directory, name);
  fs.writeFileSync(file, content);
  return file;
}

function place(name: string): string {
  return path.join(directory, name);
}

async function storedIds(): Promise<string[]> {
  const { rows } = await fixture.direct.query(
    'SELECT timer_id AS id FROM timers WHERE row_type = 2 ORDER BY 1',
  );
  return rows.map(({ id }) => id);
}

test('a line that does not end for hundreds of megabytes takes no memory', async () => {
  const peak = place('peak');
  const measure = fileOf(
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS)));`,
    'measure.cjs',
  );
  // It has no blocks on the disk.
  const file = fileOf(`${line('one')}\n`);
  fs.truncateSync(file, 300 * 1024 ** 2);
  fs.appendFileSync(file, `\n${line('two')}`);
  const { exitCode, stderr } = await run(['load', file, ...SHARDS, '--bad-lines', place('bad')], {
    ...env(),
    NODE_OPTIONS: `--require=${measure}`,
  });
  expect(stderr).toMatch(/^pg-timer-store: line 2: is longer than 679,936 bytes, and is kept nowhere\n$/);
  expect(exitCode).toBe(5);
  expect(await storedIds()).toEqual(['one', 'two']);
  expect(Number(fs.readFileSync(peak, 'utf8'))).toBeLessThan(200 * 1024);
});

test('what is cut off in the middle of a character is named, and nothing of the file is loaded', async () => {
  const whole = Buffer.from(`${line('one')}\n${line('two', { payload: 'é' })}`);
  const cut = whole.subarray(0, whole.lastIndexOf(0xc3) + 1);
  const { exitCode, stderr } = await load(fileOf(cut));
  expect(exitCode).toBe(1);
  expect(stderr).toContain('line 2: is not UTF-8');
  expect(stderr).toContain('1 of 2 lines cannot be taken; nothing was loaded');
  expect(await storedIds()).toEqual([]);
});

test('where --resume cannot keep how far it has come, nothing is loaded', async () => {
  const { exitCode, stderr } = await load(fileOf(line('one')), '--resume', '/nonexistent/state');
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /^pg-timer-store: cannot keep in \/nonexistent\/state how far it has come: ENOENT.*\n$/,
  );
  expect(await storedIds()).toEqual([]);
});

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { untilBlocked } from '../support/blocked-statements';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { TcpProxy } from '../support/tcp-proxy';
import { CommandLine, type Ended } from './command-line';
import { claimShards, create, createDead, idsOf } from './data';
import { line } from './load-setting';

let fixture: StoreFixture;
let directory: string;
beforeEach(async () => {
  fixture = await openStoreFixture();
  await claimShards(fixture);
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'half-done-'));
});
afterEach(async () => {
  fs.rmSync(directory, { recursive: true });
  await fixture.close();
});

const env = () => ({ DATABASE_URL: fixture.database.storeUrl });

function fileOf(name: string, ...lines: string[]): string {
  const file = path.join(directory, name);
  fs.writeFileSync(file, lines.map((each) => `${each}\n`).join(''));
  return file;
}

/** Of a command whose stdout nobody reads. */
async function unread(args: readonly string[]): Promise<Ended> {
  const started = new CommandLine(args, env());
  started.child.stdout.destroy();
  return await started.end();
}

test('what was done is said on stderr where stdout was closed', async () => {
  await create(fixture, { id: 'one' }, { id: 'two' });
  await createDead(fixture, 'dead', 'x');
  const file = fileOf('timers.jsonl', line('three'));
  const dumped = path.join(directory, 'dumped');
  const expected: Record<string, string> = {
    'timers reschedule reminders one 2031-01-01T00:00:00Z': 'reminders/one: .* → 2031-01-01 00:00:00Z',
    'timers delete reminders two --yes --json': 'deleted reminders/two',
    'dead delete --all --yes': 'deleted 1 of 1',
    [`load ${file}`]: 'loaded 1 timers in .*',
    [`migrate dump ${dumped}`]: `wrote \\d+ files to ${dumped}`,
  };
  for (const [words, done] of Object.entries(expected)) {
    expect(await unread(words.split(' '))).toEqual({
      exitCode: 141,
      stdout: '',
      stderr: expect.stringMatching(`^pg-timer-store: stdout was closed before all was written; ${done}\n$`),
    });
  }
  expect(await idsOf(fixture, 2)).toEqual(['one', 'three']);
  expect(fs.readdirSync(dumped)).toContain('grants.sql');
});

test.each([
  [
    'timers delete reminders one --yes',
    'deleteTimerNoLock was aborted by its signal; it may or may not have been applied',
  ],
  [
    'dead delete --all --yes',
    'deleteDeadTimer was aborted by its signal; it may or may not have been applied; 0 of 1 dead timers deleted, and perhaps 1 more',
  ],
  [
    'load',
    'createTimersOfShards was aborted by its signal; it may or may not have been applied; 0 timers are loaded, all of those up to line 0',
  ],
])('%s, ended by SIGINT before the server has answered, says that it may be done', async (words, said) => {
  const args = words === 'load' ? [words, fileOf('timers.jsonl', line('one'))] : words.split(' ');
  await (words.startsWith('dead') ? createDead(fixture, 'one', 'x') : create(fixture, { id: 'one' }));
  const proxy = await TcpProxy.open(fixture.database.storeUrl);
  try {
    await fixture.direct.query("BEGIN; SELECT FROM timers WHERE timer_id = 'one' FOR UPDATE");
    const started = new CommandLine(args, { DATABASE_URL: proxy.url(fixture.database.storeUrl) });
    await untilBlocked(fixture.database.url);
    const lost = proxy.loseAnswers();
    await fixture.direct.query('COMMIT');
    await lost;
    started.child.kill('SIGINT');
    const { exitCode, stderr } = await started.end();
    expect({ exitCode, stderr }).toEqual({
      exitCode: 130,
      stderr: `pg-timer-store: ended by SIGINT; ${said}\n`,
    });
  } finally {
    await proxy.close();
  }
});

test('load ended by SIGINT does not wait for a lock, and loads nothing after that', async () => {
  await create(fixture, { id: 'one', payload: 'old' });
  await fixture.direct.query("BEGIN; SELECT FROM timers WHERE timer_id = 'one' FOR UPDATE");
  const file = fileOf('timers.jsonl', line('one', { payload: 'new' }));
  const started = new CommandLine(['load', file], env());
  await untilBlocked(fixture.database.url);
  started.child.kill('SIGINT');
  const { exitCode, stderr } = await started.end();
  await fixture.direct.query('COMMIT');
  expect({ exitCode, stderr }).toEqual({
    exitCode: 130,
    stderr: 'pg-timer-store: ended by SIGINT; 0 timers are loaded, all of those up to line 0\n',
  });
  const { rows } = await fixture.direct.query("SELECT timer_payload FROM timers WHERE timer_id = 'one'");
  expect(rows).toEqual([{ timer_payload: 'old' }]);
});

test('load says what it has loaded where it can no longer keep that for --resume', async () => {
  await create(fixture, { id: 'one' });
  const folder = path.join(directory, 'state');
  fs.mkdirSync(folder);
  const state = path.join(folder, 'progress');
  await fixture.direct.query("BEGIN; SELECT FROM timers WHERE timer_id = 'one' FOR UPDATE");
  const started = new CommandLine(['load', fileOf('timers.jsonl', line('one')), '--resume', state], env());
  await untilBlocked(fixture.database.url);
  fs.rmSync(folder, { recursive: true });
  await fixture.direct.query('COMMIT');
  const { exitCode, stderr } = await started.end();
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /^pg-timer-store: cannot keep in .*progress how far it has come: ENOENT[^;]*; 1 timers are loaded, all of those up to line 1; the same command goes on after line 0\n$/,
  );
});

test('load ends where its file of bad lines takes no more, and keeps none of them in part unsaid', async () => {
  const bad = path.join(directory, 'bad');
  const file = fileOf('timers.jsonl', line('one'), 'x'.repeat(5_000));
  // In blocks, of 512 bytes or of 1024.
  const started = new CommandLine(['load', file, '--bad-lines', bad], env(), { shell: 'ulimit -f 1' });
  const { exitCode, stderr } = await started.end();
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /^pg-timer-store: line 2: is not JSON.*\npg-timer-store: cannot write the bad lines to .*bad: EFBIG[^;]*; 0 timers are loaded, all of those up to line 0\n$/,
  );
  expect(fs.readFileSync(bad, 'utf8')).toBe('');
});

test('watch says of a shard that is counted no further that there may be more', async () => {
  await fixture.direct.query(
    `INSERT INTO timers (shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace,
       timer_callback_timeout_seconds, timer_created_at, timer_attempts, timer_revision)
     SELECT 0, 2, now() - interval '1 hour', gen_random_uuid(), 'timer-' || index, 'reminders', 30, now(), 0, 0
     FROM generate_series(1, 10001) AS index`,
  );
  const table = await new CommandLine(['watch', '--count', '1'], env()).end();
  expect(table.stdout).toMatch(/Z +10,000\+ +10,000\+ +/);
  const json = await new CommandLine(['watch', '--count', '1', '--json'], env()).end();
  expect(JSON.parse(json.stdout)).toMatchObject({ countedUpTo: 10_000, backlog: 10_000, due: 10_000 });
});

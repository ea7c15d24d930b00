import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { CommandLine, run } from './command-line';
import { SHARD_COUNT } from './data';
import { LoadSetting, line, SHARDS } from './load-setting';

const setting = new LoadSetting();

test('every line becomes a timer in the shard of its id, with all of its fields', async () => {
  const fields = {
    executeAt: '2030-01-31T12:00:00.5+01:00',
    callbackUrl: 'https://example.com/hook',
    payload: [1, { note: 'é😀' }],
    retryPolicy: { maxAttempts: 3 },
    callbackTimeoutSeconds: 5,
    uuid: '0190a5c8-0000-7000-8000-000000000001',
    createdAt: '2026-01-01T00:00:00.000Z',
    attempts: 2,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  };
  const { exitCode, stdout, stderr } = await setting.load(
    setting.fileOf(`${line('one', fields)}\n${line('two')}\n`),
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/^loaded 2 timers in \d\.\d s, [\d,]+\/s\n$/);
  const { stdout: got } = await run(['timers', 'get', 'reminders', 'one', '--json'], setting.env);
  expect(JSON.parse(got)).toMatchObject({ ...fields, executeAt: '2030-01-31T11:00:00.500Z' });
});

test('the number of shards is kept, so that an engine with another one is refused', async () => {
  await setting.load(setting.fileOf(line('one')));
  expect((await setting.fixture.store.getShard(0))?.metadata).toEqual({ shardCount: SHARD_COUNT });
  expect(await run(['load', setting.fileOf(line('two')), '--shards', '5'], setting.env)).toMatchObject({
    exitCode: 2,
    stdout: '',
  });
  expect(await run(['load', setting.fileOf(line('two'))], setting.env)).toMatchObject({ exitCode: 0 });
  expect(await setting.storedIds()).toEqual(['one', 'two']);
});

test('a shard that is owned stays owned', async () => {
  await setting.fixture.store.claimShardOwnership(1, 'host-1:7000');
  await setting.load(
    setting.fileOf(Array.from({ length: 50 }, (_, index) => line(`timer-${index}`)).join('\n')),
  );
  expect(await setting.fixture.store.getShard(1)).toMatchObject({
    ownerAddr: 'host-1:7000',
    shardVersion: 1,
  });
  expect(await setting.storedIds()).toHaveLength(50);
});

test.each([
  ['a byte order mark', `\ufeff${line('one')}\n${line('two')}\n`],
  ['CRLF', `${line('one')}\r\n${line('two')}\r\n`],
  ['no end of its last line', `${line('one')}\n${line('two')}`],
  ['blank lines', `\n${line('one')}\n  \n\r\n${line('two')}\n\n`],
])('a file with %s is a good file', async (_, content) => {
  expect(await setting.load(setting.fileOf(content))).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await setting.storedIds()).toEqual(['one', 'two']);
});

test('an empty file has no timers', async () => {
  expect(await setting.load(setting.fileOf(''))).toMatchObject({ exitCode: 0, stderr: '' });
});

test('of two lines with one id the later one counts, however far apart they are', async () => {
  const between = Array.from({ length: 5_000 }, (_, index) => line(`other-${index}`));
  const lines = [
    line('one', { payload: 1 }),
    line('one', { payload: 2 }),
    ...between,
    line('one', { payload: 3 }),
  ];
  expect(await setting.load(setting.fileOf(lines.join('\n')))).toMatchObject({ exitCode: 0 });
  const { stdout } = await run(['timers', 'get', 'reminders', 'one', '--json'], setting.env);
  expect(JSON.parse(stdout)).toMatchObject({ payload: 3 });
});

const BAD_LINES: [name: string, bad: string | Buffer, reason: string][] = [
  ['what is cut off', line('bad').slice(0, 40), 'is not JSON, or is cut off'],
  ['an array', '[]', 'is not a JSON object'],
  ['invalid UTF-8', Buffer.from([...Buffer.from('{"id":"'), 0xff, ...Buffer.from('"}')]), 'is not UTF-8'],
  ['a field that is not known', line('bad', { callback: 1 }), 'callback is not one of the fields'],
  ['an id of another type', line('bad', { id: 7 }), 'id must be a string'],
  ['no time', JSON.stringify({ id: 'bad', namespace: 'reminders' }), 'executeAt must be a time'],
  ['a time without a zone', line('bad', { executeAt: '2030-01-01T00:00:00' }), 'executeAt must be a time'],
  ['a time too fine', line('bad', { executeAt: '2030-01-01T00:00:00.0001Z' }), 'executeAt must be a time'],
  ['a day that is none', line('bad', { executeAt: '2030-02-30T00:00:00Z' }), 'executeAt must be a time'],
  [
    'a URL of another kind',
    line('bad', { callbackUrl: 'ftp://geheim' }),
    'callbackUrl must be an absolute http',
  ],
  ['a NUL', line('bad', { namespace: 'a\0b' }), 'namespace must not contain the character NUL'],
  [
    'a number that is rounded',
    '{"id":"bad","payload":12345678901234567890}',
    'has a number that a JavaScript number does not keep: 12345678901234567890',
  ],
  [
    'a number beyond all',
    '{"id":"bad","payload":[1e999]}',
    'has a number that a JavaScript number does not keep: 1e999',
  ],
  [
    'a large payload',
    line('bad', { payload: 'x'.repeat(102_400) }),
    'payload must take at most 102400 bytes',
  ],
  ['a line of 2 MB', line('bad', { payload: 'x'.repeat(2_000_000) }), 'is longer than'],
  [
    '__proto__',
    '{"__proto__":{"id":"x"},"namespace":"x","executeAt":"2030-01-01T00:00:00Z"}',
    '__proto__ is not one of',
  ],
];

describe('bad lines of every kind', () => {
  const reasons = BAD_LINES.map(([, , reason], index) => `pg-timer-store: line ${index + 2}: ${reason}`);
  const content = Buffer.concat(
    [line('one'), ...BAD_LINES.map(([, bad]) => bad), line('two')].flatMap((each) => [
      Buffer.from(each),
      Buffer.from('\n'),
    ]),
  );

  test('are named, and the file is refused as a whole', async () => {
    const { exitCode, stdout, stderr } = await setting.load(setting.fileOf(content));
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    const total = `pg-timer-store: ${BAD_LINES.length} of ${BAD_LINES.length + 2} lines cannot be taken; nothing was loaded`;
    expect(stderr.trim().split('\n')).toEqual(
      [...reasons, total].map((each) => expect.stringContaining(each)),
    );
    expect(stderr).not.toContain('geheim');
    expect(await setting.storedIds()).toEqual([]);
  });

  test('are left out with --bad-lines, and kept as they are', async () => {
    const { exitCode, stdout, stderr } = await setting.load(
      setting.fileOf(content),
      '--bad-lines',
      setting.place('bad.jsonl'),
    );
    expect(exitCode).toBe(5);
    expect(stdout).toContain(`loaded 2 timers in `);
    expect(stdout).toContain(`; ${BAD_LINES.length} bad lines are in ${setting.place('bad.jsonl')}`);
    for (const reason of reasons) {
      expect(stderr).toContain(reason);
    }
    expect(await setting.storedIds()).toEqual(['one', 'two']);
    const kept = BAD_LINES.filter(([, , reason]) => !reason.startsWith('is longer')).map(([, bad]) =>
      String(bad),
    );
    expect(fs.readFileSync(setting.place('bad.jsonl'), 'utf8').trim().split('\n').sort()).toEqual(
      kept.sort(),
    );
  });
});

test('of many bad lines the first are named, and all are kept', async () => {
  const bad = Array.from({ length: 3_000 }, (_, index) => `{"id":"bad-${index}"}`);
  const { exitCode, stderr } = await setting.load(
    setting.fileOf([line('one'), ...bad].join('\n')),
    '--bad-lines',
    setting.place('bad.jsonl'),
  );
  expect(exitCode).toBe(5);
  expect(stderr.trim().split('\n')).toHaveLength(21);
  expect(stderr).toContain('and 2980 more lines');
  expect(fs.readFileSync(setting.place('bad.jsonl'), 'utf8')).toBe(`${bad.join('\n')}\n`);
});

test('what only the server can refuse is left out too, and its neighbours are loaded', async () => {
  const uuid = '0190a5c8-0000-7000-8000-000000000001';
  const lines = [line('one', { uuid }), line('two', { uuid, namespace: 'other' }), line('three')];
  const ofOneShard = await run(
    ['load', setting.fileOf(lines.join('\n')), '--shards', '1', '--bad-lines', setting.place('bad.jsonl')],
    setting.env,
  );
  expect(ofOneShard.exitCode).toBe(5);
  expect(ofOneShard.stderr).toContain('line 2: uuid ');
  expect(await setting.storedIds()).toEqual(['one', 'three']);
});

test('a file of bad lines that is there is not written over', async () => {
  fs.writeFileSync(setting.place('bad.jsonl'), 'mine');
  const { exitCode, stderr } = await setting.load(
    setting.fileOf(line('one')),
    '--bad-lines',
    setting.place('bad.jsonl'),
  );
  expect(exitCode).toBe(2);
  expect(stderr).toContain('cannot write the bad lines');
  expect(fs.readFileSync(setting.place('bad.jsonl'), 'utf8')).toBe('mine');
});

test.each([
  ['a file that is not there', 'missing.jsonl', 'cannot read'],
  ['a directory', '.', 'is a directory'],
])('%s is refused before anything is connected to', async (_, name, message) => {
  const { exitCode, stderr } = await run(['load', setting.place(name)], {
    DATABASE_URL: 'postgres://127.0.0.1:1/none',
  });
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
});

test('stdin ends at its first bad line, and says how far it came', async () => {
  const lines = [line('one'), line('two'), 'bad', line('three')].join('\n');
  const { exitCode, stderr } = await run(['load', '-', ...SHARDS], setting.env, lines);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /^pg-timer-store: line 3: is not JSON, or is cut off; 0 timers are loaded, all of those up to line 0\n$/,
  );
  expect(
    await run(['load', '-', ...SHARDS, '--resume', setting.place('state')], setting.env, lines),
  ).toMatchObject({
    exitCode: 2,
  });
});

test('a pipe by its name is read as stdin is', async () => {
  const pipe = setting.place('pipe');
  execFileSync('mkfifo', [pipe]);
  const loading = new CommandLine(['load', pipe, ...SHARDS], setting.env);
  await fs.promises.writeFile(pipe, `${line('one')}\n${line('two')}\n`);
  expect(await loading.end()).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await setting.storedIds()).toEqual(['one', 'two']);
});

describe('--resume', () => {
  const COUNT = 30_000;
  const lines = Array.from({ length: COUNT }, (_, index) => line(`timer-${index}`));

  test.each(['SIGINT', 'SIGKILL'] as const)('goes on where %s ended it', async (signal) => {
    const file = setting.fileOf(lines.join('\n'));
    const state = setting.place('state.json');
    const first = new CommandLine(['load', file, ...SHARDS, '--resume', state], setting.env);
    const written = new Promise<void>((resolve) => {
      const watcher = fs.watch(setting.folder, () => {
        if (fs.existsSync(state)) {
          watcher.close();
          resolve();
        }
      });
    });
    await Promise.race([written, first.end()]);
    first.child.kill(signal);
    const ended = await first.end();
    if (signal === 'SIGINT' && ended.exitCode !== 0) {
      expect(ended.exitCode).toBe(130);
      expect(ended.stderr).toMatch(
        /ended by SIGINT; (createTimersOfShards .* applied; )?[\d,]+ timers are loaded, all of those up to line [\d,]+; the same command goes on/,
      );
    }
    const { number } = JSON.parse(fs.readFileSync(state, 'utf8'));
    const second = await setting.load(file, '--resume', state, '--json');
    expect(second.exitCode).toBe(0);
    expect(JSON.parse(second.stdout).loaded).toBe(COUNT - number);
    expect(await setting.storedIds()).toHaveLength(COUNT);
    expect(JSON.parse((await setting.load(file, '--resume', state, '--json')).stdout).loaded).toBe(0);
  });

  test('is refused for another file, another database, and a file of its own that is none', async () => {
    const file = setting.fileOf(lines.slice(0, 10).join('\n'));
    const state = setting.place('state.json');
    expect(await setting.load(file, '--resume', state)).toMatchObject({ exitCode: 0 });
    const other = setting.fileOf(line('other'), 'other.jsonl');
    expect((await setting.load(other, '--resume', state)).stderr).toContain(
      'is about another file or database',
    );
    const elsewhere = new URL(setting.fixture.database.storeUrl);
    elsewhere.pathname = '/postgres';
    const there = await run(['load', file, ...SHARDS, '--resume', state], { DATABASE_URL: elsewhere.href });
    expect(there).toMatchObject({ exitCode: 2, stdout: '' });
    fs.writeFileSync(state, 'mine');
    expect((await setting.load(file, '--resume', state)).stderr).toContain(
      'is no file that --resume has written',
    );
  });
});

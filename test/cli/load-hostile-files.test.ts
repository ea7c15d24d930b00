import fs from 'node:fs';
import { CommandLine, run } from './command-line';
import { LoadSetting, line, SHARDS } from './load-setting';

const setting = new LoadSetting();

test('a line that does not end for hundreds of megabytes takes no memory', async () => {
  const peak = setting.place('peak');
  const measure = setting.fileOf(
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS)));`,
    'measure.cjs',
  );
  // It has no blocks on the disk.
  const file = setting.fileOf(`${line('one')}\n`);
  fs.truncateSync(file, 300 * 1024 ** 2);
  fs.appendFileSync(file, `\n${line('two')}`);
  const { exitCode, stderr } = await run(['load', file, ...SHARDS, '--bad-lines', setting.place('bad')], {
    ...setting.env,
    NODE_OPTIONS: `--require=${measure}`,
  });
  expect(stderr).toMatch(/^pg-timer-store: line 2: is longer than 679,936 bytes, and is kept nowhere\n$/);
  expect(exitCode).toBe(5);
  expect(await setting.storedIds()).toEqual(['one', 'two']);
  expect(Number(fs.readFileSync(peak, 'utf8'))).toBeLessThan(200 * 1024);
});

test('stdin ends at a line that is too long, and not at its end, which may never come', async () => {
  const loading = new CommandLine(['load', '-', ...SHARDS], setting.env);
  loading.child.stdin.write(`${line('one')}\n`);
  loading.child.stdin.write(Buffer.alloc(1024 ** 2));
  const { exitCode, stderr } = await loading.end();
  expect(stderr).toMatch(
    /^pg-timer-store: line 2: is longer than 679,936 bytes, and is kept nowhere; 0 timers are loaded, all of those up to line 0\n$/,
  );
  expect(exitCode).toBe(1);
});

test('what is cut off in the middle of a character is named, and nothing of the file is loaded', async () => {
  const whole = Buffer.from(`${line('one')}\n${line('two', { payload: 'é' })}`);
  const cut = whole.subarray(0, whole.lastIndexOf(0xc3) + 1);
  const { exitCode, stderr } = await setting.load(setting.fileOf(cut));
  expect(exitCode).toBe(1);
  expect(stderr).toContain('line 2: is not UTF-8');
  expect(stderr).toContain('1 of 2 lines cannot be taken; nothing was loaded');
  expect(await setting.storedIds()).toEqual([]);
});

test('where --resume cannot keep how far it has come, nothing is loaded', async () => {
  const { exitCode, stderr } = await setting.load(
    setting.fileOf(line('one')),
    '--resume',
    '/nonexistent/state',
  );
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /^pg-timer-store: cannot keep in \/nonexistent\/state how far it has come: ENOENT.*\n$/,
  );
  expect(await setting.storedIds()).toEqual([]);
});

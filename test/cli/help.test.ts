import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { run } from './command-line';

const DIST = path.join(__dirname, '../../dist');

/** Those that its help names, and theirs. */
async function commandsBelow(command: readonly string[]): Promise<string[][]> {
  const { stdout } = await run([...command, '--help']);
  const [, list = ''] = /^Commands:\n((?: .*\n)*)/m.exec(stdout) ?? [];
  const names = [...list.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name);
  const own = names.filter((name) => name !== 'help').map((name) => [...command, name]);
  return [...own, ...(await Promise.all(own.map(commandsBelow))).flat()];
}

test('every command has a help with examples, which are of that command', async () => {
  const commands = await commandsBelow([]);
  expect(commands.map((command) => command.join(' '))).toEqual(
    expect.arrayContaining(['doctor', 'shards', 'timers list', 'dead revive']),
  );
  const groups = commands.filter((command) =>
    commands.some((each) => each.join(' ').startsWith(`${command.join(' ')} `)),
  );
  for (const command of commands.filter((each) => !groups.includes(each))) {
    const { exitCode, stdout, stderr } = await run([...command, '--help']);
    expect(stdout).not.toContain('undefined');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const examples = stdout.split('Examples:\n')[1] ?? '';
    expect(examples).toContain(`pg-timer-store ${command.join(' ')}`);
  }
});

test('--help loads neither the library nor the driver', () => {
  const code = `
    process.argv = ['node', 'pg-timer-store', '--help'];
    process.on('exit', () => process.stderr.write(Object.keys(require.cache).join('\\n')));
    require('./cli.js');`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', code], { cwd: DIST, encoding: 'utf8' });
  expect(stdout).toContain('Usage: pg-timer-store');
  const loaded = stderr.split('\n').map((file) => path.relative(DIST, file));
  expect(loaded).toContain('code-cli.js');
  expect(loaded.filter((file) => file.startsWith('..') || file.includes('actions'))).toEqual([]);
});

test('--version is that of the package', async () => {
  const { version } = require('../../package.json');
  expect(await run(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
});

test.each([
  [['shard'], "unknown command 'shard' (Did you mean shards?)"],
  [['shards', '--jsno'], "unknown option '--jsno' (Did you mean --json?)"],
  [['shards', '--shards'], "option '--shards <n>' argument missing"],
  [
    ['shards', '--shards', '0'],
    "option '--shards <n>' argument '0' is invalid. It must be a whole number from 1",
  ],
  [['shards', '--shards', '1e9'], "argument '1e9' is invalid"],
  [['shards', '--shards', '9'.repeat(400)], 'It must be a whole number from 1 to 65536'],
  [['doctor', 'extra'], "too many arguments for 'doctor'"],
])('%j is refused in one line, with exit code 2', async (args, message) => {
  const { exitCode, stdout, stderr } = await run(args, { DATABASE_URL: 'postgres://127.0.0.1:1/none' });
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('without a command, the help goes to stderr', async () => {
  const { exitCode, stdout, stderr } = await run([]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain('Usage: pg-timer-store');
});

import { run } from './command-line';
import { ManyCommands } from './many-commands';

/** Where nobody listens: what is not refused gets as far as this. */
const NOWHERE = {
  DATABASE_URL: 'postgres://u:geheim@/x?host=/nonexistent',
  PGHOST: '/nonexistent',
  PGPASSWORD: 'geheim',
};

let commands: ManyCommands;
beforeAll(() => {
  commands = new ManyCommands();
});
afterAll(async () => await commands.end());

/** What no command takes for a number, and hardly anything else. */
const HOSTILE = [
  '',
  ' ',
  '-1',
  '1.5',
  '1e3',
  '0x10',
  'NaN',
  '９',
  '9'.repeat(400),
  'x'.repeat(100_000),
  '\u001b[31mred',
  'one\ntwo',
  "'; DROP TABLE timers; --",
  '../../../../etc/passwd',
  '/nonexistent/folder/file',
  '+99999999999d',
  '2030-02-30T00:00:00Z',
  '2030-01-01T00:00:00',
  'postgres://',
  '--json',
  '$(id)',
];

/** Every command with what it has to be given. */
const COMMANDS = [
  'doctor',
  'shards',
  'timers list',
  'timers get n i',
  'timers delete n i',
  'timers reschedule n i now',
  'dead list',
  'dead revive --all',
  'dead delete --all',
  'migrate',
  'load /dev/null',
  'dump',
  'watch --count 1',
  'run',
].map((command) => command.split(' '));

/** What of these an option takes; all else it refuses by its name. */
const TAKEN: Record<string, (value: string) => boolean> = {
  n: () => false,
  seconds: () => false,
  time: () => false,
  name: (value) => value !== '',
  prefix: (value) => value !== '',
  text: (value) => value !== '',
  address: (value) => value !== '',
  file: (value) => value !== '' && !value.startsWith('-'),
  // The rest is said by the environment.
  url: (value) => value === 'postgres://',
};

async function optionsOf(command: readonly string[]): Promise<[name: string, kind: string][]> {
  const { stdout } = await commands.run([...command, '--help']);
  return [...stdout.matchAll(/^ {2}(--[a-z-]+) <(\w+)>/gm)].map(([, name = '', kind = '']) => [name, kind]);
}

test.each(COMMANDS.map((command) => [command.join(' '), command] as const))(
  '%s takes no hostile value of an option, and says in one line why',
  async (_, command) => {
    const options = await optionsOf(command);
    expect(options.length).toBeGreaterThan(1);
    for (const [name, kind] of options) {
      for (const value of HOSTILE) {
        const { exitCode, stdout, stderr } = await commands.run([...command, name, value], NOWHERE);
        const isTaken = TAKEN[kind]?.(value);
        // What is taken may contradict --all, or be no file.
        const codes = isTaken === false ? [2] : [2, 3];
        expect({ name, value, stdout, isSo: codes.includes(exitCode ?? -1) }).toEqual({
          name,
          value,
          stdout: '',
          isSo: true,
        });
        expect(stderr).toMatch(/^pg-timer-store: [^\p{Cc}]{1,1500}\n$/u);
        expect(stderr).not.toContain('geheim');
        if (isTaken === false && kind !== 'url') {
          expect(stderr).toContain(name);
        }
      }
    }
  },
);

test.each([
  [['timers', 'get'], "missing required argument 'namespace'"],
  [['timers', 'get', 'n'], "missing required argument 'id'"],
  [['timers', 'get', 'n', 'i', 'j'], "too many arguments for 'get'"],
  [['timers', 'reschedule', 'n', 'i'], "missing required argument 'time'"],
  [['timers', 'reschedule', 'n', 'i', 'tomorrow'], 'It must be a time with its zone'],
  [['timers', 'lst'], 'Did you mean list?'],
  [['dead', 'revive'], 'by NAMESPACE ID, by a filter such as --namespace, or by --all'],
  [['dead', 'revive', 'n'], 'by NAMESPACE ID, by a filter such as --namespace, or by --all'],
  [['dead', 'revive', 'n', 'i', '--all'], 'one of them'],
  [['dead', 'delete', '--all', '--error', 'x'], 'one of them'],
  [['load'], "missing required argument 'file'"],
  [['load', ''], 'It must not be empty'],
  [['load', '/nonexistent/file'], 'cannot read /nonexistent/file'],
  [['load', '-', '--resume', 'state'], '--resume is for a file'],
  [
    ['load', '/dev/null', '--resume', 'same', '--bad-lines', './same'],
    '--resume and --bad-lines must be two files',
  ],
  [['load', '/dev/null', '--resume', '--json'], 'It must be the name of a file'],
  [['dump', '--resume'], '--resume is for --output FILE'],
  [['dump', '--output', '--resume'], 'It must be the name of a file'],
  [['migrate', 'dump'], "missing required argument 'directory'"],
  [['migrate', 'dump', '/dev/null'], 'cannot write to /dev/null'],
  [['migrate', 'dump', '/dev/null/x'], 'cannot write to /dev/null/x'],
  // Where a folder is refused as if the one around it were not there.
  [['migrate', 'dump', '/proc/x/y'], 'cannot write to /proc/x/y'],
  [['load', __filename, '--resume', '/dev/zero'], '/dev/zero is no file that --resume has written'],
  [['migrate', '--dry-run', 'dump', '/nonexistent'], "--dry-run is no option of 'migrate dump'"],
  [['completion', 'tcsh'], 'Allowed choices are bash, zsh, fish, powershell'],
])('%j is refused before anything is connected to', async (args, message) => {
  const { exitCode, stdout, stderr } = await commands.run(args, NOWHERE);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).toMatch(/^pg-timer-store: [^\n]*\n$/);
});

test.each([
  [{ PGPORT: 'abc' }, 2, 'PGPORT must be a whole number'],
  [{ PGSSLMODE: 'maybe' }, 2, 'PGSSLMODE must be one of'],
  [{ DATABASE_URL: 'postgres://h:99999/x' }, 2, 'port must be a whole number'],
  [{ DATABASE_URL: 'mysql://h/x' }, 2, 'must start with postgres://'],
  [
    { ...NOWHERE, PG_TIMER_STORE_SECRETS: 'geheim' },
    2,
    'PG_TIMER_STORE_SECRETS[0] must be a string that begins with whsec_',
  ],
  [{ ...NOWHERE, PG_TIMER_STORE_SECRETS: 'whsec_%geheim' }, 2, 'PG_TIMER_STORE_SECRETS[0] must be base64'],
])('the environment %j is refused', async (env, code, message) => {
  const { exitCode, stdout, stderr } = await commands.run(['run', '--shards', '1'], env);
  expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).not.toContain('geheim');
});

test('a process of its own ends the same', async () => {
  const args = ['shards', '--shards', 'x'.repeat(100_000)];
  expect(await run(args, NOWHERE)).toEqual(await commands.run(args, NOWHERE));
});

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { Client } from 'pg';
import { AccessDeniedError, PostgresTimerStore } from '../../../src';
import { errorOf } from '../../support/error-of';
import { useOwnEnvironment } from '../../support/own-environment';
import { RestartableServer } from '../../support/restartable-server';

const WRONG_PASSWORD = '28P01';

let server: RestartableServer;
let admin: Client;
/** In the database of the store, with its rights. */
const ROLE = 'password_owner';
beforeAll(async () => {
  // Where the server asks for a password, it is by SCRAM-SHA-256.
  server = await RestartableServer.start();
  admin = new Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`CREATE ROLE ${ROLE} LOGIN IN ROLE ${new URL(server.storeUrl).username}`);
});
afterAll(async () => {
  await admin.end();
  await server.delete();
});

useOwnEnvironment();

async function setPassword(password: string): Promise<void> {
  await admin.query(`ALTER ROLE ${ROLE} PASSWORD ${admin.escapeLiteral(password)}`);
  const { rows } = await admin.query('SELECT rolpassword FROM pg_authid WHERE rolname = $1', [ROLE]);
  expect(rows[0].rolpassword).toMatch(/^SCRAM-SHA-256\$/);
}

type Way = 'field' | 'connection string' | 'PGPASSWORD' | 'password file';
const WAYS: readonly Way[] = ['field', 'connection string', 'PGPASSWORD', 'password file'];

/** Connects; `connected`, or the code of the server or, without one, the message of the driver. */
async function outcomeOf(way: Way, password: string | undefined, username = ROLE): Promise<string> {
  const url = new URL(server.url);
  url.username = username;
  url.password = '';
  let field: string | undefined;
  let file: string | undefined;
  if (password !== undefined) {
    switch (way) {
      case 'field':
        field = password;
        break;
      case 'connection string':
        url.password = encodeURIComponent(password);
        break;
      case 'PGPASSWORD':
        process.env['PGPASSWORD'] = password;
        break;
      case 'password file':
        file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'password-')), 'pgpass');
        fs.writeFileSync(file, `*:*:*:*:${password.replace(/[\\:]/g, '\\$&')}\n`, { mode: 0o600 });
        process.env['PGPASSFILE'] = file;
    }
  }
  try {
    const store = await PostgresTimerStore.connect({ connectionString: url.href, password: field });
    await store.close();
    return 'connected';
  } catch (error) {
    expect(error).toBeInstanceOf(AccessDeniedError);
    const { code, message } = (error as AccessDeniedError).cause as { code?: string; message: string };
    return code ?? message;
  } finally {
    delete process.env['PGPASSWORD'];
    delete process.env['PGPASSFILE'];
    if (file !== undefined) {
      fs.rmSync(path.dirname(file), { recursive: true });
    }
  }
}

const NO_BREAK_SPACE = '\u00a0';
const SOFT_HYPHEN = '\u00ad';
const ROMAN_NINE = '\u2168';
const LIGATURE_FI = '\ufb01';
const COMBINING_ACUTE = '\u0301';
const KEY_EMOJI = '\u{1f511}';

test.each([
  ['letters and digits', 'hunter2'],
  [
    'every character that ASCII prints',
    Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join(''),
  ],
  ['a percent sign that encodes something', 'a%40b%zz'],
  ['other scripts', 'Grüße-Пароль-密码'],
  ['a no-break space', `a${NO_BREAK_SPACE}b`],
  ['a soft hyphen', `a${SOFT_HYPHEN}b`],
  ['a Roman numeral', `chapter ${ROMAN_NINE}`],
  ['a ligature', `${LIGATURE_FI}rst`],
  ['a combining accent', `cafe${COMBINING_ACUTE}`],
  ['an emoji', `${KEY_EMOJI}key`],
  ['a tab', 'a\tb'],
  ['1,000 characters', 'x'.repeat(1000)],
])('a password with %s is taken in every way', async (_, password) => {
  await setPassword(password);
  for (const way of WAYS) {
    expect([way, await outcomeOf(way, password)]).toEqual([way, 'connected']);
    expect([way, await outcomeOf(way, `${password}x`)]).toEqual([way, WRONG_PASSWORD]);
  }
});

test.each([
  ['a no-break space for a space', `a${NO_BREAK_SPACE}b`, 'a b'],
  ['a soft hyphen for nothing', `a${SOFT_HYPHEN}b`, 'ab'],
  ['a Roman numeral for letters', `a${ROMAN_NINE}`, 'aIX'],
  ['a ligature for letters', `${LIGATURE_FI}rst`, 'first'],
  ['a combining accent for a letter that has it', `cafe${COMBINING_ACUTE}`, 'caf\u00e9'],
])('two spellings of a password are one to SASLprep: %s', async (_, one, other) => {
  await setPassword(one);
  expect(await outcomeOf('field', other)).toBe('connected');
  await setPassword(other);
  expect(await outcomeOf('field', one)).toBe('connected');
});

test.each([
  ['an emoji and a no-break space', `${KEY_EMOJI}${NO_BREAK_SPACE}`],
  ['a tab and a ligature', `\t${LIGATURE_FI}`],
  ['a heart with its variation selector and another emoji', `\u2764\ufe0f${KEY_EMOJI}`],
  ['letters from right to left and a soft hyphen after Latin ones', `a\u05d0${SOFT_HYPHEN}`],
])('a password that the server does not prepare but the driver does is refused: %s', async (_, password) => {
  await setPassword(password);
  expect(await outcomeOf('field', password)).toBe(WRONG_PASSWORD);
});

test('a wrong password and an unknown role fail alike', async () => {
  await setPassword('right');
  expect(await outcomeOf('field', 'wrong')).toBe(WRONG_PASSWORD);
  expect(await outcomeOf('field', 'right', 'nobody_of_that_name')).toBe(WRONG_PASSWORD);
});

test('without a password, the driver gives up', async () => {
  await setPassword('right');
  expect(await outcomeOf('field', undefined)).toContain('client password must be a string');
});

test('the driver overlooks a line of the password file that has fewer than 11 characters', async () => {
  await setPassword('ab');
  expect(await outcomeOf('field', 'ab')).toBe('connected');
  expect(await outcomeOf('password file', 'ab')).toContain('client password must be a string');
});

test('channel_binding=require is left out, so that a connection without TLS is not refused', async () => {
  const store = await PostgresTimerStore.connect(
    `${server.storeUrl}?channel_binding=require&sslmode=disable`,
  );
  expect(await store.getShard(1)).toBeNull();
  await store.close();
});

test('a password of more than 100,000 iterations is refused by the driver', async () => {
  const { rows } = await admin.query('SHOW server_version_num');
  if (Number(rows[0].server_version_num) < 160_000) {
    // Older servers have one number of iterations.
    expect(await errorOf(admin.query('SET scram_iterations = 100000'))).toMatchObject({ code: '42704' });
    return;
  }
  try {
    await admin.query('SET scram_iterations = 100000');
    await setPassword('right');
    expect(await outcomeOf('field', 'right')).toBe('connected');
    await admin.query('SET scram_iterations = 100001');
    await setPassword('right');
    expect(await outcomeOf('field', 'right')).toContain('iteration count 100001 exceeds');
  } finally {
    await admin.query('RESET scram_iterations');
  }
});

describe('a function', () => {
  const SECRET = 'hunter2-secret';
  const connect = (password: () => unknown) => {
    const url = new URL(server.url);
    url.username = ROLE;
    url.password = '';
    return PostgresTimerStore.connect({
      connectionString: url.href,
      password: password as () => string,
    });
  };

  test.each([
    ['sync', (password: string) => password],
    ['async', async (password: string) => password],
  ])('that is %s is asked at each new connection, so that a password can change', async (_, give) => {
    await setPassword('the first');
    let current = 'the first';
    let asked = 0;
    const store = await connect(() => {
      asked++;
      return give(current);
    });
    expect(asked).toBe(1);
    await setPassword('the second');
    current = 'the second';
    await Promise.all([store.getShard(1), store.getShard(1), store.getShard(1)]);
    expect(asked).toBe(3);
    await store.close();
  });

  const cause = new Error('the service is down');
  test.each<[string, () => unknown, object]>([
    [
      'throws',
      () => {
        throw cause;
      },
      { code: 'STORE_UNAVAILABLE', retryable: true, cause },
    ],
    ['rejects', () => Promise.reject(cause), { code: 'STORE_UNAVAILABLE', retryable: true, cause }],
    ['gives nothing', () => undefined, { code: 'INVALID_ARGUMENT', argument: 'config.password' }],
    ['gives an empty text', () => '', { code: 'INVALID_ARGUMENT', argument: 'config.password' }],
    [
      'gives bytes',
      async () => Buffer.from(SECRET),
      { code: 'INVALID_ARGUMENT', argument: 'config.password' },
    ],
  ])('that %s is named in the error, without what it gave', async (_, password, expected) => {
    const error = await errorOf(connect(password));
    expect(error).toMatchObject({ ...expected, message: expect.stringContaining('config.password') });
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(SECRET);
    // The connection that waited for it is closed.
    let open = true;
    while (open) {
      const { rows } = await admin.query(
        `SELECT count(*)::int AS count FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND client_port IS NOT NULL`,
      );
      open = rows[0].count > 0;
    }
  });
});

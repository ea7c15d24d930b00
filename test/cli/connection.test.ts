import { once } from 'node:events';
import net from 'node:net';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { CommandLine, run } from './command-line';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture();
});
afterAll(async () => await fixture.close());

const SHARDS = ['shards', '--shards', '1'];

/** The URL of the store, and what it has besides a password. */
function urls() {
  const url = new URL(fixture.database.storeUrl);
  const { password } = url;
  url.password = '';
  return { withoutPassword: url.href, password };
}

test('the whole URL comes by DATABASE_URL', async () => {
  expect(await run(SHARDS, { DATABASE_URL: fixture.database.storeUrl })).toMatchObject({
    exitCode: 0,
    stderr: '',
  });
});

test('--database-url takes the place of DATABASE_URL, and the password comes by PGPASSWORD', async () => {
  const { withoutPassword, password } = urls();
  const env = { DATABASE_URL: 'postgres://127.0.0.1:1/none', PGPASSWORD: password };
  expect(await run([...SHARDS, '--database-url', withoutPassword], env)).toMatchObject({ exitCode: 0 });
});

test('the PG* variables alone will do', async () => {
  const { hostname, port, username, password, pathname } = new URL(fixture.database.storeUrl);
  const env = {
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: username,
    PGPASSWORD: password,
    PGDATABASE: pathname.slice(1),
  };
  expect(await run(SHARDS, env)).toMatchObject({ exitCode: 0 });
});

test.each([
  ['before the host', 'postgres://u:geheim@127.0.0.1/x'],
  ['as a parameter', 'postgres://u@127.0.0.1/x?password=geheim'],
])('a password on the command line is refused and not shown: %s', async (_, url) => {
  const { exitCode, stdout, stderr } = await run([...SHARDS, '--database-url', url]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain('--database-url must not have a password');
  expect(stderr).not.toContain('geheim');
});

test.each([
  ['an address where nobody listens', 3, 'ENOENT', 'postgres://u:geheim@/x?host=/nonexistent'],
  ['no URL', 2, 'DATABASE_URL must start with postgres://', 'geheim'],
  ['an unknown sslmode', 2, 'sslmode must be one of', 'postgres://u:geheim@127.0.0.1:1/x?sslmode=maybe'],
])('%s ends in one line and exit code %i', async (_, code, message, DATABASE_URL) => {
  const { exitCode, stdout, stderr } = await run(SHARDS, { DATABASE_URL });
  expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).not.toContain('geheim');
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('a URL that is none is named as it was given', async () => {
  const { exitCode, stderr } = await run([...SHARDS, '--database-url', 'db.example.com']);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: 'pg-timer-store: --database-url must start with postgres:// or postgresql://\n',
  });
});

test.each(['shards', 'doctor', 'migrate'])(
  '%s says so where nothing names a database and none is there',
  async (name) => {
    // Where the driver looks by itself, on this port.
    const { exitCode, stderr } = await run([name], { PGPORT: '1' });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(
      /^pg-timer-store: DATABASE_URL is not set, as in postgres:.*, nor is PGHOST\. Cannot connect to the server: .*ECONNREFUSED/,
    );
    const { stderr: ofHost } = await run([name], { PGPORT: '1', PGHOST: '127.0.0.1' });
    expect(ofHost).toMatch(/^pg-timer-store: Cannot connect to the server: /);
  },
);

test('a wrong password, and a database that is not there, end by exit code 3', async () => {
  const wrong = new URL(fixture.database.storeUrl);
  wrong.password = 'geheim';
  const denied = await run(SHARDS, { DATABASE_URL: wrong.href });
  expect(denied).toMatchObject({ exitCode: 3, stdout: '' });
  expect(denied.stderr).toContain('password authentication failed');
  expect(denied.stderr).not.toContain('geheim');
  const absent = new URL(fixture.database.storeUrl);
  absent.pathname = '/not_there';
  expect(await run(SHARDS, { DATABASE_URL: absent.href })).toMatchObject({ exitCode: 3, stdout: '' });
});

test('a database that is not migrated ends by exit code 3, and the line says what to do', async () => {
  const { stderr, ...ended } = await run([...SHARDS, '--schema', 'elsewhere'], {
    DATABASE_URL: fixture.database.url,
  });
  expect(ended).toEqual({ exitCode: 3, stdout: '' });
  expect(stderr).toMatch(/there is no table timers .*Migrate it: /);
});

test('the tables are found in the schema that --schema names', async () => {
  const { direct, database } = fixture;
  await direct.query(
    'CREATE SCHEMA "my timers"; CREATE TABLE "my timers".timers (LIKE timers INCLUDING ALL)',
  );
  const env = { DATABASE_URL: database.url };
  expect(await run([...SHARDS, '--schema', 'my timers'], env)).toMatchObject({ exitCode: 0, stderr: '' });
});

test('a server that never answers is not waited for after SIGINT', async () => {
  const silent = net.createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as net.AddressInfo;
  const line = new CommandLine(SHARDS, { DATABASE_URL: `postgres://u@127.0.0.1:${port}/x` });
  const [socket] = await once(silent, 'connection');
  line.child.kill('SIGINT');
  expect(await line.end()).toEqual({
    exitCode: 130,
    stdout: '',
    stderr: 'pg-timer-store: ended by SIGINT\n',
  });
  socket.destroy();
  silent.close();
});

test('a closed stdout ends it by exit code 141', async () => {
  // It begins to write when nobody holds the table any more.
  await fixture.direct.query('BEGIN; LOCK TABLE timers');
  const line = new CommandLine(SHARDS, { DATABASE_URL: fixture.database.storeUrl });
  line.child.stdout.destroy();
  await once(line.child.stdout, 'close');
  await fixture.direct.query('COMMIT');
  const { exitCode, stderr } = await line.end();
  const message = 'pg-timer-store: stdout was closed before all was written\n';
  expect({ exitCode, stderr }).toEqual({ exitCode: 141, stderr: message });
});

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { databaseUrl, onServer } from '../support/test-database';
import { run } from './command-line';

const MIGRATIONS = fs
  .readdirSync(path.join(__dirname, '../../db/migrations'))
  .map((file) => path.basename(file, '.sql'));
const NAME = 'pg_timer_store_test_migrate';

let admin: Client;
beforeEach(async () => {
  await onServer(async (server) => {
    await server.query(`DROP DATABASE IF EXISTS ${NAME}`);
    await server.query(`CREATE DATABASE ${NAME}`);
  });
  admin = new Client({ connectionString: databaseUrl(NAME) });
  await admin.connect();
});
afterEach(async () => {
  await admin.end();
  await onServer(async (server) => {
    await server.query(`DROP DATABASE ${NAME}`);
  });
});

const migrate = (...args: string[]) => run(['migrate', ...args], { DATABASE_URL: databaseUrl(NAME) });

async function tables(): Promise<string[]> {
  const { rows } = await admin.query(
    `SELECT schemaname || '.' || tablename AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

test('applies every migration once, whatever dbmate thinks of TLS', async () => {
  expect(await migrate()).toEqual({
    exitCode: 0,
    stdout: MIGRATIONS.map((name) => `applied ${name}\n`).join(''),
    stderr: expect.stringMatching(
      /^pg-timer-store: the rights that the role of a service needs are in .*db\/grants\.sql\n$/,
    ),
  });
  expect(await tables()).toEqual([
    'public.pg_timer_store_migrations',
    'public.timer_members',
    'public.timers',
  ]);
  expect(await migrate('--json')).toEqual({ exitCode: 0, stdout: '{"applied":[]}\n', stderr: '' });
  expect(await run(['shards', '--shards', '1'], { DATABASE_URL: databaseUrl(NAME) })).toMatchObject({
    exitCode: 0,
  });
});

test('goes into any schema that is there', async () => {
  expect(await migrate('--schema', 'My "timers"')).toMatchObject({ exitCode: 3, stdout: '' });
  expect(await tables()).toEqual([]);
  await admin.query('CREATE SCHEMA "My ""timers"""');
  expect(await migrate('--schema', 'My "timers"')).toMatchObject({ exitCode: 0 });
  expect(await tables()).toEqual(
    ['pg_timer_store_migrations', 'timer_members', 'timers'].map((table) => `My "timers".${table}`),
  );
});

test('--dry-run prints the SQL of what is not applied, and applies nothing', async () => {
  const dry = await migrate('--dry-run');
  expect(dry).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await tables()).toEqual([]);
  await admin.query(dry.stdout);
  expect(await tables()).toEqual(['public.timer_members', 'public.timers']);
});

test('a migration that fails is said in one line, which has no password', async () => {
  await admin.query('CREATE TABLE timer_members (x int)');
  const { exitCode, stderr } = await migrate();
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^pg-timer-store: dbmate failed: .*timer_members.*already exists.*\n$/);
  expect(stderr).not.toContain(new URL(databaseUrl(NAME)).password);
});

test('without dbmate, the line says how to come by it', async () => {
  const dist = fs.mkdtempSync(path.join(os.tmpdir(), 'without-dbmate-'));
  try {
    // The package alone, as npm lays it out, with what it needs and no dbmate.
    const root = path.join(__dirname, '../..');
    const installed = path.join(dist, 'node_modules/pg-timer-store');
    for (const name of ['dist', 'db', 'package.json']) {
      fs.cpSync(path.join(root, name), path.join(installed, name), { recursive: true });
    }
    for (const name of fs
      .readdirSync(path.join(root, 'node_modules'))
      .filter((each) => /^pg(?!-timer-)|^undici$|^xtend$|^split2$|^postgres-/.test(each))) {
      fs.symlinkSync(path.join(root, 'node_modules', name), path.join(dist, 'node_modules', name));
    }
    const program = path.join(installed, 'dist/cli.js');
    const { exitCode, stdout, stderr } = await run(
      ['migrate'],
      { DATABASE_URL: databaseUrl(NAME), PATH: '/nonexistent' },
      '',
      {
        program,
        cwd: dist,
      },
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('dbmate is not installed here: npm install --save-dev dbmate');
  } finally {
    fs.rmSync(dist, { recursive: true });
  }
});

describe('dump', () => {
  let directory: string;
  beforeEach(() => {
    directory = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'migrate-dump-')), 'new/folder');
  });
  afterEach(() => fs.rmSync(path.join(directory, '../..'), { recursive: true }));

  test('writes each way of each migration, which run without dbmate', async () => {
    const { exitCode, stdout } = await run(['migrate', 'dump', directory]);
    expect(exitCode).toBe(0);
    const files = fs.readdirSync(directory).sort();
    expect(files).toEqual(
      [...MIGRATIONS.flatMap((name) => [`${name}.down.sql`, `${name}.up.sql`]), 'grants.sql'].sort(),
    );
    expect(
      stdout
        .trim()
        .split('\n')
        .map((file) => path.basename(file))
        .sort(),
    ).toEqual(files);
    const apply = async (name: string) =>
      await admin.query(fs.readFileSync(path.join(directory, name), 'utf8'));
    for (const name of MIGRATIONS) {
      await apply(`${name}.up.sql`);
    }
    expect(await tables()).toEqual(['public.timer_members', 'public.timers']);
    for (const name of [...MIGRATIONS].reverse()) {
      await apply(`${name}.down.sql`);
    }
    expect(await tables()).toEqual([]);
  });

  test('keeps what is there', async () => {
    fs.mkdirSync(directory, { recursive: true });
    const file = path.join(directory, `${MIGRATIONS[0]}.up.sql`);
    fs.writeFileSync(file, 'mine');
    const { exitCode, stdout, stderr } = await run(['migrate', 'dump', directory]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(`nothing was written, as these are there with other content: ${file}`);
    expect(fs.readdirSync(directory)).toEqual([`${MIGRATIONS[0]}.up.sql`]);
  });
});

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { createEmptyDatabase, databaseUrl, onServer } from '../support/test-database';
import { claimShards, create, createDead, SHARD_COUNT } from './data';
import { ManyCommands } from './many-commands';

const commands = new ManyCommands();
let directory: string;
let file: string;
beforeAll(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'unfit-'));
  file = path.join(directory, 'timers.jsonl');
  fs.writeFileSync(file, '{"id":"new","namespace":"reminders","executeAt":"2030-01-01T00:00:00Z"}\n');
});
afterAll(async () => {
  await commands.end();
  fs.rmSync(directory, { recursive: true });
});

const READING = ['shards', 'timers list', 'timers get reminders one', 'dead list', 'dump', 'watch --count 1'];
const writing = () => [
  'timers delete reminders one --yes',
  'timers reschedule reminders one now',
  'dead revive reminders dead --yes',
  'dead delete --all --yes',
  `load ${file}`,
  'run',
];

/** Of each command, in how many shards and how it ended. */
async function runAll(lines: readonly string[], url: string) {
  const ended: Record<string, unknown> = {};
  const texts: string[] = [];
  for (const line of lines) {
    const args = line.startsWith('migrate') ? [] : ['--shards', String(SHARD_COUNT)];
    const { exitCode, stdout, stderr } = await commands.run([...line.split(' '), ...args], {
      DATABASE_URL: url,
    });
    ended[line] = exitCode;
    if (exitCode !== 0) {
      // The events of an engine are what run writes.
      if (line !== 'run') expect(stdout).toBe('');
      expect(stderr).toMatch(/^pg-timer-store: [^\n]{1,1100}\n$/);
      texts.push(stderr);
    }
  }
  return { ended, texts };
}

function each(lines: readonly string[], exitCode: number) {
  return Object.fromEntries(lines.map((line) => [line, exitCode]));
}

async function withEmptyDatabase(sql: string, work: (url: string, client: Client) => Promise<void>) {
  const name = await createEmptyDatabase();
  const client = new Client({ connectionString: databaseUrl(name) });
  await client.connect();
  try {
    await client.query(sql);
    await work(databaseUrl(name), client);
  } finally {
    await client.end();
    await onServer(async (admin) => void (await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)));
  }
}

test('a database that is not there ends every command by exit code 3', async () => {
  const all = [...READING, ...writing(), 'migrate', 'migrate --dry-run'];
  const { ended, texts } = await runAll(all, databaseUrl('not_there'));
  expect(ended).toEqual(each(all, 3));
  expect(new Set(texts).size).toBe(1);
  expect(texts[0]).toContain('database "not_there" does not exist');
});

test('a database that is not migrated ends every command by exit code 3, which says how to migrate it', async () => {
  const all = [...READING, ...writing()];
  await withEmptyDatabase('', async (url) => {
    const { ended, texts } = await runAll(all, url);
    expect(ended).toEqual(each(all, 3));
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toContain(
      'there is no table timers in schema public. Migrate it: npx pg-timer-store migrate',
    );
  });
});

test('a table timers of another program ends every command by exit code 3, migrate too', async () => {
  const migrating = ['migrate', 'migrate --dry-run'];
  const all = [...READING, ...writing(), ...migrating];
  await withEmptyDatabase('CREATE TABLE timers (id int PRIMARY KEY, name text)', async (url, client) => {
    const { ended, texts } = await runAll(all, url);
    expect(ended).toEqual(each(all, 3));
    expect(texts[0]).toContain('column shard_id should be integer, but is missing');
    expect(texts.at(-1)).toContain('of another program: give these a schema of their own by --schema');
    const { rows } = await client.query(
      "SELECT relname FROM pg_class WHERE relname ~ 'timer' AND relkind IN ('r', 'v')",
    );
    expect(rows).toEqual([{ relname: 'timers' }]);
  });
});

test('migrate names what it applied before it failed, and ends by exit code 3 without the rights for more', async () => {
  await withEmptyDatabase('CREATE TABLE timer_members (other int)', async (url) => {
    const { exitCode, stderr } = await commands.run(['migrate'], { DATABASE_URL: url });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /"timer_members" already exists.*; it was at \d+_create_timer_members, applied before: \d+_create_timers, \d+_\w+\n$/,
    );
  });
  await withEmptyDatabase('', async (url, client) => {
    await client.query(`ALTER DATABASE ${client.database} SET default_transaction_read_only = on`);
    const { exitCode, stderr } = await commands.run(['migrate'], { DATABASE_URL: url });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/read-only transaction.*; nothing was applied\n$/);
  });
});

describe('on a database with timers', () => {
  let fixture: StoreFixture;
  beforeEach(async () => {
    fixture = await openStoreFixture();
    await claimShards(fixture);
    await create(fixture, { id: 'one', executeAt: new Date('2030-01-01T00:00:00Z') });
    await createDead(fixture, 'dead', 'refused');
  });
  afterEach(async () => await fixture.close());

  async function rowsAreKept(work: () => Promise<void>): Promise<void> {
    const rows = async () => (await fixture.direct.query('SELECT * FROM timers ORDER BY 1, 2, 3, 4')).rows;
    const before = await rows();
    await work();
    expect(await rows()).toEqual(before);
  }

  test('a role that may only read reads, and every change ends by exit code 3', async () => {
    const { direct, database } = fixture;
    const role = `reader_${database.name}`;
    await direct.query(
      `CREATE ROLE ${role} LOGIN PASSWORD 'x'; GRANT USAGE ON SCHEMA public TO ${role}; GRANT SELECT ON timers TO ${role}`,
    );
    try {
      const url = new URL(database.url);
      Object.assign(url, { username: role, password: 'x' });
      await rowsAreKept(async () => {
        expect((await runAll(READING, url.href)).ended).toEqual(each(READING, 0));
        const { ended, texts } = await runAll(writing(), url.href);
        expect(ended).toEqual(each(writing(), 3));
        for (const text of texts) expect(text).toMatch(/permission denied for table timer/);
        const migrating = ['migrate', 'migrate --dry-run'];
        const { ended: refused, texts: reasons } = await runAll(migrating, url.href);
        expect(refused).toEqual(each(migrating, 3));
        for (const reason of reasons) {
          expect(reason).toMatch(
            /permission denied for table \w+; nothing was applied: migrate as the owner of the tables\n$/,
          );
        }
      });
    } finally {
      await direct.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  test('a role without any right ends every command by exit code 3', async () => {
    const { direct, database } = fixture;
    const role = `nobody_${database.name}`;
    await direct.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`);
    try {
      const url = new URL(database.url);
      Object.assign(url, { username: role, password: 'x' });
      const all = [...READING, ...writing()];
      const { ended } = await runAll(all, url.href);
      expect(ended).toEqual(each(all, 3));
    } finally {
      await direct.query(`DROP ROLE ${role}`);
    }
  });

  test('a schema of a newer version serves every command but migrate, which refuses it by name', async () => {
    const { direct, database } = fixture;
    await direct.query('ALTER TABLE timers ADD COLUMN timer_colour text');
    const all = [...READING, ...writing().filter((line) => line !== 'run')];
    // What one deletes, none finds after it.
    const { ended } = await runAll(all, database.url);
    expect(ended).toEqual({ ...each(all, 0), 'timers reschedule reminders one now': 4 });
    const migrate = () => commands.run(['migrate'], { DATABASE_URL: database.url });
    expect(await migrate()).toEqual({
      exitCode: 0,
      stdout: 'nothing to apply\n',
      stderr: 'pg-timer-store: timers has columns of another program, or of a newer version: timer_colour\n',
    });
    // One is pending, too: of a branch that has the newer one and not this.
    await direct.query(
      `DELETE FROM pg_timer_store_migrations WHERE version = '20261124000060';
       INSERT INTO pg_timer_store_migrations VALUES ('29991231000000'), ('29991231000001'), ('20261124000200')`,
    );
    const { ended: refused, texts } = await runAll(['migrate', 'migrate --dry-run'], database.url);
    expect(refused).toEqual({ migrate: 3, 'migrate --dry-run': 3 });
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toContain(
      'nothing was applied: this one has no migration 29991231000000, 29991231000001. Migrate by that version',
    );
  });

  test('a database that takes no writes is read, and every change ends by exit code 3', async () => {
    const { direct, database } = fixture;
    await direct.query(`ALTER DATABASE ${database.name} SET default_transaction_read_only = on`);
    await rowsAreKept(async () => {
      expect((await runAll(READING, database.url)).ended).toEqual(each(READING, 0));
      const { ended, texts } = await runAll(writing(), database.url);
      expect(ended).toEqual(each(writing(), 3));
      expect(new Set(texts).size).toBe(1);
      expect(texts[0]).toContain(
        'default_transaction_read_only is on: writes will fail; nothing was done. Set it to off',
      );
    });
  });
});

import { exec } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { SchemaMismatchError } from '../../src';
import { MIGRATE_COMMAND } from '../../src/contract/migrate-command';
import { dbmate, dbmateDownAll } from '../support/dbmate';
import { ProjectCopy } from '../support/project-copy';

const ROOT = path.join(__dirname, '../..');
const DBMATE = path.join(ROOT, 'node_modules/dbmate');
const TIMEOUT_MS = 120_000;
describe('the migrations', () => {
  let copy: ProjectCopy;
  const server = new Client({ connectionString: process.env['TEST_SERVER_URL'] });
  const database = `schema_test_${randomBytes(6).toString('hex')}`;
  const databaseUrl = new URL(process.env['TEST_SERVER_URL'] ?? '');
  databaseUrl.pathname = `/${database}`;
  const client = new Client({ connectionString: databaseUrl.href });

  beforeAll(async () => {
    copy = new ProjectCopy();
    await server.connect();
    await dbmate(databaseUrl.href, 'up', copy.root);
    await client.connect();
  }, TIMEOUT_MS);

  afterAll(async () => {
    await client.end();
    await server.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    await server.end();
    copy?.delete();
  });

  async function tables(): Promise<string[]> {
    const { rows } = await client.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
  }

  test('dbmate up needs nothing but DATABASE_URL, and leaves the clone as it was', async () => {
    expect(await tables()).toEqual(['pg_timer_store_migrations', 'timer_members', 'timers']);
    for (const file of fs.readdirSync(path.join(copy.root, 'db'), { recursive: true, encoding: 'utf8' })) {
      const original = path.join(ROOT, 'db', file);
      if (fs.statSync(original).isFile())
        expect(copy.read(`db/${file}`)).toBe(fs.readFileSync(original, 'utf8'));
    }
  });

  test('the command of SchemaMismatchError makes them from where the package is installed', async () => {
    await client.query('CREATE SCHEMA installed');
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'installed-'));
    try {
      fs.mkdirSync(path.join(home, 'node_modules/.bin'), { recursive: true });
      for (const [name, target] of Object.entries({ 'pg-timer-store': ROOT, dbmate: DBMATE })) {
        fs.symlinkSync(target, path.join(home, 'node_modules', name));
      }
      // As npm installs it, which also lets it be run.
      const program = path.join(home, 'node_modules/.bin/pg-timer-store');
      fs.writeFileSync(program, '#!/usr/bin/env node\nrequire("../pg-timer-store/dist/cli.js");\n', {
        mode: 0o755,
      });
      const url = new URL(databaseUrl);
      url.searchParams.set('sslmode', 'disable');
      url.searchParams.set('search_path', 'installed');
      const env = { PATH: process.env['PATH'], DATABASE_URL: url.href };
      await promisify(exec)(MIGRATE_COMMAND, { cwd: home, env });
      const { rows } = await client.query(`SELECT to_regclass('installed.timers') IS NOT NULL AS "isThere"`);
      expect(rows).toEqual([{ isThere: true }]);
      expect(new SchemaMismatchError(['there is no table timers']).message).toContain(MIGRATE_COMMAND);
    } finally {
      await client.query('DROP SCHEMA installed CASCADE');
      fs.rmSync(home, { recursive: true });
    }
  }, 30_000);

  test('every table and column has a comment', async () => {
    const { rows } = await client.query<{ name: string; comment: string | null }>(
      `SELECT attname AS name, col_description(attrelid, attnum) AS comment
       FROM pg_attribute WHERE attrelid IN ('timers'::regclass, 'timer_members'::regclass) AND attnum > 0
       UNION ALL SELECT relname, obj_description(oid, 'pg_class') FROM pg_class WHERE relname IN ('timers', 'timer_members')`,
    );
    expect(rows.length).toBeGreaterThan(2);
    expect(rows.filter(({ comment }) => !comment?.trim())).toEqual([]);
  });

  test('they can be undone and applied again', async () => {
    await dbmateDownAll(databaseUrl.href, copy.root);
    expect(await tables()).toEqual(['pg_timer_store_migrations']);
    await dbmate(databaseUrl.href, 'up', copy.root);
    expect(await tables()).toEqual(['pg_timer_store_migrations', 'timer_members', 'timers']);
  }, 30_000);
});

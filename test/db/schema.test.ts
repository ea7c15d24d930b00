import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { dbmate, dbmateDownAll } from '../support/dbmate';
import { ProjectCopy } from '../support/project-copy';

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
    expect(await tables()).toEqual(['pg_timer_store_migrations', 'timers']);
    for (const file of fs.readdirSync(path.join(copy.root, 'db'), { recursive: true, encoding: 'utf8' })) {
      const original = path.join(__dirname, '../../db', file);
      if (fs.statSync(original).isFile())
        expect(copy.read(`db/${file}`)).toBe(fs.readFileSync(original, 'utf8'));
    }
  });

  test('the table and every column have a comment', async () => {
    const { rows } = await client.query<{ name: string; comment: string | null }>(
      `SELECT attname AS name, col_description('timers'::regclass, attnum) AS comment
       FROM pg_attribute WHERE attrelid = 'timers'::regclass AND attnum > 0
       UNION ALL SELECT 'timers', obj_description('timers'::regclass, 'pg_class')`,
    );
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.filter(({ comment }) => !comment?.trim())).toEqual([]);
  });

  test('they can be undone and applied again', async () => {
    await dbmateDownAll(databaseUrl.href, copy.root);
    expect(await tables()).toEqual(['pg_timer_store_migrations']);
    await dbmate(databaseUrl.href, 'up', copy.root);
    expect(await tables()).toEqual(['pg_timer_store_migrations', 'timers']);
  }, 30_000);
});

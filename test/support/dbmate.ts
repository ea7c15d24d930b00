import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.join(__dirname, '../..');
const WITH_PARTITIONS = ['--migrations-dir', 'db/migrations', '--migrations-dir', 'db/layouts/partitioned'];
const DBMATE = path.join(ROOT, 'node_modules/.bin/dbmate');

/** Makes the layout that the tests run on. */
export async function migrate(databaseUrl: string, root = ROOT): Promise<void> {
  await runDbmate(databaseUrl, [...JSON.parse(process.env['TEST_DBMATE_OPTIONS'] ?? '[]'), 'up'], root);
}

/** Brings a database with the plain table to hash partitions, or says in the error what has to be done before. */
export async function partition(databaseUrl: string, command: 'up' | 'down' = 'up'): Promise<void> {
  await runDbmate(databaseUrl, [...WITH_PARTITIONS, command], ROOT);
}

/** Runs dbmate on a database, as a user of this project does. */
export async function dbmate(databaseUrl: string, command: 'up' | 'down', root = ROOT): Promise<void> {
  await runDbmate(databaseUrl, [command], root);
}

async function runDbmate(databaseUrl: string, args: readonly string[], root: string): Promise<void> {
  const url = new URL(databaseUrl);
  url.searchParams.set('sslmode', 'disable');
  const env = { PATH: process.env['PATH'], DATABASE_URL: url.href };
  await promisify(execFile)(DBMATE, args, { cwd: root, env });
}

/** Undoes every migration. */
export async function dbmateDownAll(databaseUrl: string, root = ROOT): Promise<void> {
  for (const _ of fs.readdirSync(path.join(root, 'db/migrations'))) {
    await dbmate(databaseUrl, 'down', root);
  }
}

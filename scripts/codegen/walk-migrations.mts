import fs from 'node:fs';
import path from 'node:path';
import { parseSync } from 'libpg-query';
import type { Client } from 'pg';
import { type Migration, readMigrations, type Section } from './migrations.mjs';
import { diffLines, type Problem, type SqlFault } from './problem.mjs';
import { readCatalog } from './read-catalog.mjs';

/** SQLSTATE of RAISE EXCEPTION: a migration that says itself why it does not go on. */
const RAISE_EXCEPTION = 'P0001';
const COPY_SCRIPT = 'db/layouts/partitioned/copy.sql';
/** Between the two migrations that it belongs between, and with rows to copy. */
const COPIED_AFTER = 'prepare_partitions';
const A_SHARD_AND_A_TIMER = `
  INSERT INTO timers (shard_id, row_type, timer_execute_at, timer_uuid, timer_namespace, timer_id)
  VALUES (1, 1, now(), gen_random_uuid(), NULL, NULL), (1, 2, now(), gen_random_uuid(), 'n', 't')`;

/**
 * Runs each migration of a layout up, down and up, from an empty database on: what each leaves behind is named by it.
 * The database has the layout afterwards.
 */
export async function walkMigrations(
  root: string,
  folders: readonly string[],
  client: Client,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  // As few as there can be in a test of the same.
  await client.query('SET pg_timer_store.partitions = 3');
  for (const migration of readMigrations(root, folders)) {
    const problem = await walk(migration, client);
    if (problem !== undefined) return [...problems, problem];
    if (migration.file.includes(COPIED_AFTER)) problems.push(...(await runCopy(root, client)));
  }
  return problems;
}

async function walk({ file, up, down }: Migration, client: Client): Promise<Problem | undefined> {
  const before = await readCatalog(client);
  const failed = await run(file, up, client);
  if (failed !== undefined) return failed.problem;
  const after = await readCatalog(client);

  const refused = await run(file, down, client);
  if (refused?.code === RAISE_EXCEPTION && !file.startsWith('db/migrations/')) return undefined;
  if (refused !== undefined) return refused.problem;
  const left = diffLines(before, await readCatalog(client));
  if (left.length > 0) {
    const what = `down does not undo up:\n${left.join('\n')}`;
    const remedy =
      'Undo in migrate:down all that migrate:up does, or refuse it by RAISE EXCEPTION in a layout.';
    return { where: `${file}:${down.line}`, what, remedy };
  }

  const again = await run(file, up, client);
  if (again !== undefined) return again.problem;
  const different = diffLines(after, await readCatalog(client));
  if (different.length === 0) return undefined;
  const what = `up, down and up again is not the same as up:\n${different.join('\n')}`;
  return {
    where: `${file}:${up.line}`,
    what,
    remedy: 'Let migrate:up do the same whatever was there before.',
  };
}

async function run(file: string, { sql, line, inTransaction }: Section, client: Client) {
  try {
    await client.query(inTransaction ? 'BEGIN' : '');
    await client.query(sql);
    await client.query(inTransaction ? 'COMMIT' : '');
    return undefined;
  } catch (error) {
    await client.query('ROLLBACK');
    const { message, position, code } = error as SqlFault;
    const failedAt = line + sql.slice(0, Number(position ?? 1) - 1).split('\n').length - 1;
    const remedy = 'Correct it: it has to run on a database with all that comes before it.';
    return { code, problem: { where: `${file}:${failedAt}`, what: message, remedy } };
  }
}

/** Each statement by itself, as psql does: it commits on its way. */
async function runCopy(root: string, client: Client): Promise<Problem[]> {
  const sql = fs.readFileSync(path.join(root, COPY_SCRIPT), 'utf8');
  const bytes = Buffer.from(sql);
  await client.query(A_SHARD_AND_A_TIMER);
  for (const { stmt_location: start = 0, stmt_len: length = bytes.length - start } of parseSync(sql).stmts ??
    []) {
    try {
      await client.query(bytes.subarray(start, start + length).toString());
    } catch (error) {
      const lead =
        bytes
          .subarray(start, start + length)
          .toString()
          .match(/^(\s|--[^\n]*\n)*/)?.[0] ?? '';
      const line = `${bytes.subarray(0, start)}${lead}`.split('\n').length;
      const remedy = 'Correct it: it has to run between the two migrations of the layout.';
      return [{ where: `${COPY_SCRIPT}:${line}`, what: (error as SqlFault).message, remedy }];
    } finally {
      await client.query('ROLLBACK');
    }
  }
  return [];
}

/** That a layout can be parsed which cannot be run here, for want of its extension. */
export function parseMigrations(root: string, folder: string): Problem[] {
  return readMigrations(root, [folder]).flatMap(({ file, up, down }) =>
    [up, down].flatMap(({ sql, line }) => {
      try {
        parseSync(sql);
        return [];
      } catch (error) {
        return [{ where: `${file}:${line}`, what: (error as Error).message, remedy: 'Correct the SQL.' }];
      }
    }),
  );
}

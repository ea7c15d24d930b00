import fs from 'node:fs';
import path from 'node:path';
import { dbmateOptions, type Layout } from '../layouts.mjs';
import { runDbmate } from '../run-dbmate.mjs';
import { lintMigrations } from './lint-migrations.mjs';
import { checkMigrationFiles } from './migrations.mjs';
import { diffLines, type Problem, type SqlFault } from './problem.mjs';
import { readCatalog, readColumns } from './read-catalog.mjs';
import type { TableColumn } from './rules/timers-table.mjs';
import type { CreateDatabase, ScratchDatabase } from './scratch-databases.mjs';
import { parseMigrations, walkMigrations } from './walk-migrations.mjs';

/** What the migrations make. */
export interface Schema {
  readonly problems: readonly Problem[];
  /** By the layout of the table, as far as its migrations could be run. */
  readonly databases: ReadonlyMap<Layout, ScratchDatabase>;
  readonly columns: readonly TableColumn[];
  /** What is wrong with db/schema.sql, which is written from all this. */
  readonly stale: readonly Problem[];
}

export const SCHEMA_FILE = 'db/schema.sql';

const LAYOUTS: readonly Layout[] = ['plain', 'partitioned'];
/** Its extension is not there. */
const ONLY_PARSED = 'db/layouts/citus';

/** Checks the migrations of each layout, and leaves a database of each to check the queries on. */
export async function checkSchema(root: string, create: CreateDatabase): Promise<Schema> {
  const lent = await Promise.all(LAYOUTS.map(async (layout) => [layout, await create()] as const));
  const [linted, ...walked] = await Promise.all([
    lintMigrations(root),
    ...lent.map(([layout, { client }]) => walkMigrations(root, foldersOf(layout), client)),
  ]);
  const databases = new Map(lent.filter((_, index) => walked[index]?.length === 0));
  // What goes wrong in one layout, goes wrong in each that has the same migrations.
  const failed = walked.find((problems) => problems.length > 0) ?? [];
  const problems = [
    ...checkMigrationFiles(root),
    ...parseMigrations(root, ONLY_PARSED),
    ...failed,
    ...linted,
  ];
  const plain = databases.get('plain');
  if (plain === undefined) return { problems, databases, columns: [], stale: [] };
  const catalog = await readCatalog(plain.client);
  problems.push(...(await compareDbmate(root, await create(), catalog)));
  const stale = await compareSchemaFile(root, await create(), catalog);
  return { problems, databases, columns: await readColumns(plain.client), stale };
}

function foldersOf(layout: Layout): string[] {
  return dbmateOptions(layout).filter((option) => option.startsWith('db/'));
}

/** That dbmate makes of the migrations what they made one by one. */
async function compareDbmate(
  root: string,
  { url, client }: ScratchDatabase,
  catalog: string[],
): Promise<Problem[]> {
  const where = 'db/migrations';
  try {
    await runDbmate(root, url, 'up');
  } catch (error) {
    return [{ where, what: (error as Error).message, remedy: 'Correct what dbmate names.' }];
  }
  const difference = diffLines(catalog, await readCatalog(client));
  if (difference.length === 0) return [];
  const what = `dbmate does not make of it what its files say:\n${difference.join('\n')}`;
  return [{ where, what, remedy: 'Write them as dbmate reads them.' }];
}

/** That db/schema.sql makes what the migrations make, whatever program has written it down. */
async function compareSchemaFile(
  root: string,
  { client }: ScratchDatabase,
  catalog: string[],
): Promise<Problem[]> {
  const remedy = 'Run `npm run codegen`; change db/migrations, never this file.';
  const file = path.join(root, SCHEMA_FILE);
  try {
    await client.query(fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '');
  } catch (error) {
    return [{ where: SCHEMA_FILE, what: (error as SqlFault).message, remedy }];
  }
  const difference = diffLines(await readCatalog(client), catalog);
  if (difference.length === 0) return [];
  const what = `does not make what db/migrations make:\n${difference.join('\n')}`;
  return [{ where: SCHEMA_FILE, what, remedy }];
}

import type { Client } from 'pg';
import { dbmateOptions, type Layout } from '../layouts.mjs';
import { runDbmate } from '../run-dbmate.mjs';
import { dumpSchema } from './dump-schema.mjs';
import { lintMigrations } from './lint-migrations.mjs';
import { checkMigrationFiles, readMigrations } from './migrations.mjs';
import { diffLines, type Problem } from './problem.mjs';
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
  /** Of db/schema.sql. */
  readonly dump: string;
}

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
  if (plain === undefined) return { problems, databases, columns: [], dump: '' };
  const dump = await dumpSchema(readMigrations(root, foldersOf('plain')));
  problems.push(...(await compareWays(root, create, dump, plain.client)));
  return { problems, databases, columns: await readColumns(plain.client), dump };
}

function foldersOf(layout: Layout): string[] {
  return dbmateOptions(layout).filter((option) => option.startsWith('db/'));
}

/** That dbmate and the dump make the same as the migrations did one by one. */
async function compareWays(
  root: string,
  create: CreateDatabase,
  dump: string,
  plain: Client,
): Promise<Problem[]> {
  const [catalog, migrated, loaded] = [await readCatalog(plain), await create(), await create()];
  try {
    await runDbmate(root, migrated.url, 'up');
  } catch (error) {
    return [{ where: 'db/migrations', what: (error as Error).message, remedy: 'Correct what dbmate names.' }];
  }
  await loaded.client.query(dump);
  const [byDbmate, byDump] = [await readCatalog(migrated.client), await readCatalog(loaded.client)];
  const ways = [
    {
      where: 'db/migrations',
      what: 'dbmate does not make of it what its files say',
      difference: diffLines(catalog, byDbmate),
    },
    {
      where: 'db/schema.sql',
      what: 'does not make what db/migrations make',
      difference: diffLines(catalog, byDump),
    },
  ];
  return ways
    .filter(({ difference }) => difference.length > 0)
    .map(({ where, what, difference }) => ({
      where,
      what: `${what}:\n${difference.join('\n')}`,
      remedy: 'A migration relies on what only some servers do: write it out.',
    }));
}

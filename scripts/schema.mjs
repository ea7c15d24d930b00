import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { dumpSchema } from './dump-schema.mjs';
import { diffLines } from './line-diff.mjs';
import { readMigrations } from './migrations.mjs';
import { readCatalog } from './read-catalog.mjs';
import { runDbmate } from './run-dbmate.mjs';
import { withScratchDatabases } from './scratch-databases.mjs';

const HELP = `Usage: npm run schema [-- OPTIONS]

Writes db/schema.sql, what db/migrations make of an empty database, for people to read. Also checks, on a server, that
every migration can be undone and applied again, and that db/schema.sql makes the same tables.

  --check     Write nothing; fail if db/schema.sql is not what would be written.
  --root DIR  The project to work on. (Default: the one that this script belongs to)
  --help      Show this.

CODEGEN_DATABASE_URL  A server to use, in databases of its own that are dropped at the end. The user must be allowed
                      to create databases. (Default: an embedded server, thrown away at the end)`;

const { values } = parseArgs({
  options: { check: { type: 'boolean' }, root: { type: 'string' }, help: { type: 'boolean' } },
});

if (values.help) {
  console.log(HELP);
} else {
  try {
    const root = path.resolve(values.root ?? fileURLToPath(new URL('..', import.meta.url)));
    await writeSchema(root, values.check ?? false);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

/**
 * @param {string} root
 * @param {boolean} onlyCheck
 */
async function writeSchema(root, onlyCheck) {
  const file = path.join(root, 'db/schema.sql');
  const schema = await checkOnServer(root, dumpSchema(readMigrations(root)));
  if (onlyCheck) {
    const committed = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
    const remedy = 'Run `npm run schema`; change db/migrations, never this file.';
    expectSame(committed, schema, `db/schema.sql is not what db/migrations give. ${remedy}`);
  } else {
    fs.writeFileSync(file, schema);
  }
  console.log(`db/schema.sql: ${onlyCheck ? 'up to date' : 'written'}`);
}

/**
 * @param {string} root
 * @param {Promise<string>} dump
 * @returns {Promise<string>} The dump.
 */
async function checkOnServer(root, dump) {
  const [schema] = await Promise.all([
    dump,
    withScratchDatabases(async (createDatabase) => {
      const migrated = await createDatabase();
      await runDbmate(root, migrated, 'up');
      const catalog = await readCatalog(migrated);
      for (const _ of readMigrations(root)) await runDbmate(root, migrated, 'down');
      expectSame([], await readCatalog(migrated), 'The down migrations leave something behind:');
      await runDbmate(root, migrated, 'up');
      expectSame(catalog, await readCatalog(migrated), 'Up, down and up again is not the same as up:');

      const loaded = await createDatabase();
      await execute(loaded, await dump);
      expectSame(
        catalog,
        await readCatalog(loaded),
        'db/schema.sql does not make the tables that db/migrations make:',
      );
    }),
  ]);
  return schema;
}

/**
 * @param {string} url
 * @param {string} sql
 */
async function execute(url, sql) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/**
 * @param {string | string[]} before
 * @param {string | string[]} after
 * @param {string} complaint
 */
function expectSame(before, after, complaint) {
  const [linesBefore, linesAfter] = [before, after].map((each) =>
    typeof each === 'string' ? each.split('\n') : each,
  );
  const difference = diffLines(linesBefore ?? [], linesAfter ?? []);
  if (difference.length > 0) throw new Error([complaint, ...difference].join('\n'));
}

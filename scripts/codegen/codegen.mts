import '../own-environment.cjs';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkProject } from './check-project.mjs';
import { SCHEMA_FILE } from './check-schema.mjs';
import { dumpSchema } from './dump-schema.mjs';
import { writeGenerated } from './generated-files.mjs';
import { RECORD, readMigrations, writeRecord } from './migrations.mjs';
import { withScratchDatabases } from './scratch-databases.mjs';

const HELP = `Usage: npm run codegen [-- OPTIONS]

Compiles sql/*.sql to src/generated with pgtyped, writes db/schema.sql, what db/migrations make of an empty database, for
people to read, and records new migrations in ${RECORD}. Before that, checks on a server that every migration of every
layout can be undone and applied again, that every query can be planned there, and what pgtyped does not see in queries.
Anything wrong is an error, and then nothing is written.

  --check     Write nothing; fail if something is not what would be written.
  --root DIR  The project to work on. (Default: the one that this script belongs to)
  --help      Show this.

CODEGEN_DATABASE_URL  A server to use, in databases of its own that are dropped at the end. The user must be allowed
                      to create databases and roles. (Default: an embedded server, thrown away at the end)`;

const { values } = parseArgs({
  options: { check: { type: 'boolean' }, root: { type: 'string' }, help: { type: 'boolean' } },
});

if (values.help) {
  console.log(HELP);
} else {
  try {
    const root = values.root ?? fileURLToPath(new URL('../..', import.meta.url));
    await codegen(path.resolve(root), values.check ?? false);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

async function codegen(root: string, onlyCheck: boolean): Promise<void> {
  const { problems, stale, output, queryCount } = await withScratchDatabases((create) =>
    checkProject(root, create),
  );
  const reported = [...problems, ...(onlyCheck ? stale : [])];
  for (const { where, what, remedy } of reported) console.error(`${where}: ${what}\n  → ${remedy}`);
  if (reported.length > 0) {
    const consequence = onlyCheck ? '' : ' Nothing is written.';
    throw new Error(`${reported.length} problem${reported.length === 1 ? '' : 's'}.${consequence}`);
  }
  if (!onlyCheck) {
    writeGenerated(root, output);
    fs.writeFileSync(path.join(root, SCHEMA_FILE), await dumpSchema(readMigrations(root, ['db/migrations'])));
    writeRecord(root);
  }
  const done = onlyCheck ? 'up to date' : 'written';
  console.log(`src/generated: ${queryCount} queries in ${output.size} files, ${done}`);
}

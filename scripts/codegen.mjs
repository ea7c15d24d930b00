import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkQueries } from './check-queries.mjs';
import { explainPgtyped } from './explain-pgtyped.mjs';
import { compareGenerated, writeGenerated } from './generated-files.mjs';
import { readQueryFiles } from './query-files.mjs';
import { runDbmate } from './run-dbmate.mjs';
import { runPgtyped } from './run-pgtyped.mjs';
import { withScratchDatabases } from './scratch-databases.mjs';

const HELP = `Usage: npm run codegen [-- OPTIONS]

Compiles sql/*.sql to src/generated with pgtyped, against a fresh database with the schema of db/migrations.
Anything wrong with a query is an error, and then nothing is written.

  --check     Write nothing; fail if src/generated is not what would be written.
  --root DIR  The project to work on. (Default: the one that this script belongs to)
  --help      Show this.

CODEGEN_DATABASE_URL  A server to use, in a database of its own that is dropped at the end. The user must be allowed
                      to create databases. (Default: an embedded server, thrown away at the end)`;

const { values } = parseArgs({
  options: { check: { type: 'boolean' }, root: { type: 'string' }, help: { type: 'boolean' } },
});

if (values.help) {
  console.log(HELP);
} else {
  try {
    await codegen(
      path.resolve(values.root ?? fileURLToPath(new URL('..', import.meta.url))),
      values.check ?? false,
    );
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

/**
 * @param {string} root
 * @param {boolean} onlyCheck
 */
async function codegen(root, onlyCheck) {
  const files = readQueryFiles(root);
  const run = await withScratchDatabases(async (createDatabase) => {
    const url = await createDatabase();
    await runDbmate(root, url, 'up');
    return await runPgtyped(root, url);
  });
  const problems = [...checkQueries(files), ...explainPgtyped(run, files)];
  // Output made from faulty queries says nothing about the committed one.
  if (onlyCheck && problems.length === 0) problems.push(...compareGenerated(root, run.output));

  for (const { where, what, remedy } of problems) console.error(`${where}: ${what}\n  → ${remedy}`);
  if (problems.length > 0) {
    const consequence = onlyCheck ? '' : ' src/generated is left as it was.';
    throw new Error(`${problems.length} problem${problems.length === 1 ? '' : 's'}.${consequence}`);
  }
  if (!onlyCheck) writeGenerated(root, run.output);
  const count = files.reduce((sum, { names }) => sum + names.length, 0);
  console.log(
    `src/generated: ${count} queries in ${run.output.size} files, ${onlyCheck ? 'up to date' : 'written'}`,
  );
}

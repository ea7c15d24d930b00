import { PGlite } from '@electric-sql/pglite';
import { pgDump } from '@electric-sql/pglite-tools/pg_dump';

const HEAD = '-- What db/migrations make of an empty database. Written by `npm run schema`; do not edit.\n';

/**
 * The schema as the real pg_dump prints it. PGlite, because it brings pg_dump in a package: a machine has none, or one
 * of another version, whose output is another. Nothing else here relies on PGlite, which is not a server.
 *
 * @param {import('./migrations.mjs').Migration[]} migrations
 */
export async function dumpSchema(migrations) {
  const database = await PGlite.create();
  try {
    for (const { up } of migrations) await database.exec(up);
    const dump = await pgDump({ pg: database, args: ['--schema-only', '--no-owner', '--no-privileges'] });
    return HEAD + withoutNoise(await dump.text());
  } finally {
    await database.close();
  }
}

/**
 * Leaves out what differs between versions and what only matters to a restore by psql.
 *
 * @param {string} dump
 */
function withoutNoise(dump) {
  return `\n${dump
    .replace(/^--\n-- .*\n--$/gm, '')
    .replace(/^(?:-- Dumped .*|\\(?:un)?restrict .*|SET \w+ = .*;|SELECT pg_catalog\.set_config\(.*)$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

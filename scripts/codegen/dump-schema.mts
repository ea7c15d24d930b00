import { PGlite } from '@electric-sql/pglite';
import { pgDump } from '@electric-sql/pglite-tools/pg_dump';
import type { Migration } from './migrations.mjs';

const HEAD = '-- What db/migrations make of an empty database. Written by `npm run codegen`; do not edit.\n';

/**
 * The schema as the real pg_dump prints it. PGlite, because it brings pg_dump in a package: a machine has none, or one
 * of another version, whose output is another. Nothing else here relies on PGlite, which is not a server. It takes seconds.
 */
export async function dumpSchema(migrations: readonly Migration[]): Promise<string> {
  const database = await PGlite.create();
  try {
    for (const { up } of migrations) await database.exec(up.sql);
    const file = await pgDump({ pg: database, args: ['--schema-only', '--no-owner', '--no-privileges'] });
    return HEAD + withoutNoise(await file.text());
  } finally {
    await database.close();
  }
}

/** Leaves out what differs between versions and what only matters to a restore by psql. */
function withoutNoise(dump: string): string {
  return `\n${dump
    .replace(/^--\n-- .*\n--$/gm, '')
    .replace(/^(?:-- Dumped .*|\\(?:un)?restrict .*|SET \w+ = .*;|SELECT pg_catalog\.set_config\(.*)$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

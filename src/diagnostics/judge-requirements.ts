import { MIGRATE_COMMAND } from '../contract/migrate-command';
import type { ReadRequirementsResult } from '../generated/schema-check.queries';
import { fault, ok, type ServerCheck, warning } from './server-report';

/** What the queries need, as `server_version_num` writes it. */
const OLDEST_VERSION = 140_000;

/** Newer than any that the tests have run on. */
const FIRST_UNTESTED_VERSION = 190_000;

export function judgeVersion(version: string, versionNumber: number): ServerCheck {
  const found = `PostgreSQL ${version}`;
  if (versionNumber < OLDEST_VERSION) {
    return fault('version', found, 'Upgrade to PostgreSQL 14 or later.');
  }
  if (versionNumber >= FIRST_UNTESTED_VERSION) {
    return warning('version', found, 'Newer than the tests of this library: look for a newer version of it.');
  }
  return ok('version', found);
}

/** In any other encoding, there are texts that the server refuses, counts in bytes, or hands out as something else. */
export function judgeEncoding(encoding: string): ServerCheck {
  return encoding === 'UTF8'
    ? ok('encoding', encoding)
    : fault('encoding', encoding, "Create the database with ENCODING 'UTF8' TEMPLATE template0.");
}

export function judgeSchema(faults: readonly string[], unknown: readonly string[]): readonly ServerCheck[] {
  const others = unknown.length === 0 ? '' : `; of a newer version or another program: ${unknown.join(', ')}`;
  return faults.length === 0
    ? [ok('schema', `complete${others}`)]
    : faults.map((each) => fault('schema', each, `Migrate it: ${MIGRATE_COMMAND}`));
}

/** What no version of the schema can mend; undefined: nothing. */
export function serverFaults({
  version,
  versionNumber,
  encoding,
}: Pick<ReadRequirementsResult, 'version' | 'versionNumber' | 'encoding'>): string[] {
  return [judgeVersion(version, versionNumber), judgeEncoding(encoding)]
    .filter(({ status }) => status === 'fault')
    .map(({ name, found }) => `${name} ${found}`);
}

/** The query makes an array of text of them. */
export function schemaFaults({ schemaFaults: faults }: ReadRequirementsResult): readonly string[] {
  return faults as readonly string[];
}

/** Of the table; what this version reads and writes is without them. */
export function unknownColumns({ unknownColumns: names }: ReadRequirementsResult): readonly string[] {
  return names as readonly string[];
}

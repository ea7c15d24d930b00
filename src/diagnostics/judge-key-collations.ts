import type { ReadKeyCollationsResult } from '../generated/server-check.queries';
import { fault, ok, type ServerCheck, warning } from './server-report';

const MENDING = `ALTER TABLE timers ALTER timer_id TYPE varchar(255) COLLATE "C", \
ALTER timer_namespace TYPE varchar(255) COLLATE "C". \
It builds idx_timer_lookup anew, and calls wait for it. docs/scaling.md tells how to look for ids that are there twice.`;

/**
 * Not a reason to refuse the table on connecting: it works until the collation changes.
 *
 * @param hasDatabaseChanged whether the collation of the database is no longer the version that it was made with.
 */
export function judgeKeyCollations(
  columns: readonly ReadKeyCollationsResult[],
  hasDatabaseChanged: boolean,
): readonly ServerCheck[] {
  const findings = columns
    .filter(({ isOfBytes }) => !isOfBytes)
    .map(({ column, collation, isDefault, hasChanged }) => {
      const found = `column ${column} is compared by the collation ${isDefault ? 'of the database' : collation}`;
      return hasChanged || (isDefault && hasDatabaseChanged)
        ? fault(
            'collation',
            `${found}, which has changed: timers may not be found, and be created twice`,
            MENDING,
          )
        : warning('collation', `${found}: an upgrade of the system can break its index`, MENDING);
    });
  return findings.length > 0 ? findings : [ok('collation', 'ids are compared by their bytes')];
}

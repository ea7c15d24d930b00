import type { Problem } from '../problem.mjs';
import { locate, type Query } from '../query-files.mjs';
import { isOnTimers } from './timers-table.mjs';

const NEVER_SET = ['shard_id', 'row_type'];

/** A timer dies and is revived in place. */
const CHANGES_KIND = ['reviveTimer', 'settleTimers', 'settleTimersOfPart'];

/** That no row leaves its shard, past the fence of the other one, or becomes a row of another kind. */
export function checkSetColumns(query: Query): Problem[] {
  return query.scopes.filter(isOnTimers).flatMap(({ assignments }) =>
    assignments
      .filter(({ name = '' }) => NEVER_SET.includes(name))
      .filter(({ name }) => name !== 'row_type' || !CHANGES_KIND.includes(query.name))
      .map(({ name, location }) => ({
        where: locate(query, location),
        what: `sets ${name}: the row would leave its shard or its kind, past the fence`,
        remedy: 'Delete the row, and insert it where it belongs, each behind the fence of its shard.',
      })),
  );
}

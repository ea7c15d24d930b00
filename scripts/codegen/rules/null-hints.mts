import type { Node, ResTarget } from 'libpg-query';
import type { Problem } from '../problem.mjs';
import { locate, type Query } from '../query-files.mjs';
import { columnOf, columnsIn, type Scope } from '../syntax-tree.mjs';
import type { TableColumn } from './timers-table.mjs';

/** Columns that may be NULL in the table, since shard rows and timers share it, and may be called NOT NULL all the same. */
const NEVER_NULL: Readonly<Record<string, string>> = {
  timer_id: 'toTimer refuses a row without',
  timer_namespace: 'toTimer refuses a row without',
  timer_callback_timeout_seconds: 'toTimer refuses a row without',
  shard_owner_addr: 'toShardInfo refuses a row without',
  shard_metadata: 'toShardInfo refuses a row without',
  'claimNewShard.shard_version': 'the query itself writes it',
};

/** That `!` stands at nothing that can be NULL: the generated type would promise a value that is not there. */
export function checkNullHints(query: Query, columns: readonly TableColumn[]): Problem[] {
  return query.scopes
    .filter(({ isOutermost }) => isOutermost)
    .flatMap((scope) =>
      scope.result.flatMap((target) => {
        const what = findPromise(query, scope, target, columns);
        if (what === undefined) return [];
        const remedy = 'End the name with ? in place of !, and let the caller look; or make it COALESCE.';
        return [
          { where: locate(query, target.location), what: `"${target.name}" can be NULL: ${what}`, remedy },
        ];
      }),
    );
}

function findPromise(
  query: Query,
  scope: Scope,
  { name, val }: ResTarget,
  columns: readonly TableColumn[],
): string | undefined {
  if (val === undefined) return undefined;
  const column = columnOf(val);
  const catalogColumn = columns.find((each) => each.name === column?.name);
  // Without a hint, pgtyped goes by the table's NOT NULL, and by NULL for an expression.
  const isPromised = name?.endsWith('!') || (!name?.endsWith('?') && catalogColumn?.isNullable === false);
  if (!isPromised || replacesNull(val)) return undefined;

  const optional = scope.tables.find(
    ({ name: table, isOptional }) => isOptional && columnsIn([val]).some((each) => each.table === table),
  );
  // One column that tells whether the row was found tells it of all that come from there.
  if (optional !== undefined && !hasMarker(scope, optional.name)) {
    return `where the outer join finds no ${optional.name}, and no column of it says so by a ?`;
  }
  if ('CaseExpr' in val && val.CaseExpr.defresult === undefined) return 'its CASE has no ELSE';
  if (column === undefined || catalogColumn?.isNullable !== true) return undefined;
  const isRequired = column.name in NEVER_NULL || `${query.name}.${column.name}` in NEVER_NULL;
  return isRequired ? undefined : `the table allows it for ${column.name}`;
}

function hasMarker(scope: Scope, table: string): boolean {
  return scope.result.some(({ name, val }) => name?.endsWith('?') && columnOf(val)?.table === table);
}

function replacesNull(val: Node): boolean {
  return 'CoalesceExpr' in val || 'NullTest' in val || 'BooleanTest' in val;
}

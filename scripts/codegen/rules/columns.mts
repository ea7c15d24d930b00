import type { Node } from 'libpg-query';
import type { Problem } from '../problem.mjs';
import { locate, type Query } from '../query-files.mjs';
import { columnsIn, constantOf, findAll, firstLocation, type Scope } from '../syntax-tree.mjs';
import { isOnShardRow, isOnTimers, type TableColumn, writesTimers } from './timers-table.mjs';

/** A place that names columns one by one, since SQL has no way to say "all of them" for it. */
interface ColumnList {
  readonly list: 'INSERT' | 'SET' | 'SET of an upsert' | 'result' | 'digest';
  /** Whose columns have to be in it. A row that moves is copied whole. */
  readonly row: 'timer' | 'shard' | 'moved timer';
  readonly location: number;
  readonly columns: readonly string[];
}

/** What a list leaves out rightly: of these queries (default: any), these columns. */
const LEFT_OUT: readonly (Partial<Pick<ColumnList, 'list' | 'row'>> & {
  queries?: readonly string[];
  columns: readonly string[];
  reason: string;
})[] = [
  { list: 'result', columns: ['shard_id', 'row_type'], reason: 'the query asks for them' },
  {
    list: 'result',
    row: 'shard',
    columns: ['timer_execute_at', 'timer_uuid'],
    reason: 'the key of every shard row',
  },
  { list: 'digest', columns: ['shard_id', 'row_type'], reason: 'the same on both servers' },
  { list: 'digest', columns: ['timer_execute_at', 'timer_uuid'], reason: 'stand beside the digest' },
  {
    list: 'SET of an upsert',
    columns: ['timer_namespace', 'timer_id'],
    reason: 'what the conflict is about',
  },
  {
    list: 'SET',
    row: 'timer',
    columns: ['timer_uuid', 'timer_id', 'timer_namespace', 'timer_created_at', 'timer_traceparent'],
    reason: 'never change',
  },
  {
    list: 'SET',
    row: 'shard',
    columns: ['timer_execute_at', 'timer_uuid'],
    reason: 'the key of every shard row',
  },
  {
    list: 'SET',
    queries: ['claimShardOwnership'],
    columns: ['shard_metadata'],
    reason: 'outlive owners',
  },
  {
    list: 'SET',
    queries: ['updateShardMetadata', 'takeTarget', 'finishMove'],
    columns: ['shard_version', 'shard_owner_addr', 'shard_claimed_at'],
    reason: 'only metadata are written',
  },
  {
    list: 'SET',
    queries: ['sealSource'],
    columns: ['shard_owner_addr', 'shard_claimed_at'],
    reason: 'stay to be read by the move',
  },
  {
    list: 'INSERT',
    row: 'timer',
    columns: ['timer_updated_at', 'timer_due_at', 'timer_first_attempt_at', 'timer_last_error'],
    reason: 'NULL until the first update or attempt',
  },
  {
    list: 'SET',
    queries: ['reviveTimer'],
    columns: ['timer_callback_url', 'timer_payload', 'timer_retry_policy', 'timer_callback_timeout_seconds'],
    reason: 'what the timer is about outlives its death',
  },
  {
    list: 'SET',
    queries: ['settleTimers', 'settleTimersOfPart'],
    columns: ['timer_callback_url', 'timer_retry_policy', 'timer_callback_timeout_seconds'],
    reason: 'a delivery changes only when the timer is due, and its payload',
  },
  {
    list: 'result',
    queries: ['readDueTimers', 'readDueTimersOfPart'],
    columns: ['shard_id', 'row_type', 'shard_claimed_at', 'shard_metadata'],
    reason: 'timers beside the owner of their shard, which is looked at and not moved',
  },
  {
    list: 'result',
    queries: ['readBacklogs'],
    columns: ['shard_metadata'],
    reason: 'the owner of a shard beside counts of its timers',
  },
  {
    list: 'INSERT',
    queries: ['seedTarget'],
    columns: ['shard_version', 'shard_owner_addr', 'shard_claimed_at'],
    reason: 'NULL until activateTarget',
  },
];

/** That every column of the table is in each list of columns: what a list forgets is lost without a word. */
export function checkColumns(query: Query, columns: readonly TableColumn[]): Problem[] {
  return findLists(query).flatMap((each) => {
    const left = LEFT_OUT.filter(
      ({ queries, list = each.list, row = each.row }) =>
        (queries?.includes(query.name) ?? true) && list === each.list && row === each.row,
    ).flatMap((entry) => entry.columns);
    const missing = columns
      .map(({ name }) => name)
      .filter((name) => belongsTo(each, name) && !each.columns.includes(name) && !left.includes(name));
    if (missing.length === 0) return [];
    const what = `the ${each.list} of a ${each.row} lacks ${missing.join(', ')}`;
    const remedy = 'Add it; or name it in LEFT_OUT of scripts/codegen/rules/columns.mts, with the reason.';
    return [{ where: locate(query, each.location), what, remedy }];
  });
}

function belongsTo({ list, row }: ColumnList, column: string): boolean {
  if (row === 'moved timer') return true;
  if (column === 'shard_id' || column === 'row_type') return list === 'INSERT';
  if (row === 'timer') return column.startsWith('timer_');
  return (
    column.startsWith('shard_') || (list === 'INSERT' && ['timer_execute_at', 'timer_uuid'].includes(column))
  );
}

function findLists(query: Query): ColumnList[] {
  return query.scopes.flatMap((scope) => [
    ...findWritten(scope),
    ...(scope.isOutermost && query.scopes.some(isOnTimers) ? findReturned(scope) : []),
    ...findDigests(scope),
  ]);
}

function findWritten(scope: Scope): ColumnList[] {
  if (!writesTimers(scope)) return [];
  const assigned = scope.assignments.map(({ name = '' }) => name);
  const { location, insert } = scope;
  if (insert === undefined) {
    if (scope.kind !== 'UPDATE') return [];
    return [{ list: 'SET', row: isOnShardRow(scope) ? 'shard' : 'timer', location, columns: assigned }];
  }
  const columns = (insert.cols ?? []).map((each) => ('ResTarget' in each ? (each.ResTarget.name ?? '') : ''));
  const row = insertsShardRow(scope) ? 'shard' : columns.includes('shard_metadata') ? 'moved timer' : 'timer';
  const upsert: ColumnList = {
    list: 'SET of an upsert',
    row,
    location: firstLocation(scope.assignments),
    columns: assigned,
  };
  return [{ list: 'INSERT', row, location, columns }, ...(assigned.length > 0 ? [upsert] : [])];
}

function insertsShardRow({ inner }: Scope): boolean {
  const source = inner.find(({ isSource }) => isSource);
  const [first] = source?.select?.valuesLists ?? [];
  const values: (Node | undefined)[] =
    first !== undefined && 'List' in first
      ? (first.List.items ?? [])
      : (source?.result.map(({ val }) => val) ?? []);
  return constantOf(values[1]) === 1;
}

/** A result that has the id is that of timers, one that has the owner that of shards, one with both that of a move. */
function findReturned({ result, location }: Scope): ColumnList[] {
  const columns = columnsIn(result.map(({ val }) => val)).map(({ name }) => name);
  const [isTimer, isShard] = [columns.includes('timer_id'), columns.includes('shard_owner_addr')];
  if (!isTimer && !isShard) return [];
  const row = isTimer && isShard ? 'moved timer' : isTimer ? 'timer' : 'shard';
  return [{ list: 'result', row, location, columns }];
}

function findDigests({ select, inner }: Scope): ColumnList[] {
  // Only where nothing is inside of it, or it would be found in each of the scopes around it.
  if (select === undefined || inner.length > 1) return [];
  return findAll<{ funcname?: { String?: { sval?: string } }[]; args?: Node[] }>(
    select.targetList,
    'FuncCall',
  )
    .filter(({ funcname }) => funcname?.at(-1)?.String?.sval === 'json_build_array')
    .map(({ args }) => ({
      list: 'digest',
      row: 'moved timer',
      location: firstLocation(args),
      columns: columnsIn(args).map(({ name }) => name),
    }));
}

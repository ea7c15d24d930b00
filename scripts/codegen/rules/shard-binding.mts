import type { Node } from 'libpg-query';
import type { Problem } from '../problem.mjs';
import { locate, type Query } from '../query-files.mjs';
import { columnOf, parameterOf, type Scope, sidesOfEquality } from '../syntax-tree.mjs';
import { isOnTimers, readsTimers, timersIn } from './timers-table.mjs';

/** These take the shards from their parameters: each part of them is bound to the shard of the row beside it. */
export const OF_MANY_SHARDS = [
  'countTimersOfNamespace',
  'createTimersOfShards',
  'deleteTimersOfShards',
  'listTimersById',
  'listTimersByTime',
  'readBacklogs',
  'readDueTimers',
  'readNextNamespace',
  'settleDoneTimers',
  'settleTimers',
  'updateTimersOfShards',
];

/** Of these, Citus has to see that all of their shards are in one part of it, by what is given beside the rows. */
const OF_ONE_PART = [
  'createTimersOfPart',
  'readDueTimersOfPart',
  'settleDoneTimersOfPart',
  'settleTimersOfPart',
];

const REMEDY =
  'Every part that reads or writes timers has `shard_id = :shardId!` in its own WHERE, joined by AND.';

/**
 * That a query is bound to one shard: the table is partitioned and distributed by shard_id, so a statement that leaves it
 * out visits every partition, and one that writes may change a shard that its caller does not own.
 */
export function checkShardBinding(query: Query): Problem[] {
  if (!query.scopes.some((scope) => isOnTimers(scope))) return [];
  const isOfMany = OF_MANY_SHARDS.includes(query.name);
  const isOfPart = OF_ONE_PART.includes(query.name);
  return query.scopes.flatMap((scope) => {
    const what = isOfMany
      ? findUnboundToRow(scope)
      : isOfPart
        ? findUnboundToPart(query, scope)
        : findUnbound(query, scope);
    if (what === undefined) return [];
    return [
      { where: locate(query, scope.location), what: `not bound to one shard: ${what}`, remedy: REMEDY },
    ];
  });
}

function findUnboundToRow(scope: Scope): string | undefined {
  const unbound = timersIn(scope).find(({ name }) => !isBoundToRow(scope, name));
  return unbound && `the WHERE for ${unbound.name}`;
}

/** `shard_id = owned.shard_id`, of a row that is not the table's own. */
function isBoundToRow({ conditions }: Scope, table: string): boolean {
  return conditions.some((condition) => {
    const [left, right] = (sidesOfEquality(condition) ?? []).map((side) => columnOf(side));
    return (
      left?.name === 'shard_id' &&
      right?.name === 'shard_id' &&
      [undefined, table].includes(left.table) &&
      right.table !== undefined &&
      right.table !== table
    );
  });
}

function findUnboundToPart(query: Query, scope: Scope): string | undefined {
  const unbound = timersIn(scope).find(({ name }) => !isBoundToPart(query, scope, name));
  return unbound && `the WHERE for ${unbound.name}, by shard_id = ANY(:shardIds!)`;
}

function isBoundToPart(query: Query, { conditions }: Scope, table: string): boolean {
  return conditions.some((condition) => {
    const [left, right] = sidesOfEquality(condition, 'AEXPR_OP_ANY') ?? [];
    const column = columnOf(left);
    return (
      column?.name === 'shard_id' &&
      [undefined, table].includes(column.table) &&
      query.parameters[(parameterOf(right) ?? 0) - 1] === ':shardIds!'
    );
  });
}

function findUnbound(query: Query, scope: Scope): string | undefined {
  const unbound = timersIn(scope).find(({ name }) => !isBound(query, scope, [undefined, name]));
  if (unbound !== undefined) return `the WHERE for ${unbound.name}`;
  if (scope.insert !== undefined && isOnTimers(scope)) {
    if (!insertsOneShard(query, scope)) {
      return 'an INSERT whose first column is not shard_id or whose first value is not the shard';
    }
  } else if (scope.isOutermost && !readsTimers(scope) && !isBound(query, scope)) {
    return 'the WHERE of its result';
  }
  return undefined;
}

/** @param tables Of which one has to be bound. (Default: any) */
function isBound(query: Query, scope: Scope, tables?: readonly (string | undefined)[]): boolean {
  return scope.conditions.some((condition) => {
    const [left, right] = sidesOfEquality(condition) ?? [];
    const column = columnOf(left);
    return (
      column?.name === 'shard_id' &&
      (tables?.includes(column.table) ?? true) &&
      isShardParameter(query, right)
    );
  });
}

function isShardParameter(query: Query, node: Node | undefined): boolean {
  return query.parameters[(parameterOf(node) ?? 0) - 1] === ':shardId!';
}

/** Any shard_id that can be selected is that of the one shard, since whatever reads the table is bound itself. */
function insertsOneShard(query: Query, scope: Scope): boolean {
  const [first] = scope.insert?.cols ?? [];
  if (first === undefined || !('ResTarget' in first) || first.ResTarget.name !== 'shard_id') return false;
  const source = scope.inner.find(({ isSource }) => isSource);
  const rows = source?.select?.valuesLists?.map((list) =>
    'List' in list ? list.List.items?.[0] : undefined,
  );
  const shards = rows ?? [source?.result[0]?.val];
  if (shards.every((shard) => isShardParameter(query, shard))) return true;
  const isOfShard = shards.every((shard) => columnOf(shard)?.name === 'shard_id');
  return (
    isOfShard &&
    source !== undefined &&
    (!scope.isOutermost || source.inner.some((part) => isBound(query, part)))
  );
}

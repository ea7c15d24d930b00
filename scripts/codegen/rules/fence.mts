import type { Node } from 'libpg-query';
import type { Problem } from '../problem.mjs';
import { locate, type Query } from '../query-files.mjs';
import { parameterOf, type Scope } from '../syntax-tree.mjs';
import { isOnShardRow, testsNull, valueFor, writesTimers } from './timers-table.mjs';

/** Writes that look at the version in another way than a fence does, or cannot. */
const WITHOUT_FENCE: Readonly<Record<string, string>> = {
  claimShardOwnership: 'compares the version with the one it has seen itself',
  claimNewShard: 'there is no version yet',
  createTimerNoLock: 'from the first row of the shard, its shard row if it has one: test/sharding/move-shard',
  createTimersNoLock:
    'from the first row of the shard, its shard row if it has one: test/sharding/move-shard',
  createTimersOfUnclaimedShard: 'there is no version yet',
  createTimerOfUnclaimedShard: 'there is no version yet',
  seedTarget: 'there is no version yet',
  takeTarget: 'of a sealed shard, compared with the metadata that were seen',
  sealSource: 'compares the version with the one that the move has seen',
  replaceMovingTimers: 'of a sealed shard, locked at the run of the move',
  activateTarget: 'of a sealed shard, at the run of the move',
  deleteMovedTimers: 'of a sealed shard, locked at the id of the move',
  finishMove: 'of a sealed shard, at the id of the move',
  createTimersOfShards:
    'each shard is fenced for itself, or looked at for its seal: test/postgres/creates-of-shards',
  updateTimersOfShards: 'each shard is fenced for itself: test/postgres/gathered-writes',
  deleteTimersOfShards: 'each shard is fenced for itself: test/postgres/gathered-writes',
  settleDoneTimers: 'each shard is fenced for itself: test/postgres/settlements',
  createTimersOfPart: 'each shard is fenced for itself: test/postgres/citus',
  settleDoneTimersOfPart: 'each shard is fenced for itself: test/postgres/citus',
  settleTimersOfPart: 'each shard is fenced for itself: test/postgres/citus',
  settleTimers: 'each shard is fenced for itself: test/postgres/settlements',
};

const FENCE_REMEDY =
  'Read the shard row with `shard_version = :shardVersion!` and FOR SHARE, and let each write depend on it; or, if it ' +
  'needs none, name it in WITHOUT_FENCE of scripts/codegen/rules/fence.mts, with the reason.';
const SEAL_REMEDY =
  'Let each write depend on the shard row not being sealed: NOT EXISTS (… shard_version IS NULL), or IS NOT NULL.';

/** That no process writes to a shard which it no longer owns, and that no write without a fence meets a sealed shard. */
export function checkFence(query: Query): Problem[] {
  const writes = query.scopes.filter(writesTimers);
  if (writes.length === 0 || query.name in WITHOUT_FENCE) return [];
  return query.name.endsWith('NoLock') || query.name.includes('Dead') || query.name === 'reviveTimer'
    ? checkSeal(query, writes)
    : checkVersion(query, writes);
}

function checkVersion(query: Query, writes: readonly Scope[]): Problem[] {
  const fences = query.scopes.filter((scope) => isOnShardRow(scope) && comparesVersion(query, scope));
  if (fences.length === 0) {
    const what = 'writes without a fence: nothing in it asks for `shard_version = :shardVersion!`';
    return [{ where: locate(query, writes[0]?.location), what, remedy: FENCE_REMEDY }];
  }
  const unlocked = fences.filter((fence) => !locksShardRow(fence));
  const loose = writes.filter((write) => !fences.some((fence) => dependsOn(write, fence)));
  return [
    ...unlocked.map(({ location }) => ({
      where: locate(query, location),
      what: 'the fence does not lock the shard row, so that a claim may come between it and the write',
      remedy: FENCE_REMEDY,
    })),
    ...loose.map(({ kind, location }) => ({
      where: locate(query, location),
      what: `the ${kind} does not depend on the fence`,
      remedy: FENCE_REMEDY,
    })),
  ];
}

function comparesVersion(query: Query, scope: Scope): boolean {
  return query.parameters[(parameterOf(valueFor(scope, 'shard_version')) ?? 0) - 1] === ':shardVersion!';
}

/** An UPDATE locks what it finds. */
function locksShardRow({ locks, tables }: Scope): boolean {
  return tables.some(({ name, isTarget }) => isTarget || locks.includes('*') || locks.includes(name));
}

function dependsOn(write: Scope, fence: Scope): boolean {
  if (write === fence) return true;
  if (write.kind === 'INSERT') {
    const source = write.inner.find(({ isSource }) => isSource);
    return (
      source === fence ||
      (source?.tables.some(({ name, isOptional }) => name === fence.cte && !isOptional) ?? false)
    );
  }
  return write.conditions.some((condition) => {
    const [relation] = existingIn(condition)?.fromClause ?? [];
    return relation !== undefined && 'RangeVar' in relation && relation.RangeVar.relname === fence.cte;
  });
}

/** The SELECT of `EXISTS (SELECT …)`. */
function existingIn(condition: Node) {
  if (!('SubLink' in condition) || condition.SubLink.subLinkType !== 'EXISTS_SUBLINK') return undefined;
  const select = condition.SubLink.subselect;
  return select !== undefined && 'SelectStmt' in select ? select.SelectStmt : undefined;
}

function checkSeal(query: Query, writes: readonly Scope[]): Problem[] {
  return writes
    .filter((write) => !looksForSeal(query, write))
    .map(({ kind, location }) => ({
      where: locate(query, location),
      what: `the ${kind} does not look whether the shard is sealed`,
      remedy: SEAL_REMEDY,
    }));
}

function looksForSeal(query: Query, write: Scope): boolean {
  const source = write.inner.find(({ isSource }) => isSource);
  if (source !== undefined) return isOnShardRow(source) && testsNull(source, 'shard_version', 'IS_NOT_NULL');
  return write.conditions.some((condition) => {
    if (!('BoolExpr' in condition) || condition.BoolExpr.boolop !== 'NOT_EXPR') return false;
    const select = existingIn(condition.BoolExpr.args?.[0] as Node);
    const scope = query.scopes.find((each) => each.select === select);
    return scope !== undefined && isOnShardRow(scope) && testsNull(scope, 'shard_version', 'IS_NULL');
  });
}

import type { FuncCall } from 'libpg-query';
import type { Client } from 'pg';
import { deparseSync } from 'pgsql-deparser';
import type { Problem, SqlFault } from '../problem.mjs';
import { locate, type Query } from '../query-files.mjs';
import { columnOf, findAll, firstLocation, renameColumns, type Scope } from '../syntax-tree.mjs';
import { OF_MANY_SHARDS } from './shard-binding.mjs';
import { isOnTimers, readsTimers, TABLE, writesTimers } from './timers-table.mjs';

/**
 * Citus takes these apart, and runs several commands in one transaction. Of the first two, stores send other statements
 * there; the last one is of `moveShard`, which refuses servers with Citus. docs/scaling.md tells of them.
 */
const IN_SEVERAL_COMMANDS = [
  'createTimersOfUnclaimedShard',
  'rangeDeleteWithBatchInsertTxn',
  'replaceMovingTimers',
];

/**
 * What Citus asks of a statement on a distributed table beside that it is bound to one shard, as far as it can be seen
 * without Citus. Those of many shards are for one server.
 *
 * Source: https://docs.citusdata.com/en/stable/develop/reference_workarounds.html, trials on Citus 13, and in its source
 * the functions InsertPartitionColumnMatchesSelect and ErrorIfQueryHasUnroutableModifyingCTE.
 *
 * @param client Of a database with the table.
 */
export async function checkCitus(queries: readonly Query[], client: Client): Promise<Problem[]> {
  const ofOneShard = queries.filter(
    ({ name, scopes }) => scopes.some((scope) => isOnTimers(scope)) && !OF_MANY_SHARDS.includes(name),
  );
  return [
    ...ofOneShard.flatMap(checkInserts),
    ...ofOneShard.flatMap(checkOverwrites),
    ...(await checkReturned(ofOneShard, client)),
    ...(await checkFunctions(ofOneShard, client)),
  ];
}

function checkInserts(query: Query): Problem[] {
  const inserts = query.scopes.filter((scope) => scope.kind === 'INSERT' && writesTimers(scope));
  const apart = inserts.find((scope) => !isInOnePiece(scope));
  if ((apart !== undefined) === IN_SEVERAL_COMMANDS.includes(query.name)) return [];
  const what =
    apart === undefined
      ? 'is said to run in several commands on Citus, and runs in one'
      : 'an INSERT that Citus runs in several commands';
  const remedy =
    'Let an INSERT be the whole statement, and take shard_id from VALUES or from the row of the shard; or change IN_SEVERAL_COMMANDS of scripts/codegen/rules/citus.mts and docs/scaling.md.';
  return [{ where: locate(query, apart?.location), what, remedy }];
}

/** Is no part of another statement, and takes the shard from a row of that shard, or is of VALUES. */
function isInOnePiece({ isOutermost, inner }: Scope): boolean {
  const source = inner.find(({ isSource }) => isSource);
  if (!isOutermost || source === undefined) return false;
  return source.select?.valuesLists !== undefined || takesShardFromRow(source);
}

/** Selects the shard_id of a row of the table, or of a subquery that selects it so itself. */
function takesShardFromRow(source: Scope): boolean {
  const shard = columnOf(source.result[0]?.val);
  if (shard?.name !== 'shard_id') return false;
  const table = source.tables.find(({ name }) => [undefined, name].includes(shard.table));
  return table?.relation !== undefined
    ? table.relation.relname === TABLE
    : source.inner.some((part) => part !== source && readsTimers(part) && takesShardFromRow(part));
}

function checkOverwrites(query: Query): Problem[] {
  return query.scopes
    .filter(({ kind }) => kind === 'INSERT')
    .flatMap(({ assignments }) => assignments)
    .filter(({ val }) => columnOf(val)?.table !== 'excluded')
    .map(({ name, location }) => ({
      where: locate(query, location),
      what: `overwrites ${name} with something that is computed, which Citus refuses`,
      remedy: 'Set it to that of the new row, excluded.',
    }));
}

/** PostgreSQL itself judges: it indexes an expression only if nothing but the row can change it. */
async function checkReturned(queries: readonly Query[], client: Client): Promise<Problem[]> {
  const returned = new Map<string, { query: Query; location: number }>();
  for (const query of queries) {
    for (const { kind, result } of query.scopes) {
      for (const { val } of kind === 'SELECT' ? [] : result) {
        if (val === undefined || columnOf(val) !== undefined) continue;
        // Without the names of tables, which are not those of the index.
        const text = deparseSync(renameColumns(val, (fields) => fields.slice(-1)));
        returned.set(text, { query, location: firstLocation(val) });
      }
    }
  }
  const problems: Problem[] = [];
  await client.query('BEGIN');
  for (const [text, { query, location }] of returned) {
    await client.query('SAVEPOINT gate');
    try {
      await client.query(`CREATE INDEX ON timers ((${text}))`);
    } catch (error) {
      const what = `returns what Citus may compute otherwise on each worker: ${(error as SqlFault).message}`;
      const remedy = 'Return what depends on nothing but the row, and on no setting.';
      problems.push({ where: locate(query, location), what, remedy });
    } finally {
      await client.query('ROLLBACK TO SAVEPOINT gate');
    }
  }
  await client.query('ROLLBACK');
  return problems;
}

async function checkFunctions(queries: readonly Query[], client: Client): Promise<Problem[]> {
  const calls = queries.flatMap((query) =>
    findAll<FuncCall>(query.statement, 'FuncCall').map((call) => {
      const last = call.funcname?.at(-1);
      return { query, call, name: last && 'String' in last ? (last.String.sval ?? '') : '' };
    }),
  );
  const { rows } = await client.query(
    `SELECT DISTINCT proname AS name FROM pg_proc WHERE proname = ANY($1) AND provolatile = 'v'`,
    [calls.map(({ name }) => name)],
  );
  const volatile = new Set(rows.map(({ name }) => name));
  return calls
    .filter(({ name }) => volatile.has(name))
    .map(({ query, call, name }) => ({
      where: locate(query, call.location),
      what: `calls ${name}, which is volatile: Citus refuses it`,
      remedy: 'Compute it in the store, and pass it as a parameter.',
    }));
}

import type { Client } from 'pg';
import type { Layout } from '../layouts.mjs';
import { checkInference } from './check-inference.mjs';
import type { Schema } from './check-schema.mjs';
import { type Generated, generate } from './generate.mjs';
import { planQueries } from './plan-queries.mjs';
import type { Problem } from './problem.mjs';
import { locate, type Query, type QueryFile, readQueryFiles } from './query-files.mjs';
import { checkCitus } from './rules/citus.mjs';
import { checkColumns } from './rules/columns.mjs';
import { checkFence } from './rules/fence.mjs';
import { checkFragments } from './rules/fragments.mjs';
import { checkLiterals } from './rules/literals.mjs';
import { checkNullHints } from './rules/null-hints.mjs';
import { checkSetColumns } from './rules/set-columns.mjs';
import { checkShardBinding } from './rules/shard-binding.mjs';

export interface CheckedQueries {
  readonly problems: readonly Problem[];
  readonly output: Generated['output'];
  readonly count: number;
}

/** Compiles the queries, and checks what pgtyped does not see in them. */
export async function checkQueries(root: string, { databases, columns }: Schema): Promise<CheckedQueries> {
  const plain = databases.get('plain');
  if (plain === undefined) throw new Error('There is no database to check the queries on');
  const files = await readQueryFiles(root);
  const queries = files.flatMap((file) => file.queries);
  const { output, types, problems } = await generate(root, plain.url, files);
  const found = [
    ...checkFiles(files),
    ...checkNames(queries),
    ...problems,
    ...queries.flatMap((query) => [
      ...checkShardBinding(query),
      ...checkFence(query),
      ...checkSetColumns(query),
      ...checkLiterals(query),
      ...checkNullHints(query, columns),
      ...checkColumns(query, columns),
    ]),
    ...checkFragments(queries),
    ...checkInference(root),
    ...(await checkCitus(queries, plain.client)),
  ];
  for (const [layout, { client }] of databases) {
    found.push(...(await planQueries(root, client, layout, types.keys())));
    found.push(...(await checkRequirements(queries, layout, client)));
  }
  return { problems: found, output, count: queries.length };
}

function checkFiles(files: readonly QueryFile[]): readonly Problem[] {
  if (files.length > 0) return files.flatMap(({ problems }) => problems);
  return [{ where: 'sql/', what: 'there is no .sql file', remedy: 'Restore the queries.' }];
}

function checkNames(queries: readonly Query[]): Problem[] {
  const seen = new Map<string, Query>();
  return queries.flatMap((query) => {
    const problems: Problem[] = [];
    const where = locate(query);
    const first = seen.get(query.name.toLowerCase());
    seen.set(query.name.toLowerCase(), first ?? query);
    if (first !== undefined) {
      const what = `duplicate name, already used at ${locate(first)}`;
      problems.push({ where, what, remedy: 'Give each query a name of its own.' });
    }
    if (!/^[a-z][A-Za-z0-9]*$/.test(query.name)) {
      const remedy = 'Name the query after the store method.';
      problems.push({ where, what: 'the name is not in camelCase', remedy });
    }
    return problems;
  });
}

/** That what a store asks of a database on connecting is what the migrations make. */
async function checkRequirements(
  queries: readonly Query[],
  layout: Layout,
  client: Client,
): Promise<Problem[]> {
  const query = queries.find(({ name, statement }) => name === 'readRequirements' && statement !== undefined);
  if (query === undefined) {
    const what = 'there is no query readRequirements, which says what the table has to be';
    return [{ where: 'sql/', what, remedy: 'Restore it.' }];
  }
  const { rows } = await client.query(query.text).catch(() => ({ rows: [] }));
  const { 'schemaFaults!': faults = [], 'unknownColumns!': unknown = [] } = rows[0] ?? {};
  const remedy = 'Let sql/schema-check.sql and the migrations say the same.';
  return [
    ...faults.map((fault: string) => ({
      where: locate(query),
      what: `on the ${layout} table, ${fault}`,
      remedy,
    })),
    ...unknown.map((column: string) => ({
      where: locate(query),
      what: `does not require ${column}, which the ${layout} table has`,
      remedy,
    })),
  ];
}

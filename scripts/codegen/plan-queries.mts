import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Client } from 'pg';
import type { Problem, SqlFault } from './problem.mjs';
import { locatePosition, type Query } from './query-files.mjs';

const GRANTS = 'db/grants.sql';
const ROLE_IN_GRANTS = /\btimer_user\b/g;

/**
 * That each query can be planned for any values of its parameters, by a role with the rights of db/grants.sql and no
 * others. Nothing of it is kept.
 *
 * @param layout To name what the plan is for.
 */
export async function planQueries(
  root: string,
  client: Client,
  layout: string,
  queries: Iterable<Query>,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const role = `timer_store_scratch_${randomBytes(6).toString('hex')}`;
  await client.query('BEGIN');
  try {
    await client.query(`CREATE ROLE ${role}`);
    const grants = fs.readFileSync(path.join(root, GRANTS), 'utf8').replace(ROLE_IN_GRANTS, role);
    try {
      await client.query(grants);
    } catch (error) {
      const { message, position } = error as SqlFault;
      const line = grants.slice(0, Number(position ?? 1) - 1).split('\n').length;
      const remedy = `Correct it: it has to run on the ${layout} table.`;
      return [{ where: `${GRANTS}:${line}`, what: message, remedy }];
    }
    await client.query(`SET LOCAL ROLE ${role}; SET LOCAL plan_cache_mode = force_generic_plan`);
    for (const query of queries) {
      const problem = await planQuery(client, layout, query);
      if (problem !== undefined) problems.push(problem);
    }
    return problems;
  } finally {
    await client.query('ROLLBACK');
  }
}

async function planQuery(client: Client, layout: string, query: Query): Promise<Problem | undefined> {
  const prepare = 'PREPARE gate AS ';
  const values = query.parameters.map(() => 'NULL').join(', ');
  await client.query('SAVEPOINT gate');
  try {
    await client.query(prepare + query.text);
    await client.query(`EXPLAIN EXECUTE gate${values && `(${values})`}`);
    return undefined;
  } catch (error) {
    const { message, position } = error as SqlFault;
    const place = position === undefined ? undefined : String(Number(position) - prepare.length);
    const what = `cannot be planned on the ${layout} table: ${message}`;
    const remedy = 'Correct the query, or the migrations, layouts and grants that it relies on.';
    return { where: locatePosition(query, place), what, remedy };
  } finally {
    await client.query('ROLLBACK TO SAVEPOINT gate; DEALLOCATE ALL');
  }
}

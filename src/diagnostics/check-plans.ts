import type { ClientBase } from 'pg';
import type { Deadline } from '../driver/deadline';
import { explain, explainQuery } from './explain-query';
import { findDistributedFaults, findPlanFaults } from './judge-plan';
import { ok, type ServerCheck, warning } from './server-report';
import { QUERIES_ON_CITUS, TIMER_QUERIES } from './timer-queries';

/** A table up to this size is read whole in about a millisecond, and the planner may rightly do so. */
const SMALL_TABLE_BYTES = 1024 ** 2;

const ADVICE = 'Run ANALYZE timers; then look for settings of the planner that differ from the defaults.';

/**
 * Judges how the server would run each query on the table as it is: on a small table, whether it can use the indexes; on
 * a larger one, whether the planner chooses them.
 *
 * @param prepared whether the server may plan a query once for all its parameters.
 */
export async function checkPlans(
  client: ClientBase,
  tableBytes: number,
  prepared: boolean,
  deadline: Deadline,
): Promise<readonly ServerCheck[]> {
  const findings: ServerCheck[] = [];
  await client.query('BEGIN READ ONLY');
  try {
    if (tableBytes <= SMALL_TABLE_BYTES) {
      await client.query('SET LOCAL enable_seqscan = off');
      await client.query('SET LOCAL enable_hashjoin = off');
      await client.query('SET LOCAL enable_mergejoin = off');
    }
    for (const [name, query] of TIMER_QUERIES) {
      if (deadline.isOver) {
        throw deadline.error(true);
      }
      const { custom, generic } = await explainQuery(client, query);
      const faults = new Set([...findPlanFaults(custom), ...(prepared ? findPlanFaults(generic) : [])]);
      if (faults.size > 0) {
        findings.push(warning('plans', `${name} ${[...faults].join(', ')}`, ADVICE));
      }
    }
  } finally {
    await client.query('ROLLBACK');
  }
  const found = `each of ${TIMER_QUERIES.length} queries reads no more than index ranges of its shard`;
  return findings.length > 0 ? findings : [ok('plans', found)];
}

/** The same where Citus plans: each query is one task, whose plan on its worker is judged. */
export async function checkDistributedPlans(
  client: ClientBase,
  deadline: Deadline,
): Promise<readonly ServerCheck[]> {
  const findings: ServerCheck[] = [];
  for (const [name, query] of QUERIES_ON_CITUS) {
    if (deadline.isOver) {
      throw deadline.error(true);
    }
    await client.query('BEGIN READ ONLY');
    try {
      // On the workers as well: their part of the table may be small.
      await client.query("SET LOCAL citus.propagate_set_commands = 'local'");
      await client.query('SET LOCAL enable_seqscan = off');
      // Citus fails on a SET LOCAL in the same message.
      const [plan] = await explain(client, query, [undefined]);
      const faults = plan === undefined ? ['has no plan'] : findDistributedFaults(plan);
      if (faults.length > 0) {
        findings.push(warning('plans', `${name} ${[...new Set(faults)].join(', ')}`, ADVICE));
      }
    } catch (error) {
      // The worker is away, most likely.
      const { message } = error as Error;
      findings.push(warning('plans', `${name} could not be explained: ${message}`, 'Check again later.'));
    } finally {
      await client.query('ROLLBACK');
    }
  }
  const found = `each of ${QUERIES_ON_CITUS.length} queries is one task, which reads no more than index ranges of its shard`;
  return findings.length > 0 ? findings : [ok('plans', found)];
}

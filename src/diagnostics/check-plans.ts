import type { ClientBase } from 'pg';
import type { Deadline } from '../driver/deadline';
import { explainQuery } from './explain-query';
import { findPlanFaults } from './judge-plan';
import { ok, type ServerCheck, warning } from './server-report';
import { TIMER_QUERIES } from './timer-queries';

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

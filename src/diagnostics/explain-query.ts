import { randomBytes } from 'node:crypto';
import type { PreparedQuery } from '@pgtyped/runtime';
import { type ClientBase, escapeLiteral, type QueryResult } from 'pg';
import { columnParsers } from '../driver/column-parsers';
import { statementOf } from '../driver/run-query';
import type { PlanNode } from './judge-plan';

export interface QueryPlans {
  /** Planned for the parameters of one call. */
  readonly custom: PlanNode;
  /** Planned once for all parameters, as the server may do with a prepared statement. */
  readonly generic: PlanNode;
}

/** What the parameters are when planning: a range in which there may be timers, and one timer. */
const SAMPLE_VALUES: Readonly<Record<string, string>> = {
  shardId: '1',
  shardVersion: '1',
  ownerAddr: 'owner',
  metadata: '{}',
  namespace: 'reminders',
  after: 'reminders',
  timerId: 'timer-7',
  fromId: 'timer-7',
  idPrefix: 'timer-',
  id: 'timer-7',
  uuid: '00000000-0000-0000-0000-000000000007',
  executeAt: '2030-01-01T00:10:00Z',
  createdAt: '2030-01-01T00:00:00Z',
  callbackUrl: 'https://example.com/remind',
  callbackTimeoutSeconds: '30',
  attempts: '0',
  payload: '{}',
  retryPolicy: '{}',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  setPayload: 'false',
  setRetryPolicy: 'false',
  afterExecuteAt: '2030-01-01T00:10:00Z',
  afterUuid: '00000000-0000-0000-0000-000000000000',
  upToExecuteAt: '2030-01-01T00:20:00Z',
  upToUuid: '00000000-0000-0000-0000-000000000000',
  limit: '100',
  includeAfter: 'true',
  version: '1',
  claimedAt: '2030-01-01T00:00:00Z',
  move: '{}',
  seenMetadata: '{}',
  moveId: '00000000-0000-0000-0000-000000000000',
  run: '00000000-0000-0000-0000-000000000000',
  rowType: '2',
  revision: '1',
  setCallbackUrl: 'false',
  lookAheadMs: '100',
  shardIds: '1',
  channel: 'due',
};

/** Of one element, by its type. */
const SAMPLE_ARRAYS: Readonly<Record<string, string>> = {
  bool: '{false}',
  int: '{1}',
  int8: '{1}',
  jsonb: '{0}',
  text: '{timer-7}',
  timestamptz: '{2030-01-01T00:10:00Z}',
  uuid: '{00000000-0000-0000-0000-000000000007}',
};

/**
 * How the server would run a query of this library, without running it. One round trip, inside a transaction of the
 * caller, who rolls it back. The text is put together from compiled queries and the constants above alone.
 */
export async function explainQuery(
  client: ClientBase,
  query: PreparedQuery<never, unknown>,
): Promise<QueryPlans> {
  const [custom, generic] = await explain(client, query, ['force_custom_plan', 'force_generic_plan']);
  if (custom === undefined || generic === undefined) {
    throw new TypeError('EXPLAIN returned no plan');
  }
  return { custom, generic };
}

/** Its plans, one for each of these values of `plan_cache_mode`; undefined: that of the session. */
export async function explain(
  client: ClientBase,
  query: PreparedQuery<never, unknown>,
  modes: readonly ('force_custom_plan' | 'force_generic_plan' | undefined)[],
): Promise<PlanNode[]> {
  const { text, parameters } = statementOf(query);
  const values = parameters.map(({ name, elementType }) => {
    const value = elementType === undefined ? SAMPLE_VALUES[name] : SAMPLE_ARRAYS[elementType];
    if (value === undefined) {
      throw new TypeError(`There is no sample value for the parameter ${name}`);
    }
    return escapeLiteral(value);
  });
  // Its own each time: one that is left behind by an error is in nobody's way.
  const statement = `explained_${randomBytes(8).toString('hex')}`;
  const ofStatement = `EXPLAIN (FORMAT JSON) EXECUTE ${statement} (${values.join(', ')})`;
  const results = (await client.query({
    text: [
      `PREPARE ${statement} AS ${text}`,
      ...modes.flatMap((mode) => [...(mode ? [`SET LOCAL plan_cache_mode = ${mode}`] : []), ofStatement]),
      `DEALLOCATE ${statement}`,
    ].join(';\n'),
    types: columnParsers,
  })) as unknown as QueryResult[];
  return results
    .filter(({ command }) => command === 'EXPLAIN')
    .map(({ rows }): PlanNode => rows[0]['QUERY PLAN'][0].Plan);
}

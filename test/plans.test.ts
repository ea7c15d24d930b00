import type { PreparedQuery } from '@pgtyped/runtime';
import { readNewTimer } from '../src/arguments/read-timer';
import * as claimQueries from '../src/generated/claim.queries';
import * as deleteQueries from '../src/generated/delete.queries';
import * as insertQueries from '../src/generated/insert.queries';
import * as rangeSelectQueries from '../src/generated/range-select.queries';
import * as updateQueries from '../src/generated/update.queries';
import { timerArrays } from '../src/timer-params';
import { newTimer } from './support/new-timer';
import { openStoreFixture, type StoreFixture } from './support/store-fixture';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture();
  // One shard: with several, their number alone would make the planner take an index. And less memory than a bitmap of
  // the table needs, as with millions of timers.
  await fixture.direct.query(`SET work_mem = '64kB'`);
  const { shardId, shardVersion } = await fixture.claimedShard();
  for (let first = 0; first < 100_000; first += 10_000) {
    const timers = Array.from({ length: 10_000 }, (_, index) =>
      newTimer({
        id: `timer-${first + index}`,
        executeAt: new Date(Date.UTC(2030, 0, 1) + (first + index) * 1000),
      }),
    );
    await fixture.store.createTimers(shardId, shardVersion, timers);
  }
  await fixture.direct.query('ANALYZE timers');
});
afterAll(async () => await fixture.close());

const PARAMS = {
  shardId: 1,
  shardVersion: 1,
  ownerAddr: 'owner',
  metadata: '{}',
  namespace: 'reminders',
  timerId: 'timer-7',
  setPayload: false,
  setRetryPolicy: false,
  afterExecuteAt: '2030-01-01T00:10:00.000Z',
  afterUuid: '00000000-0000-0000-0000-000000000000',
  upToExecuteAt: '2030-01-01T00:20:00.000Z',
  upToUuid: '00000000-0000-0000-0000-000000000000',
  limit: 100,
  ...timerArrays([readNewTimer('timer', newTimer({ id: 'timer-8' }), 1000)]),
};

/** Where one name stands for an array when creating many timers, and for a single value otherwise. */
const SINGLE_PARAMS = { ...PARAMS, ...readNewTimer('timer', newTimer({ id: 'timer-8' }), 1000) };
const ARRAY_QUERIES = ['createTimers', 'createTimersNoLock', 'rangeDeleteWithBatchInsertTxn'];

type AnyQuery = PreparedQuery<typeof PARAMS, unknown>;

const QUERIES = Object.entries({
  ...claimQueries,
  ...deleteQueries,
  ...insertQueries,
  ...rangeSelectQueries,
  ...updateQueries,
}) as unknown as [name: string, query: AnyQuery][];

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly PlanNode[];
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

/** The statement that a generated query sends. */
async function statementOf(
  query: AnyQuery,
  params: object = PARAMS,
): Promise<{ text: string; values: unknown[] }> {
  let statement = { text: '', values: [] as unknown[] };
  await query.run(params as typeof PARAMS, {
    query: async (text, values) => {
      statement = { text, values };
      return { rows: [], rowCount: 0 };
    },
  });
  return statement;
}

describe.each(QUERIES)('%s', (name, query) => {
  test('reads timers by an index alone, planned for its parameters', async () => {
    const { text, values } = await statementOf(query, ARRAY_QUERIES.includes(name) ? PARAMS : SINGLE_PARAMS);
    const { rows } = await fixture.direct.query(`EXPLAIN (FORMAT JSON) ${text}`, values);
    expectIndexes(rows[0]['QUERY PLAN'][0].Plan);
  });

  test('reads timers by an index alone, planned once for all parameters', async () => {
    const { direct } = fixture;
    const { text, values } = await statementOf(query, ARRAY_QUERIES.includes(name) ? PARAMS : SINGLE_PARAMS);
    await direct.query('SET plan_cache_mode = force_generic_plan');
    await direct.query(`PREPARE planned AS ${text}`);
    const { rows } = await direct.query(
      `EXPLAIN (FORMAT JSON) EXECUTE planned (${values.map(() => 'NULL').join(', ')})`,
    );
    await direct.query('DEALLOCATE planned');
    expectIndexes(rows[0]['QUERY PLAN'][0].Plan);
  });
});

function expectIndexes(plan: PlanNode): void {
  const nodes = nodesOf(plan);
  expect(nodes.map((node) => node['Node Type'])).not.toContain('Seq Scan');
  for (const node of nodes.filter((each) => each['Index Name'] !== undefined)) {
    expect(node['Index Cond']).toMatch(/shard_id = .*row_type = /);
  }
}

test('a page of due timers is one ordered range of the primary key: nothing is sorted or filtered', async () => {
  const { text, values } = await statementOf(rangeSelectQueries.rangeGetTimers as unknown as AnyQuery);
  const { rows } = await fixture.direct.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, values);
  const nodes = nodesOf(rows[0]['QUERY PLAN'][0].Plan);
  expect(nodes.map((node) => node['Node Type'])).toEqual(['Limit', 'Index Scan']);
  expect(nodes[1]).toMatchObject({ 'Index Name': 'timers_pkey', 'Actual Rows': 100 });
  expect(nodes[1]?.['Index Cond']).toMatch(/ROW\(timer_execute_at, timer_uuid\) > .* <= /);
  expect(nodes[1]).not.toHaveProperty('Filter');
  // 100,000 timers of the shard stand around the page; an index that is not entered at its start reads them too.
  expect(rows[0]['QUERY PLAN'][0].Plan['Shared Hit Blocks']).toBeLessThan(30);
});

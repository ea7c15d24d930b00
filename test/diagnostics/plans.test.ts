/**
 * That each query reads an index range of one shard, and that none of them takes another plan since there are many
 * timers, or since most of them are of one kind.
 */
import type { PreparedQuery } from '@pgtyped/runtime';
import { Client } from 'pg';
import { PLAN_SETTINGS } from '../../src/connection/plan-settings';
import { explainQuery, type QueryPlans } from '../../src/diagnostics/explain-query';
import { findPlanFaults, type PlanNode, planNodes } from '../../src/diagnostics/judge-plan';
import { TIMER_QUERIES } from '../../src/diagnostics/timer-queries';
import { statementOf } from '../../src/driver/run-query';
import { claimNewShard } from '../../src/generated/claim.queries';
import { readDueTimers } from '../../src/generated/due.queries';
import { createTimerOfUnclaimedShard } from '../../src/generated/insert.queries';
import { deleteMovedTimers, replaceMovingTimers, seedTarget } from '../../src/generated/move.queries';
import { rangeGetTimers } from '../../src/generated/range-select.queries';
import { settleTimersOfPart } from '../../src/generated/settle.queries';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';

const INSERTS_ALONE: readonly unknown[] = [claimNewShard, createTimerOfUnclaimedShard, seedTarget];

/** They take many at once: of ten timers, that is the whole shard, by whichever index. */
const OF_PAGES: readonly unknown[] = [deleteMovedTimers, replaceMovingTimers, settleTimersOfPart];

/** Of the queries for parts of Citus none meets a table with partitions. */
const QUERIES =
  process.env['TEST_LAYOUT'] === 'partitioned'
    ? TIMER_QUERIES.filter(([name]) => !name.endsWith('OfPart'))
    : TIMER_QUERIES;

/** Of each kind, how many timers there are. */
interface Backlog {
  readonly due: number;
  readonly future: number;
  readonly dead: number;
}

const BACKLOGS: Readonly<Record<string, Backlog>> = {
  'ten timers': { due: 4, future: 3, dead: 3 },
  'nearly all due': { due: 60_000, future: 100, dead: 100 },
  'nearly all dead': { due: 100, future: 100, dead: 60_000 },
  'nearly all in the future': { due: 100, future: 60_000, dead: 100 },
};

let fixture: StoreFixture;
/** A session as connect opens it. */
let session: Client;
const plansUnder = new Map<string, Map<string, QueryPlans>>();
const blocksOfDueReads = new Map<string, number>();

beforeAll(async () => {
  fixture = await openStoreFixture();
  session = new Client({ connectionString: fixture.database.url });
  await session.connect();
  // Its start-up options may say where the table is.
  for (const [, name, value] of PLAN_SETTINGS.matchAll(/-c (\w+)=(\S+)/g)) {
    await session.query(`SET ${name} = ${value}`);
  }
  // Less memory than a bitmap of the table needs, as with millions of timers.
  await session.query(`SET work_mem = '64kB'`);
  for (const [name, backlog] of Object.entries(BACKLOGS)) {
    await fill(backlog);
    plansUnder.set(name, await explainAll());
    blocksOfDueReads.set(name, await countBlocksOfDueRead());
  }
}, 60_000);
afterAll(async () => {
  await session.end();
  await fixture.close();
});

describe.each(QUERIES)('%s', (name, query) => {
  test.each(['custom', 'generic'] as const)(
    'reads timers by the same index alone, however many there are of whichever kind, by its %s plan',
    (kind) => {
      const accesses = new Map<string, string[]>();
      for (const [backlog, plans] of plansUnder) {
        const plan = plans.get(name)?.[kind] as PlanNode;
        expect([backlog, findPlanFaults(plan)]).toEqual([backlog, []]);
        if (!(OF_PAGES.includes(query) && backlog === 'ten timers')) {
          accesses.set(backlog, accessesOf(plan));
        }
      }
      const usual = accesses.get('nearly all in the future') as string[];
      expect(Object.fromEntries(accesses)).toEqual(
        Object.fromEntries([...accesses.keys()].map((backlog) => [backlog, usual])),
      );
      // One of them at least is there to be judged: each query but the plain inserts reads the table.
      expect(usual.length > 0).toBe(!INSERTS_ALONE.includes(query));
    },
  );
});

test.each(Object.keys(BACKLOGS))('a look at what is due reads few blocks: %s', (backlog) => {
  expect(blocksOfDueReads.get(backlog)).toBeLessThan(60);
});

test('a page of due timers is one ordered range of the primary key: nothing is sorted or filtered', async () => {
  const params = {
    shardId: 1,
    afterExecuteAt: '2130-01-01T00:10:00.000Z',
    afterUuid: '00000000-0000-0000-0000-000000000000',
    upToExecuteAt: '2130-01-01T00:20:00.000Z',
    upToUuid: '00000000-0000-0000-0000-000000000000',
    limit: 100,
  };
  const plan = await analyze(rangeGetTimers, params);
  const nodes = planNodes(plan);
  expect(nodes.map((node) => node['Node Type'])).toEqual(['Limit', 'Index Scan']);
  expect(nodes[1]).toMatchObject({
    'Index Name': expect.stringMatching(/^timers(_p\d+)?_pkey$/),
    'Actual Rows': 100,
  });
  expect(nodes[1]?.['Index Cond']).toMatch(/ROW\(timer_execute_at, timer_uuid\) > .* <= /);
  expect(nodes[1]).not.toHaveProperty('Filter');
  // Tens of thousands of timers stand around the page; an index that is not entered at its start reads them too.
  expect(plan).toMatchObject({ 'Shared Hit Blocks': expect.any(Number) });
  expect((plan as unknown as { 'Shared Hit Blocks': number })['Shared Hit Blocks']).toBeLessThan(30);
});

/** All in one shard: with several, their number alone would make the planner take an index. */
async function fill({ due, future, dead }: Backlog): Promise<void> {
  await fixture.direct.query('TRUNCATE timers');
  await fixture.store.claimShardOwnership(1, 'owner-1');
  const kinds = [
    ['due', 2, '2020-01-01', due],
    ['future', 2, '2130-01-01', future],
    ['dead', 3, '2020-01-01', dead],
  ] as const;
  for (const [kind, rowType, first, count] of kinds) {
    await fixture.direct.query(
      `INSERT INTO timers (shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace,
         timer_callback_url, timer_last_error)
       SELECT 1, $2::smallint, $3::timestamptz + n * interval '1 second', gen_random_uuid(), $1::text || n, 'reminders',
         'https://example.com/callback', CASE WHEN $2::smallint = 3 THEN 'HTTP 410' END
       FROM generate_series(1, $4::int) AS n`,
      [kind, rowType, first, count],
    );
  }
  await fixture.direct.query('ANALYZE timers');
}

async function explainAll(): Promise<Map<string, QueryPlans>> {
  const plans = new Map<string, QueryPlans>();
  await session.query('BEGIN READ ONLY');
  for (const [name, query] of QUERIES) {
    plans.set(name, await explainQuery(session, query));
  }
  await session.query('ROLLBACK');
  return plans;
}

/** Each way in which a plan comes to rows, once, whatever the partition. A shard has one row of its own: any index will do. */
function accessesOf(plan: PlanNode): string[] {
  const accesses = planNodes(plan)
    .filter((node) => node['Index Name'] !== undefined)
    .map((node) => {
      const index = node['Index Name']?.endsWith('_pkey') ? 'primary key' : 'lookup';
      const condition = node['Index Cond']?.replaceAll(/\btimers(_\w+)?\./g, '') as string;
      return condition.includes('row_type = 1') ? 'the row of the shard' : `${index}: ${condition}`;
    });
  return [...new Set(accesses)].sort();
}

async function countBlocksOfDueRead(): Promise<number> {
  const params = {
    shardIds: '{1}',
    afterExecuteAts: '{0001-01-01T00:00:00Z}',
    afterUuids: '{00000000-0000-0000-0000-000000000000}',
    lookAheadMs: 100,
    limit: 100,
  };
  const plan = (await analyze(readDueTimers, params)) as unknown as Record<string, number>;
  return (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0);
}

async function analyze(
  query: PreparedQuery<never, unknown>,
  params: Readonly<Record<string, unknown>>,
): Promise<PlanNode> {
  const { text, parameters } = statementOf(query);
  const { rows } = await session.query(
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
    parameters.map(({ name }) => params[name]),
  );
  return rows[0]['QUERY PLAN'][0].Plan;
}

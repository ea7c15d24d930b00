import { explainQuery } from '../../src/diagnostics/explain-query';
import { findPlanFaults, planNodes } from '../../src/diagnostics/judge-plan';
import { TIMER_QUERIES } from '../../src/diagnostics/timer-queries';
import { statementOf } from '../../src/driver/run-query';
import { claimNewShard } from '../../src/generated/claim.queries';
import { seedTarget } from '../../src/generated/move.queries';
import { rangeGetTimers } from '../../src/generated/range-select.queries';
import { newTimer } from '../support/new-timer';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';

const INSERTS_ALONE: readonly unknown[] = [claimNewShard, seedTarget];

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
  // As connect starts its sessions. Queries of many shards are planned for every partition, the empty ones too.
  for (const setting of ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin']) {
    await fixture.direct.query(`SET ${setting} = off`);
  }
});
afterAll(async () => await fixture.close());

describe.each(TIMER_QUERIES)('%s', (_, query) => {
  test.each(['custom', 'generic'] as const)(
    'reads timers by an index alone, by its %s plan',
    async (kind) => {
      const { direct } = fixture;
      await direct.query('BEGIN READ ONLY');
      const plans = await explainQuery(direct, query);
      await direct.query('ROLLBACK');
      expect(findPlanFaults(plans[kind])).toEqual([]);
      // One of them at least is there to be judged: each query but the plain inserts reads the table.
      const scans = planNodes(plans[kind]).filter((node) => node['Index Name'] !== undefined);
      expect(scans.length > 0).toBe(!INSERTS_ALONE.includes(query));
    },
  );
});

test('a page of due timers is one ordered range of the primary key: nothing is sorted or filtered', async () => {
  const params = {
    shardId: 1,
    afterExecuteAt: '2030-01-01T00:10:00.000Z',
    afterUuid: '00000000-0000-0000-0000-000000000000',
    upToExecuteAt: '2030-01-01T00:20:00.000Z',
    upToUuid: '00000000-0000-0000-0000-000000000000',
    limit: 100,
  };
  const { text, parameters } = statementOf(rangeGetTimers);
  const values = parameters.map(({ name }) => params[name as keyof typeof params]);
  const { rows } = await fixture.direct.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, values);
  const nodes = planNodes(rows[0]['QUERY PLAN'][0].Plan);
  expect(nodes.map((node) => node['Node Type'])).toEqual(['Limit', 'Index Scan']);
  expect(nodes[1]).toMatchObject({
    'Index Name': expect.stringMatching(/^timers(_p\d+)?_pkey$/),
    'Actual Rows': 100,
  });
  expect(nodes[1]?.['Index Cond']).toMatch(/ROW\(timer_execute_at, timer_uuid\) > .* <= /);
  expect(nodes[1]).not.toHaveProperty('Filter');
  // 100,000 timers of the shard stand around the page; an index that is not entered at its start reads them too.
  expect(rows[0]['QUERY PLAN'][0].Plan['Shared Hit Blocks']).toBeLessThan(30);
});

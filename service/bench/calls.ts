import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { PostgresTimerStore, shardIdFor } from 'pg-timer-store';
import { type Figure, figure, showTimes } from '../../bench/engine/figure';
import { type Comparison, type ComparisonResult, compare, quantile } from '../../bench/lib/compare';
import { jobAt } from '../../bench/peers/scheduler';
import { KeepAliveClients } from './keep-alive-clients';
import { createAll, NAMESPACE, pendingTimer, SHARDS } from './pending-timers';
import { repeat } from './repeat';
import { ServiceProcess } from './service-process';

const CALLERS = 64;
const BATCH_CALLERS = 4;
const BATCH = 1000;
const PAGE = 100;
const SECONDS = 4;
const ROUNDS = 3;

const MAX_P99_MS = 50;

export interface CallsMeasured {
  readonly comparisons: readonly ComparisonResult[];
  readonly figures: readonly Figure[];
}

/**
 * One process of the service, by connections that stay open, beside the same calls of the package in this process, a
 * route that does nothing, and one around pg-boss.
 *
 * @param loaded How many timers `l-…` there are.
 * @param others A database for pg-boss.
 */
export async function measureCalls(
  databaseUrl: string,
  loaded: number,
  others: string,
): Promise<CallsMeasured> {
  const service = await ServiceProcess.start(databaseUrl);
  const store = await PostgresTimerStore.connect({ connectionString: databaseUrl, maxOpenConns: 20 });
  const clients = await KeepAliveClients.open(service.url, CALLERS);
  const yardsticks = await startYardsticks(others);
  const theirs = await KeepAliveClients.open(yardsticks.url, CALLERS);

  let turns = 0;
  const post = (call: string, body: unknown) => clients.post(`/api/v1/timers/${call}`, body);
  const some = (index: number) => `l-${(index * 7919) % loaded}`;
  const filter = { namespace: NAMESPACE, idPrefix: 'l-' };
  const getTimes: number[] = [];
  const listTimes: number[] = [];

  /** By ids that are new in each turn. */
  const single = (call: (id: string, index: number) => Promise<unknown>) => () => {
    const turn = turns++;
    return repeat(CALLERS, SECONDS, [], (index) => call(`c-${turn}-${index}`, index));
  };
  const batches = (call: (timers: ReturnType<typeof pendingTimer>[]) => Promise<unknown>) => () => {
    const turn = turns++;
    return repeat(BATCH_CALLERS, SECONDS, [], (index) =>
      call(Array.from({ length: BATCH }, (_, place) => pendingTimer(`b-${turn}-${index}-${place}`))),
    );
  };
  const create = single((id) => post('create', pendingTimer(id)));
  const prepare = async () => {};
  const works: Comparison[] = [
    {
      name: `create, ${CALLERS} clients`,
      yardstick: 'createTimerNoLock',
      goal: 0.6,
      unit: 'timers',
      prepare,
      ours: create,
      theirs: single((id) => store.createTimerNoLock(shardIdFor(id, SHARDS), pendingTimer(id))),
    },
    {
      name: `create, ${CALLERS} clients`,
      yardstick: 'a route around send of pg-boss',
      goal: 5,
      unit: 'timers',
      prepare,
      ours: create,
      theirs: single((_, index) => theirs.post('/pg-boss', jobAt(Date.now() + 864e5, index))),
    },
    {
      name: `create, ${CALLERS} clients`,
      yardstick: 'a route that does nothing',
      unit: 'timers',
      prepare,
      ours: create,
      theirs: single((id) => theirs.post('/nothing', pendingTimer(id))),
    },
    {
      name: `batch-create of ${BATCH.toLocaleString('en')}, ${BATCH_CALLERS} clients`,
      yardstick: 'createTimersOfShards',
      goal: 0.6,
      unit: 'batches',
      prepare,
      ours: batches((timers) => post('batch-create', { timers })),
      theirs: batches((timers) => createAll(store, timers)),
    },
    {
      name: `get, ${CALLERS} clients`,
      yardstick: 'getTimer',
      goal: 0.6,
      unit: 'timers',
      prepare,
      ours: () =>
        repeat(CALLERS, SECONDS, getTimes, (index) =>
          post('get', { namespace: NAMESPACE, timerId: some(index) }),
        ),
      theirs: () =>
        repeat(CALLERS, SECONDS, [], (index) =>
          store.getTimer(shardIdFor(some(index), SHARDS), NAMESPACE, some(index)),
        ),
    },
    {
      name: `list of a page of ${PAGE}, ${BATCH_CALLERS} clients`,
      yardstick: 'listTimers',
      goal: 0.6,
      unit: 'pages',
      prepare,
      ours: () =>
        repeat(BATCH_CALLERS, SECONDS, listTimes, (index) => {
          const pageToken = Buffer.from(`i${some(index)}`).toString('base64url');
          return post('list', { ...filter, limit: PAGE, pageToken });
        }),
      theirs: () =>
        repeat(BATCH_CALLERS, SECONDS, [], (index) =>
          store.listTimers(SHARDS, filter, PAGE, { id: some(index) }),
        ),
    },
  ];
  const comparisons: ComparisonResult[] = [];
  try {
    for (const work of works) {
      comparisons.push(await compare(work, ROUNDS, () => {}));
    }
  } finally {
    clients.close();
    theirs.close();
    await store.close();
    await service.stop();
    yardsticks.child.kill();
    await once(yardsticks.child, 'exit');
  }
  const timesOf = (what: string, times: readonly number[]) =>
    figure(what, showTimes(times), `p99 ≤ ${MAX_P99_MS} ms`, quantile(times, 0.99) <= MAX_P99_MS);
  return {
    comparisons,
    figures: [
      figure('start to ready', `${Math.round(service.readyMs)} ms`, '≤ 2,000 ms', service.readyMs <= 2000),
      timesOf(`get, ${CALLERS} clients: p50 / p99 / most`, getTimes),
      timesOf(`list of a page, ${BATCH_CALLERS} clients`, listTimes),
    ],
  };
}

async function startYardsticks(databaseUrl: string): Promise<{ child: ChildProcess; url: string }> {
  const program = path.join(__dirname, 'http-yardsticks.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, databaseUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(child.stdout as NodeJS.ReadableStream)) {
    return { child, url: line };
  }
  throw new Error('The yardsticks did not start: npm ci --prefix bench/peers');
}

/** How many statements engines make: few while nothing is due, and few for many timers. */
import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresTimerStore } from '../../src';
import {
  type Deliver,
  PostgresMembership,
  type TimerEngine,
  type TimerEngineOptions,
} from '../../src/engine';
import { CountedPool } from '../support/counted-pool';
import { ON_CITUS } from '../support/on-citus';
import { Engines } from './engines';
import { Receiver } from './receiver';

const SHARDS = 256;
/** On Citus a look is a statement for each of its shards, of which there are 32 if nobody says otherwise. */
const STATEMENTS_OF_LOOK = ON_CITUS ? 32 : 1;

interface Counted {
  readonly engine: TimerEngine;
  readonly store: PostgresTimerStore;
  readonly pool: CountedPool;
}

let opened: Engines[];
let all: Counted[];
beforeEach(() => {
  opened = [];
  all = [];
});
afterEach(async () => {
  for (const { engine, store, pool } of all) {
    await engine.stop({ timeoutMs: 0 });
    await store.close();
    await pool.end();
  }
  for (const engines of opened) await engines.close();
});

async function openEngines(): Promise<Engines> {
  const engines = await Engines.open();
  opened.push(engines);
  return engines;
}

async function start(
  engines: Engines,
  deliver: Deliver,
  options: Partial<TimerEngineOptions>,
  isMember: boolean,
): Promise<Counted> {
  const pool = new CountedPool(engines.fixture.database.storeUrl);
  const store = PostgresTimerStore.fromPool(pool);
  const membership = isMember ? new PostgresMembership(store) : undefined;
  const counted = { engine: await engines.start(deliver, { store, membership, ...options }), store, pool };
  all.push(counted);
  return counted;
}

/** @returns how many it made a second. */
async function statementsOfIdle(isMember: boolean): Promise<number> {
  const { engine, pool } = await start(await openEngines(), async () => {}, { shardCount: SHARDS }, isMember);
  await engine.schedule({ id: 'later', namespace: 'idle', executeAt: new Date(Date.now() + 86_400_000) });
  while (engine.status.shards.length < SHARDS) await sleep(10);
  await sleep(500);
  const [countedFrom, from] = [pool.count, performance.now()];
  await sleep(6000);
  const seconds = (performance.now() - from) / 1000;
  // A look and a word may each begin just before, or end just after.
  return (pool.count - countedFrom - 2) / seconds;
}

// Looks are a second apart, words to the session that listens three: so it takes six to count. Both count at once.
test('an idle engine with 256 shards makes few statements a second, alone or with membership', async () => {
  const [alone, withMembership] = await Promise.all([false, true].map(statementsOfIdle));
  expect(alone).toBeLessThanOrEqual(1.5 * STATEMENTS_OF_LOOK);
  // A beat a second more.
  expect(withMembership).toBeLessThanOrEqual(1 + 1.5 * STATEMENTS_OF_LOOK);
});

test('10,000 timers of one millisecond are delivered by three processes once, in few statements', async () => {
  const receiver = new Receiver();
  const engines = await openEngines();
  for (const address of ['host-a:7000', 'host-b:7000', 'host-c:7000']) {
    await start(engines, receiver.deliver, { shardCount: 16, address }, true);
  }
  const owned = () => all.map(({ engine }) => engine.status.shards.length);
  const counted = () => all.reduce((sum, { pool }) => sum + pool.count, 0);
  while (owned().some((count) => count === 0) || owned().reduce((sum, count) => sum + count) < 16) {
    await sleep(10);
  }
  const executeAt = new Date(Date.now() + 1500);
  await all[0]?.engine.scheduleMany(
    Array.from({ length: 10_000 }, (_, index) => ({
      id: `timer-${index}`,
      namespace: 'burst',
      executeAt,
    })),
  );
  const countedFrom = counted();
  await receiver.until(10_000);
  while ((await engines.left()) > 0) await sleep(10);
  const statements = counted() - countedFrom;
  expect(receiver.delivered).toHaveLength(10_000);
  expect(new Set(receiver.delivered.map(({ id }) => id)).size).toBe(10_000);
  expect(statements).toBeLessThan(300);
});

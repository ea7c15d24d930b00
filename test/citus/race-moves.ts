/**
 * Races each kind of fenced call, and the engine's settlement, against claims of its shard, while Citus moves that shard
 * from worker to worker: by logical replication and by blocking writes, in turn. A call that resolved after its version
 * was claimed away has written as a former owner.
 *
 *     TEST_LAYOUT=citus TEST_DATABASE_URL=postgres://… npx tsx test/citus/race-moves.ts [RACES [KIND …]]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  cursorAtEndOf,
  PostgresTimerStore,
  ShardConditionFailedError,
  type Timer,
  ZERO_CURSOR,
} from '../../src';
import { isOn, moveShard, openCluster, placementOf, type Worker } from './cluster';

const RACES = Number(process.argv[2] ?? 5000);
const KINDS = process.argv.slice(3);
/** For what is around a race, on a machine with other work. */
const PATIENCE = { timeoutMs: 120_000 };
/** The write begins so much before the claim, so that each of them is often the first. */
const MAX_HEAD_START_MS = 2;
const SHARD = 7;
const ALL = { after: ZERO_CURSOR, upTo: cursorAtEndOf(new Date('9999-12-31T23:59:59.999Z')) };
const EXECUTE_AT = new Date('2040-01-01T00:00:00Z');

const newTimer = (id: string, attempts: number) => ({
  id,
  namespace: 'race',
  executeAt: EXECUTE_AT,
  attempts,
});

/** Of the same shard of Citus, with which it shares statements. */
interface Neighbour {
  readonly shardId: number;
  readonly shardVersion: number;
}

type Write = (
  store: PostgresTimerStore,
  version: number,
  mark: number,
  timer: Timer,
  neighbour: Neighbour,
) => Promise<unknown>;

/** Each leaves its mark in the one timer of the shard, or removes it. */
const WRITES: Record<string, Write> = {
  createTimer: (store, version, mark) => store.createTimer(SHARD, version, newTimer('a', mark)),
  createTimers: (store, version, mark) =>
    store.createTimers(SHARD, version, [newTimer('a', mark), newTimer('b', mark)]),
  createTimersOfShards: async (store, shardVersion, mark, _, neighbour) => {
    const timers = [newTimer('a', mark), newTimer('b', mark)];
    const [error] = await store.createTimersOfShards([
      { shardId: SHARD, shardVersion, timers },
      { ...neighbour, timers },
    ]);
    if (error) {
      throw error;
    }
  },
  updateTimer: (store, version, mark) => store.updateTimer(SHARD, version, 'race', 'a', { attempts: mark }),
  deleteTimer: (store, version) => store.deleteTimer(SHARD, version, 'race', 'a'),
  rangeDeleteWithLimit: (store, version) => store.rangeDeleteWithLimit(SHARD, version, ALL, 10),
  rangeDeleteWithBatchInsertTxn: (store, version, mark) =>
    store.rangeDeleteWithBatchInsertTxn(SHARD, version, ALL, [newTimer('a', mark), newTimer('b', mark)]),
  updateShardMetadata: (store, version, mark) =>
    store.updateShardMetadata(SHARD, version, {
      committedOffset: { executeAt: new Date(mark), uuid: '00000000-0000-0000-0000-000000000000' },
    }),
  settleTimers: async (store, version, _, timer) => {
    const [result] = await store.settleTimers([
      { shardId: SHARD, shardVersion: version, timer, outcome: 'done' },
    ]);
    if (result === 'lost') {
      throw new ShardConditionFailedError(SHARD, version);
    }
    return result;
  },
};

interface Tally {
  races: number;
  written: number;
  fenced: number;
  stale: number;
  failed: number;
}

async function main(): Promise<void> {
  const cluster = await openCluster();
  const store = await PostgresTimerStore.connect(cluster.url);
  const successor = await PostgresTimerStore.connect(cluster.url);
  const neighbour = await claimNeighbour();
  const moves = moveInALoop();
  let moveCount = 0;
  let isOver = false;
  async function moveInALoop(): Promise<void> {
    const mover = await openCluster();
    while (!isOver) {
      const place = await placementOf(mover.admin, SHARD);
      const target = mover.workers.find((each) => !isOn(place, each)) as Worker;
      await moveShard(mover.admin, place, target, moveCount % 2 === 0 ? 'force_logical' : 'block_writes');
      moveCount++;
    }
    await mover.close();
  }

  const tallies: Record<string, Tally> = {};
  for (const [name, write] of Object.entries(WRITES)) {
    if (KINDS.length > 0 && !KINDS.includes(name)) continue;
    const before = moveCount;
    tallies[name] = await race(write);
    console.log(name, JSON.stringify(tallies[name]), `${moveCount - before} moves`);
  }
  isOver = true;
  await moves;
  console.table(tallies);
  await Promise.all([store.close(), successor.close(), cluster.close()]);
  process.exitCode = Object.values(tallies).every(({ stale }) => stale === 0) ? 0 : 1;

  async function claimNeighbour(): Promise<Neighbour> {
    const { rows } = await cluster.admin.query<{ id: number }>(
      `SELECT id FROM generate_series($1::int + 1, $1 + 10000) AS id
       WHERE get_shard_id_for_distribution_column('timers', id) = get_shard_id_for_distribution_column('timers', $1)
       LIMIT 1`,
      [SHARD],
    );
    const { current } = await store.claimShardOwnership(rows[0]?.id as number, 'neighbour');
    return { shardId: current.shardId, shardVersion: current.shardVersion };
  }

  async function race(write: Write): Promise<Tally> {
    const tally: Tally = { races: 0, written: 0, fenced: 0, stale: 0, failed: 0 };
    let { current } = await successor.claimShardOwnership(SHARD, 'first', PATIENCE);
    while (tally.races < RACES) {
      tally.races++;
      const timers = [newTimer('a', 0), newTimer('b', 0)];
      await store.createTimers(SHARD, current.shardVersion, timers, PATIENCE);
      const timer = (await store.getTimer(SHARD, 'race', 'a', PATIENCE)) as Timer;
      // What the writer had read of the shard when the claim came back was seen by whoever owns it now.
      const claimed = sleep(Math.random() * MAX_HEAD_START_MS)
        .then(() => successor.claimShardOwnership(SHARD, 'successor', PATIENCE))
        .then(async ({ current: claim }) => ({
          claim,
          seen: await snapshot(successor),
        }));
      const outcome = write(store, current.shardVersion, tally.races, timer, neighbour).then(
        () => 'written' as const,
        (error: unknown) => (error instanceof ShardConditionFailedError ? ('fenced' as const) : error),
      );
      const [{ claim, seen }, result] = await Promise.all([claimed, outcome]);
      if (result === 'written' || result === 'fenced') {
        tally[result]++;
      } else {
        tally.failed++;
        console.log(String(result));
      }
      if ((await snapshot(successor)) !== seen) {
        tally.stale++;
      }
      current = claim;
    }
    return tally;
  }
}

/** All that a new owner sees of its shard. Nothing of a former one may change it. */
async function snapshot(store: PostgresTimerStore): Promise<string> {
  const [timers, shard] = await Promise.all([
    store.rangeGetTimers(SHARD, ALL, 100, PATIENCE),
    store.getShard(SHARD, PATIENCE),
  ]);
  return JSON.stringify([timers, shard?.metadata]);
}

void main();

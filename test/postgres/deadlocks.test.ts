/** That all statements lock the rows that they share in one order. Runs for seconds, since a circle takes luck. */
import {
  InvalidArgumentError,
  type PostgresTimerStore,
  type Settlement,
  ShardConditionFailedError,
  PostgresTimerStore as Store,
  type TimerBatch,
  TimerNotFoundError,
} from '../../src';
import { newTimer } from '../support/new-timer';
import { ALL, openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { STORE_OPTIONS } from '../support/store-options';

const DURATION_MS = 8000;
const MIN_STEPS = 10;
const SHARDS = 4;
const IDS = ['a', 'b', 'c', 'd', 'e', 'f'];
const WORKERS = 8;

let fixture: StoreFixture;
let stores: PostgresTimerStore[];
beforeAll(async () => {
  fixture = await openStoreFixture();
  stores = await Promise.all(
    [1, 2, 3].map(() =>
      Store.connect({ ...STORE_OPTIONS, connectionString: fixture.database.storeUrl, maxOpenConns: 12 }),
    ),
  );
});
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await fixture.close();
});

/** What is left of a list after some of it is dropped, in any order. */
function some<T>(values: readonly T[]): T[] {
  return values
    .filter(() => Math.random() < 0.7)
    .map((value) => ({ value, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value);
}

function anyOf<T>(values: readonly T[]): T {
  return values[Math.floor(Math.random() * values.length)] as T;
}

/** The shard was claimed, the timer is not there, or a dead one lives again. */
function isForeseen(error: unknown): boolean {
  return [ShardConditionFailedError, TimerNotFoundError, InvalidArgumentError].some(
    (each) => error instanceof each,
  );
}

const anyTime = () => new Date(2e12 + Math.random() * 1e6);
const timers = () => some(IDS).map((id) => newTimer({ id, executeAt: anyTime() }));

/** All calls at once, so that they gather. */
async function all(calls: readonly Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(calls)) {
    if (result.status === 'rejected' && !isForeseen(result.reason)) {
      throw result.reason;
    }
  }
}

test('statements of many timers and shards, of several processes, and claims, wait for each other in no circle', async () => {
  const shards = await Promise.all(Array.from({ length: SHARDS }, () => fixture.claimedShard()));
  const versions = new Map(shards.map(({ shardId, shardVersion }) => [shardId, shardVersion]));
  const versionOf = (shardId: number) => versions.get(shardId) as number;
  const settlementsOf = async (store: PostgresTimerStore): Promise<Settlement[]> => {
    const pages = await Promise.all(
      some(shards).map(async ({ shardId }) =>
        (await store.rangeGetTimers(shardId, ALL, 10)).map((timer) => ({
          shardId,
          shardVersion: versionOf(shardId),
          timer,
        })),
      ),
    );
    return some(pages.flat()).map((delivered) => {
      const rest = { firstAttemptAt: null, attempts: 1, lastError: 'failed' };
      const executeAt = anyTime();
      return anyOf<Settlement>([
        { ...delivered, outcome: 'done' },
        { ...delivered, outcome: 'again', executeAt, dueAt: null, ...rest },
        { ...delivered, outcome: 'dead', ...rest },
      ]);
    });
  };
  const deadTimerOf = async (store: PostgresTimerStore, shardId: number) =>
    anyOf(await store.rangeGetDeadTimers(shardId, ALL, 10)) ?? { namespace: 'reminders', id: 'none' };
  const steps: Readonly<Record<string, (store: PostgresTimerStore, shardId: number) => Promise<unknown>>> = {
    createTimers: (store, shardId) => store.createTimers(shardId, versionOf(shardId), timers()),
    createTimersNoLock: (store, shardId) => store.createTimersNoLock(shardId, timers()),
    createTimer: (store) =>
      all(
        shards.flatMap(({ shardId }) =>
          timers().map((timer) => store.createTimer(shardId, versionOf(shardId), timer)),
        ),
      ),
    createTimerNoLock: (store) =>
      Promise.all(
        shards.flatMap(({ shardId }) => timers().map((timer) => store.createTimerNoLock(shardId, timer))),
      ),
    createTimersOfShards: (store) =>
      store.createTimersOfShards(
        some(shards).map(({ shardId }): TimerBatch => {
          const batch = { shardId, timers: timers() };
          return Math.random() < 0.5 ? batch : { ...batch, shardVersion: versionOf(shardId) };
        }),
      ),
    settleTimers: async (store) => await store.settleTimers(await settlementsOf(store)),
    settleDoneTimers: async (store) =>
      await store.settleTimers(
        (await settlementsOf(store)).map(({ shardId, shardVersion, timer }) => ({
          shardId,
          shardVersion,
          timer,
          outcome: 'done',
        })),
      ),
    reviveTimer: async (store, shardId) => {
      const { namespace, id } = await deadTimerOf(store, shardId);
      await store.deleteTimerNoLock(shardId, namespace, id).catch(() => undefined);
      await store.reviveTimer(shardId, namespace, id, anyTime());
    },
    deleteDeadTimer: async (store, shardId) => {
      const { namespace, id } = await deadTimerOf(store, shardId);
      await store.deleteDeadTimer(shardId, namespace, id);
    },
    updateTimerNoLock: (store, shardId) =>
      store.updateTimerNoLock(shardId, 'reminders', anyOf(IDS), { attempts: 1 }),
    // Several at once, so that they gather.
    updateTimer: (store) =>
      all(
        some(shards).flatMap(({ shardId }) =>
          some(IDS).map((id) =>
            store.updateTimer(shardId, versionOf(shardId), 'reminders', id, { executeAt: anyTime() }),
          ),
        ),
      ),
    deleteTimerNoLock: (store, shardId) => store.deleteTimerNoLock(shardId, 'reminders', anyOf(IDS)),
    deleteTimer: (store) =>
      all(
        some(shards).flatMap(({ shardId }) =>
          some(IDS).map((id) => store.deleteTimer(shardId, versionOf(shardId), 'reminders', id)),
        ),
      ),
  };
  const made = new Map(Object.keys(steps).map((name) => [name, 0]));
  const until = Date.now() + DURATION_MS;
  const work = async (store: PostgresTimerStore) => {
    // On a busy machine it takes longer until each step was made often enough.
    while (Date.now() < until || [...made.values()].some((count) => count < MIN_STEPS)) {
      const [name, step] = anyOf(Object.entries(steps));
      made.set(name, (made.get(name) as number) + 1);
      try {
        await step(store, anyOf(shards).shardId);
      } catch (error) {
        if (!isForeseen(error)) {
          throw error;
        }
      }
    }
  };
  const claim = async () => {
    for (const part of [1 / 3, 2 / 3]) {
      await new Promise((resolve) =>
        setTimeout(resolve, Math.max(0, until - Date.now() - part * DURATION_MS)),
      );
      for (const { shardId } of shards) {
        const { current } = await fixture.store.claimShardOwnership(shardId, 'another');
        versions.set(shardId, current.shardVersion);
      }
    }
  };
  await Promise.all([
    claim(),
    ...stores.flatMap((store) => Array.from({ length: WORKERS }, () => work(store))),
  ]);
  // Sessions tell what they have counted when they have been idle for a while, or at their end.
  await Promise.all(stores.splice(0).map((store) => store.close()));
  const { rows } = await fixture.direct.query(
    'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
  );
  expect(rows).toEqual([{ deadlocks: 0 }]);
}, 60_000);

/**
 * A server under load is killed, and recovers. What was acknowledged is there, and nothing is applied by half; each
 * call that was under way either knows its outcome or says that it does not.
 */
import { Client } from 'pg';
import {
  cursorAtEndOf,
  type NewTimer,
  OutcomeUnknownError,
  PostgresTimerStore,
  type TimerStore,
} from '../../src';
import { newTimer } from '../support/new-timer';
import { RestartableServer } from '../support/restartable-server';
import { ALL } from '../support/store-fixture';

let server: RestartableServer;
beforeAll(async () => {
  server = await RestartableServer.start();
});
afterAll(async () => await server.delete());

/** Longer than a recovery takes, on however slow a machine. */
const PATIENCE = { timeoutMs: 60_000 };

const STORES = 2;
const BATCH = 100;
/** At least. */
const KILLS = 3;
/** The first of the shards that are claimed all the time. */
const CLAIMED = 100;
const START_MS = Date.parse('2030-01-01T00:00:00.000Z');

type Fate = 'acknowledged' | 'unknown';

/** A write of timers that nobody else writes: all of them or none. */
interface Write {
  readonly kind: 'create' | 'update' | 'delete';
  readonly shardId: number;
  readonly ids: readonly string[];
  readonly fate: Fate;
}

/** The attempts that a timer may have after the last write of it; undefined: it is not there. */
const FOUND_AFTER: Record<Write['kind'], Record<Fate, readonly (number | undefined)[]>> = {
  create: { acknowledged: [0], unknown: [0, undefined] },
  update: { acknowledged: [1], unknown: [0, 1] },
  delete: { acknowledged: [undefined], unknown: [0, 1, undefined] },
};

/** Callers that go on until they are told to stop. */
class Load {
  readonly writes: Write[] = [];
  readonly claims: Fate[] = [];
  #acknowledged = 0;
  #isOver = false;
  #onAcknowledged: (() => void) | undefined;

  stop(): void {
    this.#isOver = true;
  }

  /** Resolves once so many more writes were acknowledged. */
  async untilMore(count: number): Promise<void> {
    const target = this.#acknowledged + count;
    while (this.#acknowledged < target) {
      await new Promise<void>((resolve) => {
        this.#onAcknowledged = resolve;
      });
    }
  }

  async writeTimers(store: TimerStore, shardId: number): Promise<void> {
    const { current } = await store.claimShardOwnership(shardId, 'writer');
    const { shardVersion } = current;
    const write = async (kind: Write['kind'], timers: readonly NewTimer[], writing: Promise<unknown>) => {
      const fate = await this.#fateOf(writing);
      this.writes.push({ kind, shardId, ids: timers.map(({ id }) => id), fate });
      return fate === 'acknowledged';
    };
    for (let round = 0; !this.#isOver; round++) {
      // A millisecond of its own for the batch, that a range can name it.
      const executeAt = new Date(START_MS + 2 * round);
      const batch = Array.from({ length: BATCH }, (_, i) =>
        newTimer({ id: `${round} batch ${i}`, executeAt }),
      );
      const later = new Date(executeAt.getTime() + 1);
      const single = newTimer({ id: `${round} single`, executeAt: later });
      const hasBatch = await write(
        'create',
        batch,
        store.createTimers(shardId, shardVersion, batch, PATIENCE),
      );
      const hasSingle = await write(
        'create',
        [single],
        store.createTimer(shardId, shardVersion, single, PATIENCE),
      );
      if (hasSingle) {
        const { namespace, id } = single;
        const updating = store.updateTimer(shardId, shardVersion, namespace, id, { attempts: 1 }, PATIENCE);
        await write('update', [single], updating);
        if (round % 2 === 1) {
          await write('delete', [single], store.deleteTimer(shardId, shardVersion, namespace, id, PATIENCE));
        }
      }
      if (hasBatch && round % 2 === 1) {
        const range = {
          after: cursorAtEndOf(new Date(executeAt.getTime() - 1)),
          upTo: cursorAtEndOf(executeAt),
        };
        await write(
          'delete',
          batch,
          store.rangeDeleteWithLimit(shardId, shardVersion, range, BATCH, PATIENCE),
        );
      }
    }
  }

  async claim(store: TimerStore, shardId: number): Promise<void> {
    while (!this.#isOver) {
      this.claims.push(await this.#fateOf(store.claimShardOwnership(shardId, 'claimant', PATIENCE)));
    }
  }

  async read(store: TimerStore, shardId: number): Promise<void> {
    while (!this.#isOver) {
      await store.getShard(shardId, PATIENCE);
      await store.rangeGetTimers(shardId, ALL, 10, PATIENCE);
    }
  }

  /** @throws what is neither success nor an unknown outcome. */
  async #fateOf(writing: Promise<unknown>): Promise<Fate> {
    try {
      await writing;
    } catch (error) {
      if (error instanceof OutcomeUnknownError) {
        return 'unknown';
      }
      throw error;
    }
    this.#acknowledged++;
    this.#onAcknowledged?.();
    return 'acknowledged';
  }
}

test('what was acknowledged survives, the rest is applied wholly or not at all, and reads do not fail', async () => {
  const load = new Load();
  const stores = await Promise.all(
    Array.from({ length: STORES }, () => PostgresTimerStore.connect(server.storeUrl)),
  );
  const running = Promise.all(
    stores.flatMap((store, index) => [
      load.writeTimers(store, 10 * index),
      load.writeTimers(store, 10 * index + 1),
      load.read(store, 10 * index),
      load.claim(store, CLAIMED + index),
    ]),
  );
  // If a caller throws, that is what the test says.
  const during = (step: Promise<unknown>) => Promise.race([step, running.then(() => step)]);
  // Until one has met a write under way, too.
  const metWrite = () => load.writes.some(({ fate }) => fate === 'unknown');
  for (let kill = 0; kill < KILLS || !metWrite(); kill++) {
    await during(load.untilMore(100));
    await during(server.stop('killed'));
    await during(server.restart());
  }
  await during(load.untilMore(100));
  load.stop();
  await running;

  const direct = new Client({ connectionString: server.url });
  await direct.connect();
  const { rows } = await direct.query(
    'SELECT shard_id, timer_id, timer_attempts, shard_version::int FROM timers',
  );
  await direct.end();
  await Promise.all(stores.map((store) => store.close()));
  const attempts = new Map(rows.map((row) => [`${row.shard_id} ${row.timer_id}`, row.timer_attempts]));
  const attemptsOf = ({ shardId, ids }: Write) => ids.map((id) => attempts.get(`${shardId} ${id}`));

  // The last write of a timer is what decides.
  const last = new Map(load.writes.map((write) => [`${write.shardId} ${write.ids[0]}`, write]));
  for (const write of last.values()) {
    const found = new Set(attemptsOf(write));
    // None is there by half.
    expect(found.size).toBe(1);
    const allowed = FOUND_AFTER[write.kind][write.fate];
    expect({ ...write, found: allowed.filter((value) => found.has(value)) }).toEqual({
      ...write,
      found: [...found],
    });
  }
  // Nothing is there that nobody wrote.
  const written = new Set(load.writes.flatMap(({ shardId, ids }) => ids.map((id) => `${shardId} ${id}`)));
  const timers = rows.filter((row) => row.timer_id !== null && row.timer_id !== '');
  expect(timers.filter((row) => !written.has(`${row.shard_id} ${row.timer_id}`))).toEqual([]);

  const versions = rows.filter((row) => row.shard_id >= CLAIMED).map((row) => row.shard_version);
  const sum = versions.reduce((total, version) => total + version, 0);
  const acknowledged = load.claims.filter((fate) => fate === 'acknowledged').length;
  expect(sum).toBeGreaterThanOrEqual(acknowledged);
  expect(sum).toBeLessThanOrEqual(load.claims.length);
});

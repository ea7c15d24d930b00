import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { type JsonValue, type NewTimer, PostgresTimerStore } from 'pg-timer-store';
import { benchTimer } from '../lib/bench-timers';
import { collectGarbage } from '../lib/collect-garbage';
import { BenchError } from '../lib/report-failure';
import type { Advance } from '../lib/with-progress';

const SHARD = 2;

/** Long enough for a million calls; a call that times out leaves the queue, and what is measured here. */
const TIMEOUT_MS = 30 * 60_000;

/** What a timer counts for in the queue beside its payload: see parseNewTimer in src/validation/timer.ts. */
const SIZE_WITHOUT_PAYLOAD = 512;

export interface CreateMemory {
  readonly calls: number;
  /** Bytes of heap for each call that waits, all in all: its promises, its time-out, its timer object. */
  readonly heapPerCall: number;
  /** Timers that were read while nothing could be sent: no copy can exist of any other. */
  readonly timersRead: number;
  /** Bytes that the queue counts for these. */
  readonly bytesRead: number;
  /** Bytes that it would count if it read every timer at its call. */
  readonly bytesOfAll: number;
  /** Milliseconds from the release of the shard to the end of the last call. */
  readonly finishMs: number;
}

/** Calls `createTimer` so many times at once, while another connection has the shard's row locked; then lets go. */
export async function measureCreateMemory(
  url: string,
  calls: number,
  advance: Advance,
): Promise<CreateMemory> {
  const store = await PostgresTimerStore.connect(url);
  const { shardVersion } = (await store.claimShardOwnership(SHARD, 'bench')).current;
  const claimer = new Client({ connectionString: url });
  // Its database is dropped under it when the run is interrupted.
  claimer.on('error', () => {});
  await claimer.connect();
  await claimer.query('BEGIN');
  await claimer.query(
    'UPDATE timers SET shard_version = shard_version WHERE shard_id = $1 AND row_type = 1',
    [SHARD],
  );

  advance(0, 'making the calls');
  const readings = new Readings();
  collectGarbage();
  const heapBefore = process.memoryUsage().heapUsed;
  const creates: Promise<void>[] = [];
  let finished = 0;
  const onCreated = () => {
    finished++;
    if (finished % 1000 === 0) {
      advance(1000, 'finishing the calls');
    }
  };
  for (let index = 0; index < calls; index++) {
    const timer = new LazyTimer(index, readings);
    creates.push(store.createTimer(SHARD, shardVersion, timer, { timeoutMs: TIMEOUT_MS }).then(onCreated));
  }
  // A failure is reported by `all`, be it that it comes while the stall is still being looked for.
  const all = Promise.all(creates);
  all.catch(() => {});
  await waitUntilStalled(claimer);
  collectGarbage();
  const heapPerCall = (process.memoryUsage().heapUsed - heapBefore) / calls;
  const { timersRead } = readings;
  const bytesRead = readings.bytes;

  const releasedAt = performance.now();
  await claimer.query('ROLLBACK');
  await all;
  const finishMs = performance.now() - releasedAt;
  await checkCount(claimer, calls);
  await claimer.end();
  await store.close();
  return {
    calls,
    heapPerCall,
    timersRead,
    bytesRead,
    bytesOfAll: readings.bytes,
    finishMs,
  };
}

/** The timers that have been read so far, each counted once. */
class Readings {
  timersRead = 0;
  bytes = 0;
}

/** Holds two fields until it is read; then its payload comes into being, and is counted. */
class LazyTimer implements NewTimer {
  readonly #index: number;
  #readings: Readings | undefined;

  constructor(index: number, readings: Readings) {
    this.#index = index;
    this.#readings = readings;
  }

  get id(): string {
    return benchTimer(this.#index).id;
  }

  get namespace(): string {
    return benchTimer(this.#index).namespace;
  }

  get executeAt(): Date {
    return benchTimer(this.#index).executeAt;
  }

  get callbackUrl(): string {
    return benchTimer(this.#index).callbackUrl ?? '';
  }

  get payload(): JsonValue {
    const payload = benchTimer(this.#index).payload ?? null;
    if (this.#readings !== undefined) {
      this.#readings.timersRead++;
      this.#readings.bytes += SIZE_WITHOUT_PAYLOAD + JSON.stringify(payload).length;
      this.#readings = undefined;
    }
    return payload;
  }
}

/** Returns once a statement of the store waits for the shard's row, and a moment later, when the calls have settled. */
async function waitUntilStalled(claimer: Client): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const { rowCount } = await claimer.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (rowCount !== null && rowCount > 0) {
      await sleep(1000);
      return;
    }
    await sleep(100);
  }
  throw new BenchError('No create waited for the locked shard within a minute: is the server reachable?');
}

async function checkCount(client: Client, expected: number): Promise<void> {
  const { rows } = await client.query<{ count: string }>(
    'SELECT count(*) FROM timers WHERE shard_id = $1 AND row_type = 2',
    [SHARD],
  );
  if (Number(rows[0]?.count) !== expected) {
    throw new Error(`${expected} creates succeeded, but there are ${rows[0]?.count} timers`);
  }
}

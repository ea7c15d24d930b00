import { Client } from 'pg';
import { cursorAtEndOf, iterateTimers, PostgresTimerStore, ZERO_CURSOR } from 'pg-timer-store';
import { benchTimer } from '../lib/bench-timers';
import { collectGarbage } from '../lib/collect-garbage';
import type { Advance } from '../lib/with-progress';

const SHARD = 1;
const PAGE = 1000;

/** Filled by the server: filling it from here, this process would have grown before it is looked at. */
const FILL = `INSERT INTO timers
    (shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url, timer_payload)
  SELECT $1, 2, $2::timestamptz + index * interval '1 millisecond', gen_random_uuid(), 'timer-' || index, $3, $4, $5
  FROM generate_series(0, $6 - 1) AS index`;

export interface IterateMemory {
  readonly timers: number;
  /** Bytes: the most that each was above its value before the first page. Garbage counts, as it does for a process. */
  readonly residentGrowth: number;
  readonly heapGrowth: number;
  /** Bytes of heap that are still in use at the end, compared to before the first page. */
  readonly heapKept: number;
}

/** Reads every timer of a full shard with `iterateTimers`, and looks at the memory of this process on each page. */
export async function measureIterateMemory(
  url: string,
  count: number,
  advance: Advance,
): Promise<IterateMemory> {
  const client = new Client({ connectionString: url });
  // Its database is dropped under it when the run is interrupted.
  client.on('error', () => {});
  await client.connect();
  advance(0, 'creating the timers to read');
  const { executeAt, namespace, callbackUrl, payload } = benchTimer(0);
  await client.query(FILL, [SHARD, executeAt.toISOString(), namespace, callbackUrl, payload, count]);
  await client.query('VACUUM (ANALYZE) timers');
  await client.end();

  const store = await PostgresTimerStore.connect(url);
  const range = { after: ZERO_CURSOR, upTo: cursorAtEndOf(benchTimer(count).executeAt) };
  collectGarbage();
  const before = process.memoryUsage();
  let resident = before.rss;
  let heap = before.heapUsed;
  let timers = 0;
  for await (const _timer of iterateTimers(store, SHARD, range)) {
    timers++;
    if (timers % PAGE === 0) {
      const now = process.memoryUsage();
      resident = Math.max(resident, now.rss);
      heap = Math.max(heap, now.heapUsed);
      advance(PAGE, 'reading timers');
    }
  }
  collectGarbage();
  const heapKept = process.memoryUsage().heapUsed - before.heapUsed;
  await store.close();
  if (timers !== count) {
    throw new Error(`${count} timers were created, and ${timers} read`);
  }
  return { timers, residentGrowth: resident - before.rss, heapGrowth: heap - before.heapUsed, heapKept };
}

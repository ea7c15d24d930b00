import type { DuePlace, DueShard, DueTimers } from '../contract/due-timers';
import { type TimerStoreError, UnreadableRowError } from '../contract/errors';
import type { CallOptions, Timer, TimerCursor } from '../contract/types';
import * as queries from '../generated/due.queries';
import { publishBatch } from '../telemetry/batch-channel';
import { parseDueRead } from '../validation/due-places';
import { parseShardIds } from '../validation/keys';
import { eachPart } from './each-part';
import type { StoreCall } from './store-call';
import type { StoreContext } from './store-context';
import { type TimerRow, toDate, toTimer } from './timer-row';

/** The bytes that a notification can carry, with a margin. Source: NOTIFY in PostgreSQL's documentation, 8,000. */
const MAX_ANNOUNCEMENT_LENGTH = 7500;

export async function readDueTimers(
  store: StoreContext,
  places: readonly DuePlace[],
  lookAheadMs: number,
  limit: number,
  options?: CallOptions,
): Promise<DueTimers> {
  const afters = parseDueRead(places, lookAheadMs, limit);
  return await store.call('readDueTimers', options, async (call) =>
    (await store.citus.ask(call))
      ? await readEachPart(store, call, afters, { lookAheadMs, limit })
      : await readShards(store, call, afters, { lookAheadMs, limit }),
  );
}

interface Bounds {
  readonly lookAheadMs: number;
  readonly limit: number;
}

async function readShards(
  store: StoreContext,
  call: StoreCall,
  afters: readonly DuePlace[],
  bounds: Bounds,
): Promise<DueTimers> {
  const { rows } = await call.read(queries.readDueTimers, { ...placeArrays(afters), ...bounds });
  // Each shard has a row beside those of its timers.
  publishBatch('readDueTimers', rows.length - afters.length);
  return readDue(store, afters, rows, bounds);
}

/** The time is that of the worker whose clock is the most behind. */
async function readEachPart(
  store: StoreContext,
  call: StoreCall,
  afters: readonly DuePlace[],
  bounds: Bounds,
): Promise<DueTimers> {
  let nowMs = Number.POSITIVE_INFINITY;
  let timerCount = 0;
  const shards = new Map<number, DueShard>();
  const failures = new Map<number, TimerStoreError>();
  const parts = await eachPart(call, afters, async (ofPart, its) => {
    const { rows } = await ofPart.read(queries.readDueTimersOfPart, { ...placeArrays(its), ...bounds });
    timerCount += rows.length - its.length;
    return readDue(store, its, rows, bounds);
  });
  publishBatch('readDueTimers', timerCount);
  for (const part of parts) {
    if ('error' in part) {
      for (const { shardId } of part.items) {
        failures.set(shardId, part.error);
      }
      continue;
    }
    nowMs = Math.min(nowMs, part.result.nowMs);
    for (const shard of part.result.shards) {
      shards.set(shard.shardId, shard);
    }
  }
  return {
    nowMs,
    shards: afters.flatMap(({ shardId }) => shards.get(shardId) ?? []),
    ...(failures.size > 0 && { failures }),
  };
}

function placeArrays(afters: readonly DuePlace[]) {
  return {
    shardIds: afters.map(({ shardId }) => shardId),
    afterExecuteAts: afters.map(({ after }) => after.executeAt),
    afterUuids: afters.map(({ after }) => after.uuid),
  };
}

function readDue(
  store: StoreContext,
  afters: readonly DuePlace[],
  rows: readonly queries.ReadDueTimersResult[],
  { limit }: Bounds,
): Pick<DueTimers, 'nowMs' | 'shards'> {
  let nowMs = 0;
  const shards = new Map(afters.map(({ shardId }) => [shardId, new DueShardReader(shardId, limit)]));
  for (const row of rows) {
    shards.get(row.shardId)?.read(row, store.onUnreadableRow);
    // Told in the row of each shard.
    nowMs = row.nowUs === null ? nowMs : row.nowUs / 1000;
  }
  return { nowMs, shards: [...shards.values()].map((shard) => shard.result()) };
}

/** Puts the rows of one shard together. */
class DueShardReader {
  readonly #shardId: number;
  readonly #limit: number;
  readonly #timers: Timer[] = [];
  #readCount = 0;
  #shardVersion: number | null = null;
  #ownerAddr: string | null = null;
  #last: queries.ReadDueTimersResult | undefined;
  #nextExecuteAt: Date | null = null;

  constructor(shardId: number, limit: number) {
    this.#shardId = shardId;
    this.#limit = limit;
  }

  read(row: queries.ReadDueTimersResult, onUnreadableRow: (error: UnreadableRowError) => void): void {
    if (row.uuid === null) {
      this.#shardVersion = row.shardVersion;
      this.#ownerAddr = row.ownerAddr;
      this.#nextExecuteAt = toDate(row.executeAtMs);
      return;
    }
    this.#readCount++;
    this.#last = row;
    try {
      this.#timers.push(toTimer(this.#shardId, row as TimerRow));
    } catch (error) {
      if (!(error instanceof UnreadableRowError)) {
        throw error;
      }
      onUnreadableRow(error);
    }
  }

  result(): DueShard {
    return {
      shardId: this.#shardId,
      shardVersion: this.#shardVersion,
      ownerAddr: this.#ownerAddr,
      timers: this.#timers,
      last: this.#cursor(),
      isCut: this.#readCount === this.#limit,
      nextExecuteAt: this.#nextExecuteAt,
    };
  }

  #cursor(): TimerCursor | null {
    const { executeAtMs = null, uuid = null } = this.#last ?? {};
    return executeAtMs === null || uuid === null ? null : { executeAt: new Date(executeAtMs), uuid };
  }
}

export async function announceDueTimers(
  store: StoreContext,
  shardIds: readonly number[] | null,
  options?: CallOptions,
): Promise<void> {
  const announcedIds = shardIds === null ? null : parseShardIds('shardIds', shardIds);
  const list = announcedIds?.join() ?? '';
  // The shards are too many to name, so any shard may have due timers.
  const announced = list.length > MAX_ANNOUNCEMENT_LENGTH ? '' : list;
  await store.call('announceDueTimers', options, async (call) => {
    if (announcedIds?.length !== 0) {
      await call.read(queries.announceDueTimers, { shardIds: announced });
    }
  });
}

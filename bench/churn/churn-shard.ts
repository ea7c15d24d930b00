import { createHash } from 'node:crypto';
import {
  cursorAtEndOf,
  type NewTimer,
  type PostgresTimerStore,
  type TimerCursor,
  ZERO_CURSOR,
} from 'pg-timer-store';
import { PAGE } from '../lib/backlog';
import { benchTimer, inParallel } from '../lib/bench-timers';
import { timed } from '../lib/timed';
import { largePayload } from './large-payload';

/** What the ids of timers look like. Those of `random` lie anywhere in the index, as UUIDs do. */
export type IdOrder = 'random' | 'sequential';

export interface ChurnTimes {
  /** Milliseconds of each read of a page. */
  readonly reads: number[];
  /** Milliseconds of each delete of a page. */
  readonly deletes: number[];
}

export const END_OF_TIME = cursorAtEndOf(new Date('9999-12-31T23:59:59.999Z'));

/** For each timer that goes. */
const MOVES = 2;
const MOST_MOVES = 4;
/** Of the moves for a page, so many by updateTimer; the others by creating the timers again, a page at a time. */
const SINGLE_MOVES = 20;
/** Of each fourth page, so many have failed and are to be tried again. */
const RETRIES = 100;
/** One timer of so many has a payload that the server keeps out of the row. */
const LARGE_PAYLOAD_EACH = 50;
const LONGEST_DELAY_MS = 24 * 60 * 60_000;
const START = new Date(Date.UTC(2030, 0, 1));
const GONE = Number.POSITIVE_INFINITY;

/**
 * A shard whose owner creates timers that are due within a day, moves some of those that are there, and takes those
 * that come first, as if they were due: a day of theirs takes seconds.
 */
export class ChurnShard {
  readonly shardId: number;
  readonly #store: PostgresTimerStore;
  readonly #shardVersion: number;
  readonly #ids: IdOrder;
  /** How often each timer was moved, by its index. */
  readonly #moves: number[] = [];
  /** All timers before this index have gone. */
  #oldest = 0;
  #pending = 0;
  #pages = 0;
  #committedOffset: TimerCursor = { ...ZERO_CURSOR, executeAt: START };

  private constructor(shardId: number, store: PostgresTimerStore, shardVersion: number, ids: IdOrder) {
    this.shardId = shardId;
    this.#store = store;
    this.#shardVersion = shardVersion;
    this.#ids = ids;
  }

  static async claim(shardId: number, store: PostgresTimerStore, ids: IdOrder): Promise<ChurnShard> {
    const { current } = await store.claimShardOwnership(shardId, 'bench');
    return new ChurnShard(shardId, store, current.shardVersion, ids);
  }

  /** How many timers it has had that are gone. */
  get gone(): number {
    return this.#moves.length - this.#pending;
  }

  get committedOffset(): TimerCursor {
    return this.#committedOffset;
  }

  /** Creates timers until so many are pending. */
  async fill(backlog: number): Promise<void> {
    while (this.#pending < backlog) {
      const count = Math.min(PAGE, backlog - this.#pending);
      const first = this.#moves.length;
      const timers = Array.from({ length: count }, (_, place) => this.#timer(first + place));
      await this.#store.createTimers(this.shardId, this.#shardVersion, timers);
      this.#moves.push(...timers.map(() => 0));
      this.#pending += count;
    }
  }

  /** A page goes, twice as many timers are moved, and what is missing is created. */
  async turnPage(backlog: number, times: ChurnTimes): Promise<void> {
    const retries = this.#pages % 4 === 3 ? RETRIES : 0;
    await this.#move(MOVES * PAGE - retries);
    await this.#takePage(retries, times);
    await this.fill(backlog);
    this.#pages++;
  }

  async #move(count: number): Promise<void> {
    const picked = this.#pick(count);
    await inParallel(2, SINGLE_MOVES, async (place) => {
      const { namespace, id, executeAt } = this.#timer(picked[place] ?? 0);
      await this.#store.updateTimer(this.shardId, this.#shardVersion, namespace, id, { executeAt });
    });
    for (let first = SINGLE_MOVES; first < count; first += PAGE) {
      const timers = picked.slice(first, first + PAGE).map((index) => this.#timer(index));
      await this.#store.createTimers(this.shardId, this.#shardVersion, timers);
    }
  }

  async #takePage(retries: number, { reads, deletes }: ChurnTimes): Promise<void> {
    const ahead = { after: this.#committedOffset, upTo: END_OF_TIME };
    const page = await timed(reads, () => this.#store.rangeGetTimers(this.shardId, ahead, PAGE));
    const last = page.at(-1);
    if (last === undefined) {
      throw new Error(`shard ${this.shardId} has no timers left`);
    }
    const range = { after: this.#committedOffset, upTo: { executeAt: last.executeAt, uuid: last.uuid } };
    this.#committedOffset = range.upTo;
    await this.#store.updateShardMetadata(this.shardId, this.#shardVersion, { committedOffset: range.upTo });
    const indexes = page.map(({ payload }) => (payload as { order: number }).order);
    const again = indexes.slice(0, retries).map((index) => this.#timer(index));
    const { deletedCount } = await timed(deletes, () =>
      retries > 0
        ? this.#store.rangeDeleteWithBatchInsertTxn(this.shardId, this.#shardVersion, range, again)
        : this.#store.rangeDeleteWithLimit(this.shardId, this.#shardVersion, range, PAGE),
    );
    if (deletedCount !== page.length) {
      throw new Error(`shard ${this.shardId}: read ${page.length} timers, deleted ${deletedCount}`);
    }
    for (const index of indexes.slice(retries)) {
      this.#moves[index] = GONE;
    }
    this.#pending -= page.length - retries;
  }

  /** Pending timers, each of them once, that were not moved too often yet. */
  #pick(count: number): number[] {
    while (this.#moves[this.#oldest] === GONE) {
      this.#oldest++;
    }
    const picked = new Set<number>();
    while (picked.size < count) {
      const index = this.#oldest + Math.floor(Math.random() * (this.#moves.length - this.#oldest));
      if ((this.#moves[index] ?? GONE) < MOST_MOVES) {
        picked.add(index);
      }
    }
    for (const index of picked) {
      this.#moves[index] = (this.#moves[index] ?? 0) + 1;
    }
    return [...picked];
  }

  /** At a time anywhere in the day that follows. */
  #timer(index: number): NewTimer {
    const timer = benchTimer(index);
    const delayMs = 1 + Math.floor(Math.random() * LONGEST_DELAY_MS);
    return {
      ...timer,
      id: this.#ids === 'random' ? createHash('md5').update(timer.id).digest('hex') : timer.id,
      executeAt: new Date(this.#committedOffset.executeAt.getTime() + delayMs),
      ...(index % LARGE_PAYLOAD_EACH === 0 && { payload: largePayload(index) }),
    };
  }
}

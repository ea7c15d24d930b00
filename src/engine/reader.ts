import type { DueShard } from '../contract/due-timers';
import type { TimerStore } from '../contract/timer-store';
import { publishEngineEvent } from '../telemetry/engine-channel';
import { detached } from './detached';
import type { EngineClock } from './engine-clock';
import type { LoadedTimer, OwnedShard } from './owned-shard';
import type { ServerClock } from './server-clock';

/** Timers of one read, at most: more keep the server and this process busy for longer than a moment. */
const MAX_PAGE = 5000;

/** Between two looks that were woken, in milliseconds: what comes faster is found together. */
const MIN_GAP_MS = 2;

/** Between two tries when nothing can be read, in milliseconds: doubled from one to the next. */
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 1000;

export interface ReaderOptions {
  readonly store: TimerStore;
  readonly clock: ServerClock;
  readonly monotonic: EngineClock;
  /** Those that this process owns: they come and go. */
  readonly shards: ReadonlyMap<number, OwnedShard>;
  readonly lookAheadMs: number;
  /** Between two looks from the very beginning. */
  readonly pauseMs: () => number;
  /** How many timers are to be read; 0: none, for now. */
  readonly room: () => number;
  /** How many more may be in memory. */
  readonly free: () => number;
  readonly onTimers: (timers: readonly LoadedTimer[]) => void;
  /** Told of what each read says of a shard, and when that read was sent by the monotonic clock. */
  readonly onOwner: (shard: OwnedShard, found: DueShard, sentAt: number) => void;
}

/** Looks for timers that are due: one statement for all shards that may have some, when there may be some. */
export class Reader {
  readonly #options: ReaderOptions;
  readonly #stopping = new AbortController();
  #stopWaiting = () => {};
  #isLooking = false;
  /** Resolves with what the look has failed with; undefined: it has not. */
  #looking: Promise<unknown> = Promise.resolve();
  #fullLookAt = Number.NEGATIVE_INFINITY;
  #lastLookAt = Number.NEGATIVE_INFINITY;
  #mustConfirm = false;
  #retryMs = FIRST_RETRY_MS;
  /** When a look that has failed may be tried again, by the monotonic clock. */
  #retryAt = Number.NEGATIVE_INFINITY;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** Something may be due sooner than was known, or there is room again. */
  wake(): void {
    if (!this.#isLooking) {
      this.#arm();
    }
  }

  /** Who owns the shards is to be known anew, now. */
  confirm(): void {
    this.#mustConfirm = true;
    this.wake();
  }

  /**
   * Reads from the very beginning, now, whatever is waited for.
   *
   * @throws whatever the store does.
   */
  async lookNow(): Promise<void> {
    while (this.#isLooking) {
      await this.#looking;
    }
    this.#mustConfirm = true;
    this.#look();
    const failure = await this.#looking;
    if (failure !== undefined) {
      throw failure;
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#stopWaiting();
    await this.#looking;
  }

  #arm(): void {
    this.#stopWaiting();
    if (!this.#stopping.signal.aborted) {
      const ms = Math.max(this.#waitMs(), this.#retryAt - this.#options.monotonic.now());
      this.#stopWaiting = this.#options.monotonic.after(ms, () => this.#look());
    }
  }

  /** Until the next look. */
  #waitMs(): number {
    const { clock, monotonic, shards, lookAheadMs, pauseMs, room } = this.#options;
    const now = monotonic.now();
    const gapMs = this.#lastLookAt + MIN_GAP_MS - now;
    if (this.#mustConfirm) {
      return Math.max(0, gapMs);
    }
    const fullMs = this.#fullLookAt + pauseMs() - now;
    if (room() <= 0) {
      // Whoever makes room wakes this.
      return Math.max(fullMs, gapMs);
    }
    let nextAt = Number.POSITIVE_INFINITY;
    for (const shard of shards.values()) {
      nextAt = Math.min(nextAt, shard.nextAt);
    }
    if (nextAt === Number.NEGATIVE_INFINITY) {
      return Math.max(gapMs, 0);
    }
    // When a third of the way ahead is left: what is due in the rest comes by the same look.
    return Math.max(gapMs, Math.min(fullMs, nextAt - lookAheadMs / 3 - clock.now()));
  }

  #look(): void {
    if (!this.#isLooking) {
      this.#isLooking = true;
      this.#looking = detached(() => this.#read()).then((failure) => {
        this.#isLooking = false;
        this.#endLook(failure !== undefined);
        return failure;
      });
    }
  }

  #endLook(hasFailed: boolean): void {
    this.#retryMs = hasFailed ? Math.min(2 * this.#retryMs, LAST_RETRY_MS) : FIRST_RETRY_MS;
    this.#retryAt = hasFailed ? this.#options.monotonic.now() + this.#retryMs : Number.NEGATIVE_INFINITY;
    this.#mustConfirm ||= hasFailed;
    this.#arm();
  }

  /** @returns what it has failed with; undefined: it has not. */
  async #read(): Promise<unknown> {
    const { store, clock, monotonic, lookAheadMs, pauseMs, room, free, onTimers, onOwner } = this.#options;
    const sentAt = monotonic.now();
    const isFull = sentAt - this.#fullLookAt >= pauseMs() || this.#mustConfirm;
    const shards = this.#shardsToRead(isFull);
    if (isFull) {
      this.#fullLookAt = sentAt;
    }
    this.#lastLookAt = sentAt;
    this.#mustConfirm = false;
    if (shards.length === 0) {
      return undefined;
    }
    const places = shards.map((shard) => shard.place());
    const shareOf = (count: number) => Math.max(1, Math.floor(Math.min(count, MAX_PAGE) / shards.length));
    // What is met again does not fit into every shard's share: the next read goes on after it.
    const metAgain = Math.min(Math.max(...shards.map((shard) => shard.metAgain)), shareOf(MAX_PAGE));
    for (const shard of shards) {
      shard.beginRead();
    }
    try {
      const due = await store.readDueTimers(places, lookAheadMs, shareOf(room()) + metAgain, {
        signal: this.#stopping.signal,
      });
      clock.observe(due.nowMs);
      const foundOf = new Map(due.shards.map((each) => [each.shardId, each]));
      for (const shard of shards) {
        const found = foundOf.get(shard.shardId);
        if (found === undefined) {
          shard.leaveUnread();
          continue;
        }
        onOwner(shard, found, sentAt);
        if (!shard.isLost && !shard.isLeaving) {
          onTimers(shard.endRead(found, Math.max(0, free())));
        }
      }
      const [failure] = due.failures?.values() ?? [];
      if (failure !== undefined) {
        publishEngineEvent({ type: 'read-failed', error: failure });
      }
      return undefined;
    } catch (error) {
      for (const shard of shards) {
        shard.readFailed();
      }
      if (!this.#stopping.signal.aborted) {
        publishEngineEvent({ type: 'read-failed', error });
      }
      return error;
    }
  }

  #shardsToRead(isFull: boolean): OwnedShard[] {
    const { clock, shards, lookAheadMs } = this.#options;
    const horizon = clock.now() + lookAheadMs;
    return [...shards.values()].filter((shard) => {
      if (isFull) {
        shard.expectAnywhere();
      }
      return !shard.isLeaving && (isFull || shard.nextAt <= horizon);
    });
  }
}

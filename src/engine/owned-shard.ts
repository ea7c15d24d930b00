import { ZERO_CURSOR } from '../contract/cursor';
import type { DuePlace, DueShard } from '../contract/due-timers';
import type { Timer, TimerCursor } from '../contract/types';

/** A shard that this process owns, and what of it is in memory. */
export class OwnedShard {
  readonly shardId: number;
  readonly shardVersion: number;
  /** The timers that are queued, under way, or being settled. */
  readonly #loaded = new Set<string>();
  /** Of those under way: what stops them. */
  readonly #onLoss = new Set<() => void>();
  #cursor: TimerCursor = ZERO_CURSOR;
  /** Read from the very beginning the next time: something may have come behind the cursor. */
  #fromBeginning = true;
  /** When the next timer is due that is not loaded, in milliseconds since 1970. */
  #nextAt = Number.NEGATIVE_INFINITY;
  #isLost = false;
  /** When this process last knew that it owns the shard, by its monotonic clock. */
  confirmedAt = Number.NEGATIVE_INFINITY;
  #underWay = 0;
  #onIdle: (() => void) | undefined;
  /** It goes to another process: nothing is read or delivered any more, what is under way is finished. */
  isLeaving = false;

  constructor(shardId: number, shardVersion: number) {
    this.shardId = shardId;
    this.shardVersion = shardVersion;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  get loadedCount(): number {
    return this.#loaded.size;
  }

  /** When there may be something to read, in milliseconds since 1970. */
  get nextAt(): number {
    return this.#nextAt;
  }

  /** Something was created, or changed, anywhere in the shard. */
  expectAnywhere(): void {
    this.#fromBeginning = true;
    this.#nextAt = Number.NEGATIVE_INFINITY;
  }

  /** A timer of the shard is due then. It is found by its time, or behind the cursor. */
  expectAt(executeAt: number): void {
    if (executeAt <= this.#cursor.executeAt.getTime()) {
      this.#fromBeginning = true;
    }
    this.#nextAt = Math.min(this.#nextAt, executeAt);
  }

  /** Where the next read begins. From the beginning, it meets again what is loaded. */
  place(): DuePlace {
    return { shardId: this.shardId, after: this.#fromBeginning ? ZERO_CURSOR : this.#cursor };
  }

  /** Before a read is sent: what is expected from now on, the read may not see. */
  beginRead(): void {
    if (this.#fromBeginning) {
      this.#cursor = ZERO_CURSOR;
    }
    this.#fromBeginning = false;
    this.#nextAt = Number.POSITIVE_INFINITY;
  }

  /** The read failed: what it was to find is still to be found. */
  readFailed(): void {
    this.expectAnywhere();
  }

  /**
   * @param room how many timers may be loaded at most. What is beyond it is read again later.
   * @returns the timers that were not in memory, and are from now on.
   */
  endRead({ timers, last, isCut, nextExecuteAt }: DueShard, room: number): Timer[] {
    const loaded: Timer[] = [];
    for (const timer of timers) {
      const key = keyOf(timer);
      if (this.#loaded.has(key)) {
        continue;
      }
      if (loaded.length === room) {
        // With no room at all, the next read begins where this one did.
        this.#cursor = loaded.at(-1) ?? this.#cursor;
        this.#nextAt = Number.NEGATIVE_INFINITY;
        return loaded;
      }
      this.#loaded.add(key);
      loaded.push(timer);
    }
    if (last !== null) {
      this.#cursor = last;
    }
    this.#nextAt = Math.min(
      this.#nextAt,
      isCut ? Number.NEGATIVE_INFINITY : (nextExecuteAt?.getTime() ?? Number.POSITIVE_INFINITY),
    );
    return loaded;
  }

  beginDelivery(): void {
    this.#underWay++;
  }

  /** Once it is settled, or nothing of it is to be settled. */
  endDelivery(timer: Timer): void {
    this.forget(timer);
    this.#underWay--;
    if (this.#underWay === 0) {
      this.#onIdle?.();
    }
  }

  /** Runs `onIdle` once nothing is under way, at once if nothing is. */
  whenIdle(onIdle: () => void): void {
    this.#onIdle = onIdle;
    if (this.#underWay === 0) {
      onIdle();
    }
  }

  /** A timer that was under way waits in memory for another time. */
  keep(timer: Timer): void {
    this.#loaded.add(keyOf(timer));
  }

  forget(timer: Timer): void {
    this.#loaded.delete(keyOf(timer));
  }

  /** @returns what takes `onLoss` away again. */
  whenLost(onLoss: () => void): () => void {
    this.#onLoss.add(onLoss);
    return () => this.#onLoss.delete(onLoss);
  }

  lose(): void {
    this.#isLost = true;
    for (const onLoss of this.#onLoss) {
      onLoss();
    }
    this.#onLoss.clear();
  }
}

/** A timer that is replaced while it is in memory is another one. */
function keyOf({ uuid, revision }: Timer): string {
  return uuid + revision;
}

import { ZERO_CURSOR } from '../contract/cursor';
import type { DuePlace, DueShard } from '../contract/due-timers';
import type { Settlement } from '../contract/settlement';
import type { Timer, TimerCursor } from '../contract/types';

/** A shard that this process owns, and what of it is in memory. */
export class OwnedShard {
  readonly shardId: number;
  /** By which the fence knows its owner. Once it is handed over, that of who has it then. */
  shardVersion: number;
  /** What is queued, under way, or being settled: of each timer, as it was read last. */
  readonly #loaded = new Map<string, LoadedTimer>();
  /** Of those under way: what stops them. */
  readonly #onLoss = new Set<() => void>();
  #cursor: TimerCursor = ZERO_CURSOR;
  /** Of those in memory, how many may stand after the cursor. */
  #ahead = 0;
  /** Read from the very beginning the next time: something may have come behind the cursor. */
  #fromBeginning = true;
  /** When the next timer is due that is not loaded, in milliseconds since 1970. */
  #nextAt = Number.NEGATIVE_INFINITY;
  #reading: Reading | undefined;
  #isLost = false;
  /** When the question was sent by whose answer this process last knew that it owns the shard, by its monotonic clock. */
  confirmedAt = Number.NEGATIVE_INFINITY;
  /** It could not be read the last time, though others could. */
  isUnread = false;
  #underWay = 0;
  readonly #onIdle: (() => void)[] = [];
  /** It goes to another process: nothing is read any more, and no delivery begins. */
  isLeaving = false;
  /** Others may have claimed it, with the leave of this process. */
  isHandedOver = false;

  constructor(shardId: number, shardVersion: number) {
    this.shardId = shardId;
    this.shardVersion = shardVersion;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /** What is queued, under way, or being settled. */
  get timers(): Iterable<LoadedTimer> {
    return this.#loaded.values();
  }

  /** How many timers, at most, the next reads meet again: from the beginning, they begin before what is in memory. */
  get metAgain(): number {
    return this.#fromBeginning ? this.#loaded.size : Math.min(this.#ahead, this.#loaded.size);
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
    if (this.#reading !== undefined) {
      this.#reading.expectedAt = Math.min(this.#reading.expectedAt, executeAt);
    }
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
      this.#ahead = this.#loaded.size;
    }
    this.#reading = {
      isFromBeginning: this.#fromBeginning,
      expectedAt: Number.POSITIVE_INFINITY,
      left: new Map(),
    };
    this.#fromBeginning = false;
    this.#nextAt = Number.POSITIVE_INFINITY;
  }

  /** The read failed: what it was to find is still to be found. */
  readFailed(): void {
    this.isUnread = true;
    this.#reading = undefined;
    this.expectAnywhere();
  }

  /** It could not be read though others could: the next look at all shards tries again. */
  leaveUnread(): void {
    this.isUnread = true;
    this.#reading = undefined;
    this.#fromBeginning = true;
  }

  /**
   * @param room how many timers may be loaded at most. What is beyond it is read again later.
   * @returns the timers that were not in memory, and are from now on.
   */
  endRead({ timers, last, isCut, nextExecuteAt }: DueShard, room: number): LoadedTimer[] {
    const reading = this.#reading as Reading;
    this.#reading = undefined;
    this.isUnread = false;
    if (reading.isFromBeginning && !isCut) {
      this.#dropMissing(timers, nextExecuteAt);
    }
    const loaded: LoadedTimer[] = [];
    for (const timer of timers) {
      const key = keyOf(timer);
      const known = this.#loaded.get(key);
      if (known?.timer.revision === timer.revision) {
        this.#ahead--;
        continue;
      }
      if (reading.left.get(key) === timer.revision) {
        continue;
      }
      if (loaded.length === room) {
        // With no room at all, the next read begins where this one did.
        this.#cursor = loaded.at(-1)?.timer ?? this.#cursor;
        this.#nextAt = Number.NEGATIVE_INFINITY;
        this.expectAt(reading.expectedAt);
        return loaded;
      }
      if (known !== undefined) {
        known.isNewest = false;
      }
      const fresh = new LoadedTimer(this, key, timer);
      this.#loaded.set(key, fresh);
      loaded.push(fresh);
    }
    if (last !== null) {
      this.#cursor = last;
    }
    if (!isCut) {
      this.#ahead = 0;
    }
    this.#nextAt = Math.min(
      this.#nextAt,
      isCut ? Number.NEGATIVE_INFINITY : (nextExecuteAt?.getTime() ?? Number.POSITIVE_INFINITY),
    );
    // It was committed after the read has begun, and may stand behind where the read has ended.
    this.expectAt(reading.expectedAt);
    return loaded;
  }

  beginDelivery(): void {
    this.#underWay++;
  }

  /** Once it is settled, or nothing of it is to be settled. */
  endDelivery(loaded: LoadedTimer): void {
    this.forget(loaded);
    this.endAttempt();
  }

  /** What was under way stays in memory, or goes on without the shard. */
  endAttempt(): void {
    this.#underWay--;
    if (this.#underWay === 0) {
      this.#tellIdle();
    }
  }

  /** Resolves once nothing is under way, or being settled; or the shard is lost. */
  async whenIdle(): Promise<void> {
    if (this.#underWay > 0 && !this.#isLost) {
      await new Promise<void>((resolve) => this.#onIdle.push(resolve));
    }
  }

  forget(loaded: LoadedTimer): void {
    if (loaded.isNewest) {
      this.#remove(loaded);
      // A read that is under way may have seen it before it was settled.
      this.#reading?.left.set(loaded.key, loaded.timer.revision);
    }
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
    this.#tellIdle();
  }

  #tellIdle(): void {
    for (const resolve of this.#onIdle.splice(0)) {
      resolve();
    }
  }

  /**
   * What is in memory and was not found, though everything was read, is no longer there. But what is not yet due may be: the clock
   * of the server was set back.
   */
  #dropMissing(timers: readonly Timer[], nextExecuteAt: Date | null): void {
    const found = new Set(timers.map(keyOf));
    for (const loaded of this.#loaded.values()) {
      const isRead = nextExecuteAt === null || loaded.timer.executeAt < nextExecuteAt;
      if (isRead && !found.has(loaded.key)) {
        this.#remove(loaded);
      }
    }
  }

  #remove(loaded: LoadedTimer): void {
    loaded.isNewest = false;
    this.#loaded.delete(loaded.key);
  }
}

/** A timer in memory, of a shard that this process owns. */
export class LoadedTimer {
  readonly shard: OwnedShard;
  /** By what the shard knows it. Made once: each timer of a drain is looked up several times. */
  readonly key: string;
  /** As its row is: another one, once the shard is handed over while it is delivered. */
  timer: Timer;
  /** When it is to be delivered, in milliseconds since 1970 by the server's clock. */
  at: number;
  /** As opposed to one that was replaced, changed or deleted by what was read since, or is settled. */
  isNewest = true;
  /** What is to be stored of it, once it was delivered. */
  settlement: Settlement | undefined;

  constructor(shard: OwnedShard, key: string, timer: Timer) {
    this.shard = shard;
    this.key = key;
    this.timer = timer;
    this.at = timer.executeAt.getTime();
  }
}

/** Not by uuid, which callers may choose. No text of PostgreSQL has the character between. */
function keyOf({ namespace, id }: Timer): string {
  return `${namespace}\0${id}`;
}

/** What happens to the shard while it is read. */
interface Reading {
  readonly isFromBeginning: boolean;
  /** When the first timer is due that was expected meanwhile, in milliseconds since 1970. */
  expectedAt: number;
  /** The revisions that were forgotten meanwhile, by key. */
  readonly left: Map<string, string>;
}

import {
  CallTimeoutError,
  cursorAtEndOf,
  iterateTimers,
  type NewTimer,
  OutcomeUnknownError,
  ShardConditionFailedError,
  type TimerRange,
  type TimerStore,
  TimerStoreError,
  ZERO_CURSOR,
} from '../../src';
import { newTimer } from '../support/new-timer';
import { ALL } from '../support/store-fixture';
import { ABSENT, type Changes, type Content, Ledger } from './ledger';
import { passed } from './passed';
import type { SoakCounts } from './soak-counts';

/** Who writes to a shard at the same time. */
const SINGLE_WRITERS = 12;
const BATCH_WRITERS = 2;
const BATCH_SIZE = 100;
/** Timers that each single writer has before it deletes the oldest. */
const BACKLOG_PER_WRITER = 150;

/** How long an owner has a shard. */
const MIN_TENURE_MS = 3000;
const MAX_TENURE_MS = 12_000;

/** Batches stand in ranges of their own, long before the single timers. */
const FIRST_RANGE = Date.UTC(2030, 0, 1);
const RANGE_MS = 1000;
const SINGLE_TIMERS = Date.UTC(2200, 0, 1);
const YEAR_MS = 365 * 24 * 3600 * 1000;

/** Stands for the shard's committed offset in a ledger. */
const OFFSET = 'the committed offset';

/** A store and the version under which it writes. */
interface Owner {
  readonly store: TimerStore;
  readonly version: number;
  isFenced: boolean;
}

interface Batch {
  readonly timers: readonly NewTimer[];
  readonly range: TimerRange;
  readonly revision: number;
}

/** Undefined: unknown. */
type Outcome = 'applied' | 'not applied' | undefined;

/**
 * One shard under full load. Owners take it from each other without a word, and the former one writes on until it is
 * fenced. A new owner first reads the shard, and compares what it reads with what was acknowledged.
 */
export class ShardLoad {
  readonly #shardId: number;
  readonly #stores: readonly TimerStore[];
  readonly #counts: SoakCounts;
  readonly #random: () => number;
  readonly #ledger = new Ledger();
  /** The newest that this program knows of. */
  #version = 0;
  #isClaiming = false;
  #revision = 0;

  /** @param random as `Math.random` */
  constructor(shardId: number, stores: readonly TimerStore[], counts: SoakCounts, random: () => number) {
    this.#shardId = shardId;
    this.#stores = stores;
    this.#counts = counts;
    this.#random = random;
  }

  /** Loads the shard until the signal fires, then compares it a last time. */
  async run(signal: AbortSignal): Promise<void> {
    let writing: Promise<unknown> = Promise.resolve();
    for (let turn = this.#shardId; ; turn++) {
      const store = this.#stores[turn % this.#stores.length] as TimerStore;
      const { version, offset } = await this.#claim(store, `owner-${turn}`);
      const content = new Map([...(await this.#readTimers(store)), [OFFSET, offset]]);
      await writing;
      this.#compare(content, version);
      if (signal.aborted) return;
      writing = this.#write({ store, version, isFenced: false }, signal);
      await passed(MIN_TENURE_MS + this.#random() * (MAX_TENURE_MS - MIN_TENURE_MS), signal);
    }
  }

  async #claim(store: TimerStore, ownerAddr: string): Promise<{ version: number; offset: number }> {
    this.#isClaiming = true;
    // Each claim of unknown outcome may have made a version.
    for (let unknownClaims = 0; ; ) {
      try {
        const { previous, current } = await store.claimShardOwnership(this.#shardId, ownerAddr);
        const version = current.shardVersion;
        const skipped = version - this.#version - 1;
        if (skipped < 0 || skipped > unknownClaims || (previous?.shardVersion ?? 0) !== version - 1) {
          this.#fault(`version ${version} after ${this.#version}, said to follow ${previous?.shardVersion}`);
        }
        this.#counts.claims++;
        this.#version = version;
        this.#isClaiming = false;
        const offset = current.metadata.committedOffset;
        return { version, offset: offset === undefined ? ABSENT : offset.executeAt.getTime() - FIRST_RANGE };
      } catch (error) {
        if (isUnknown(error)) {
          unknownClaims++;
          this.#counts.unknown++;
        } else if (isRefusal(error) || (error instanceof ShardConditionFailedError && unknownClaims > 0)) {
          this.#counts.refused++;
        } else {
          throw error;
        }
      }
    }
  }

  async #readTimers(store: TimerStore): Promise<Content> {
    for (;;) {
      try {
        const content = new Map<string, number>();
        for await (const { id, payload } of iterateTimers(store, this.#shardId, ALL)) {
          content.set(id, payload as number);
        }
        return content;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        this.#counts.refused++;
      }
    }
  }

  #compare(content: Map<string, number>, version: number): void {
    if (content.get(OFFSET) === ABSENT) content.delete(OFFSET);
    const wrong = this.#ledger.faults(content);
    const { applied, notApplied, faults } = this.#ledger.settle(content);
    for (const fault of [...wrong, ...faults]) {
      this.#fault(`${fault}, says the owner of version ${version}`);
    }
    this.#counts.applied += applied;
    this.#counts.notApplied += notApplied;
    this.#counts.comparisons++;
  }

  /** Writes until another owner has the shard. */
  async #write(owner: Owner, signal: AbortSignal): Promise<void> {
    const singles = this.#ledger.freeKeys.filter((key) => key.startsWith('single'));
    const share = Math.ceil(singles.length / SINGLE_WRITERS);
    const leftBatches = this.#ledger.freeKeys.filter((key) => key.startsWith('batch'));
    const writers = [
      ...Array.from({ length: SINGLE_WRITERS }, (_, writer) => {
        const backlog = singles.slice(writer * share, (writer + 1) * share);
        return () => this.#writeSingles(owner, backlog);
      }),
      ...Array.from({ length: BATCH_WRITERS }, () => () => this.#writeBatches(owner)),
      () => this.#commitOffset(owner),
    ];
    await this.#deleteBatches(owner, leftBatches);
    await Promise.all(
      writers.map(async (write) => {
        while (!owner.isFenced && !signal.aborted && (await write()));
      }),
    );
  }

  /** A batch that was left half-way by the former owner. */
  async #deleteBatches(owner: Owner, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const range = { after: ZERO_CURSOR, upTo: cursorAtEndOf(new Date(SINGLE_TIMERS - 1)) };
    await this.#attempt(owner, changesTo(ABSENT, ids), (store, shard, version) =>
      store.rangeDeleteWithLimit(shard, version, range, ids.length),
    );
  }

  async #writeSingles(owner: Owner, backlog: string[]): Promise<true> {
    const timer = newTimer({
      id: `single-${++this.#revision}`,
      executeAt: this.#laterTime(),
      payload: this.#revision,
    });
    const created = await this.#attempt(
      owner,
      changesTo(this.#revision, [timer.id]),
      (store, shard, version) => store.createTimer(shard, version, timer),
    );
    if (created === 'applied') backlog.push(timer.id);

    const chosen = Math.floor(this.#random() * backlog.length);
    const changed = backlog[chosen];
    if (changed !== undefined) {
      const changes = { executeAt: this.#laterTime(), payload: ++this.#revision };
      const updated = await this.#attempt(
        owner,
        changesTo(changes.payload, [changed]),
        (store, shard, version) => store.updateTimer(shard, version, timer.namespace, changed, changes),
      );
      // Left alone until a new owner has looked: the write may still be under way.
      if (updated === undefined) backlog.splice(chosen, 1);
    }

    const oldest = backlog[0];
    if (oldest !== undefined && backlog.length > BACKLOG_PER_WRITER) {
      const deleted = await this.#attempt(owner, changesTo(ABSENT, [oldest]), (store, shard, version) =>
        store.deleteTimer(shard, version, timer.namespace, oldest),
      );
      if (deleted !== 'not applied') backlog.shift();
    }
    return true;
  }

  /** Creates a batch, exchanges it for another, and deletes that. What fails half-way is left to the next owner. */
  async #writeBatches(owner: Owner): Promise<true> {
    const first = this.#batch();
    const created = await this.#attempt(owner, creationOf(first), (store, shard, version) =>
      store.createTimers(shard, version, first.timers),
    );
    if (created !== 'applied') return true;

    const second = this.#batch();
    const exchange = new Map([...deletionOf(first), ...creationOf(second)]);
    const exchanged = await this.#attempt(owner, exchange, (store, shard, version) =>
      store.rangeDeleteWithBatchInsertTxn(shard, version, first.range, second.timers),
    );
    if (exchanged !== 'applied') return true;

    await this.#attempt(owner, deletionOf(second), (store, shard, version) =>
      store.rangeDeleteWithLimit(shard, version, second.range, BATCH_SIZE),
    );
    return true;
  }

  /** @returns whether it may write the offset again: not while an earlier write may still be under way. */
  async #commitOffset(owner: Owner): Promise<boolean> {
    const revision = ++this.#revision;
    const committedOffset = { ...ZERO_CURSOR, executeAt: new Date(FIRST_RANGE + revision) };
    const committed = await this.#attempt(owner, changesTo(revision, [OFFSET]), (store, shard, version) =>
      store.updateShardMetadata(shard, version, { committedOffset }),
    );
    return committed !== undefined;
  }

  async #attempt(
    owner: Owner,
    changes: Changes,
    write: (store: TimerStore, shardId: number, version: number) => Promise<unknown>,
  ): Promise<Outcome> {
    const open = this.#ledger.open(changes);
    const wasClaimedAway = this.#version > owner.version;
    try {
      await write(owner.store, this.#shardId, owner.version);
    } catch (error) {
      if (isUnknown(error)) {
        this.#counts.unknown++;
        return undefined;
      }
      open.refused();
      if (error instanceof ShardConditionFailedError) {
        if (owner.version === this.#version && !this.#isClaiming) {
          this.#fault(`a write under version ${owner.version} was fenced, though nobody claimed the shard`);
        }
        owner.isFenced = true;
        this.#counts.fenced++;
      } else if (isRefusal(error)) {
        this.#counts.refused++;
      } else {
        this.#fault(String(error));
      }
      return 'not applied';
    }
    open.acknowledged();
    this.#counts.acknowledged++;
    if (wasClaimedAway) {
      this.#fault(
        `a write under version ${owner.version} succeeded after version ${this.#version} was claimed`,
      );
    }
    return 'applied';
  }

  #batch(): Batch {
    const revision = ++this.#revision;
    const start = FIRST_RANGE + revision * RANGE_MS;
    const timers = Array.from({ length: BATCH_SIZE }, (_, index) =>
      newTimer({ id: `batch-${revision}-${index}`, executeAt: new Date(start + index), payload: revision }),
    );
    const [after, upTo] = [start - 1, start + RANGE_MS - 1].map((time) => cursorAtEndOf(new Date(time)));
    return { timers, range: { after, upTo } as TimerRange, revision };
  }

  #laterTime(): Date {
    return new Date(SINGLE_TIMERS + Math.floor(this.#random() * YEAR_MS));
  }

  #fault(fault: string): void {
    this.#counts.faults.push(`shard ${this.#shardId}: ${fault}`);
  }
}

function changesTo(revision: number, keys: readonly string[]): Changes {
  return new Map(keys.map((key) => [key, revision]));
}

function creationOf({ timers, revision }: Batch): Changes {
  return changesTo(
    revision,
    timers.map(({ id }) => id),
  );
}

function deletionOf({ timers }: Batch): Changes {
  return changesTo(
    ABSENT,
    timers.map(({ id }) => id),
  );
}

function isUnknown(error: unknown): boolean {
  return error instanceof OutcomeUnknownError || (error instanceof CallTimeoutError && !error.retryable);
}

function isRefusal(error: unknown): boolean {
  return error instanceof TimerStoreError && error.retryable;
}

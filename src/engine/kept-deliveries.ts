import { ZERO_CURSOR } from '../contract/cursor';
import { newRevision } from '../contract/new-revision';
import type { AgainSettlement, SettlementResult } from '../contract/settlement';
import type { TimerStore } from '../contract/timer-store';
import { publishEngineEvent } from '../telemetry/engine-channel';
import type { EngineClock } from './engine-clock';
import type { LoadedTimer, OwnedShard } from './owned-shard';
import type { ServerClock } from './server-clock';

/** For so long, in milliseconds, nobody else delivers a timer after a statement that keeps its delivery. */
const KEPT_MS = 10_000;

/** Between two such statements; and after one that did not do all, in milliseconds. */
const KEEP_AGAIN_MS = 3000;
const RETRY_MS = 250;

const NEVER = Number.NEGATIVE_INFINITY;

/** Of one statement. */
const MAX_GROUP = 1000;

export interface KeptDeliveriesOptions {
  readonly store: TimerStore;
  readonly clock: ServerClock;
  readonly monotonic: EngineClock;
  readonly lookAheadMs: number;
  /** It was found to be another's before it was handed over. */
  readonly onLost: (shard: OwnedShard) => void;
}

/** A delivery that goes on while its shard becomes another's. */
interface Kept {
  readonly loaded: LoadedTimer;
  /** Of its row before it was kept. */
  readonly executeAt: Date;
  /** What its row may be known by, if a statement that failed was applied. */
  readonly drawn: Set<string>;
  /** When others may deliver its timer, by the monotonic clock. */
  untilAt: number;
  /** Its shard is not handed over before it is settled: its row may be due. */
  isAwaited: boolean;
  /** Its delivery has ended: its row is to stay as it is until it is settled. */
  isReleased: boolean;
  /** Its row is no longer the one that was delivered. */
  isGone: boolean;
}

/**
 * What is under way of shards that are handed over. Their next owner is to have everything else at once, and must not
 * deliver these again: so their rows are postponed, time and again, until they have ended. Then they are settled under
 * whatever version the shard has by now: rows that are not due are nobody's but this process's. If it dies, they are due
 * when their time is over.
 */
export class KeptDeliveries {
  readonly #options: KeptDeliveriesOptions;
  readonly #kept = new Map<LoadedTimer, Kept>();
  readonly #onIdle: (() => void)[] = [];
  /** Statements go out one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #isOver = false;
  #isWaiting = false;
  #stopWaiting = () => {};

  constructor(options: KeptDeliveriesOptions) {
    this.#options = options;
  }

  has(loaded: LoadedTimer): boolean {
    return this.#kept.has(loaded);
  }

  /** Resolves once none of these is due before its time; of what cannot be postponed, the shard is lost. */
  async keep(underWay: readonly LoadedTimer[]): Promise<void> {
    const added = underWay.filter((loaded) => !this.#kept.has(loaded)).map(newKept);
    for (const kept of added) {
      this.#kept.set(kept.loaded, kept);
    }
    for (;;) {
      const open = added.filter((kept) => kept.untilAt === NEVER && this.#isUnderWay(kept));
      if (open.length === 0 || this.#isOver) {
        break;
      }
      if (!(await this.#inTurn(() => this.#postpone(open)))) {
        await this.#pause();
      }
    }
    if (!this.#isWaiting) {
      this.#keepAgain(KEEP_AGAIN_MS);
    }
  }

  /**
   * Its delivery has ended.
   *
   * @returns whether the timer is to be settled: by its row, and under the version, that `loaded` has now.
   */
  async release(loaded: LoadedTimer): Promise<boolean> {
    const kept = this.#kept.get(loaded) as Kept;
    kept.isReleased = true;
    await this.#turn;
    return this.#isOurs(kept);
  }

  /** Its settlement found another version of the shard, or another row. @returns as `release`. */
  async findAgain(loaded: LoadedTimer, usedVersion: number, result: 'changed' | 'lost'): Promise<boolean> {
    const kept = this.#kept.get(loaded) as Kept;
    while (this.#isOurs(kept) && !this.#isOver) {
      try {
        await (result === 'lost' ? this.#findOwner(kept, usedVersion) : this.#findRow(kept));
        return this.#isOurs(kept);
      } catch (error) {
        publishEngineEvent({ type: 'read-failed', error });
      }
      await this.#pause();
    }
    return false;
  }

  /** @returns whether it was kept. */
  delete(loaded: LoadedTimer): boolean {
    const kept = this.#kept.get(loaded);
    if (kept === undefined) {
      return false;
    }
    this.#kept.delete(loaded);
    awaitNoMore(kept);
    if (this.#kept.size === 0) {
      for (const resolve of this.#onIdle.splice(0)) {
        resolve();
      }
    }
    return true;
  }

  /** Resolves once all have ended, and are settled. */
  async whenIdle(): Promise<void> {
    if (this.#kept.size > 0) {
      await new Promise<void>((resolve) => this.#onIdle.push(resolve));
    }
  }

  /** Keeps nothing any more. What has not ended is due again. @returns the shards of which there is something. */
  async giveUp(): Promise<readonly number[]> {
    this.#isOver = true;
    this.#stopWaiting();
    await this.#turn;
    const left = [...this.#kept.values()].filter((kept) => this.#isUnderWay(kept));
    // Twice, where the shard has been claimed since the last time.
    for (let tries = 0; tries < 2; tries++) {
      const open = left.filter(({ loaded, executeAt }) => loaded.timer.executeAt !== executeAt);
      await this.#moveTo(({ executeAt }) => executeAt, open);
    }
    return [...new Set(left.map(({ loaded }) => loaded.shard.shardId))];
  }

  /** Until none is left. */
  #keepAgain(ms: number): void {
    this.#isWaiting = this.#kept.size > 0 && !this.#isOver;
    if (this.#isWaiting) {
      this.#stopWaiting = this.#options.monotonic.after(ms, async () => {
        const isAllKept = await this.#inTurn(() => this.#postpone([...this.#kept.values()]));
        this.#keepAgain(isAllKept ? KEEP_AGAIN_MS : RETRY_MS);
      });
    }
  }

  async #inTurn<T>(send: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(send);
    this.#turn = turn;
    return await turn;
  }

  /** @returns whether nothing is to be tried again. */
  async #postpone(all: readonly Kept[]): Promise<boolean> {
    const { clock, lookAheadMs } = this.#options;
    // Others read so far ahead, and may have in memory what is due by then.
    const executeAt = new Date(Math.ceil(clock.now()) + KEPT_MS + lookAheadMs);
    return await this.#moveTo(() => executeAt, all);
  }

  async #moveTo(executeAtOf: (kept: Kept) => Date, all: readonly Kept[]): Promise<boolean> {
    const open = all.filter((kept) => this.#isUnderWay(kept));
    let isAllMoved = true;
    for (let from = 0; from < open.length; from += MAX_GROUP) {
      isAllMoved = (await this.#moveGroup(executeAtOf, open.slice(from, from + MAX_GROUP))) && isAllMoved;
    }
    return isAllMoved;
  }

  async #moveGroup(executeAtOf: (kept: Kept) => Date, group: readonly Kept[]): Promise<boolean> {
    const sentAt = this.#options.monotonic.now();
    const revision = newRevision();
    const sent = group.map((kept) => ({ ...settlementOf(kept), executeAt: executeAtOf(kept), revision }));
    try {
      const results = await this.#options.store.settleTimers(sent);
      for (const [index, kept] of group.entries()) {
        await this.#endMove(kept, results[index] as SettlementResult, sent[index] as AgainSettlement, sentAt);
      }
      return results.every((result) => result === 'settled');
    } catch (error) {
      for (const { drawn } of group) {
        drawn.add(revision);
      }
      publishEngineEvent({ type: 'settlement-failed', timerCount: group.length, error });
      return false;
    }
  }

  async #endMove(kept: Kept, result: SettlementResult, sent: AgainSettlement, sentAt: number): Promise<void> {
    const { loaded } = kept;
    const { executeAt, revision = loaded.timer.revision } = sent;
    switch (result) {
      case 'settled':
        loaded.timer = { ...loaded.timer, executeAt, revision };
        kept.untilAt = sentAt + KEPT_MS;
        awaitNoMore(kept);
        break;
      case 'locked':
        // Whoever holds it changes it, most likely, and nothing waits for that. Or nobody can tell what was done.
        kept.drawn.add(revision);
        kept.untilAt = sentAt + KEPT_MS;
        awaitNoMore(kept);
        break;
      case 'changed':
        await this.#findRow(kept);
        break;
      case 'lost':
        await this.#findOwner(kept, sent.shardVersion);
        break;
      default:
        result satisfies never;
    }
  }

  /** By what a statement has drawn that seemed to fail, its row is still the one that was delivered. */
  async #findRow(kept: Kept): Promise<void> {
    const { loaded, drawn } = kept;
    const { namespace, id } = loaded.timer;
    const row = await this.#options.store.getTimer(loaded.shard.shardId, namespace, id);
    if (row !== null && drawn.delete(row.revision)) {
      loaded.timer = row;
    } else {
      kept.isGone = true;
      awaitNoMore(kept);
    }
  }

  /** Whoever has claimed the shard since leaves alone what is not due. */
  async #findOwner({ loaded: { shard } }: Kept, usedVersion: number): Promise<void> {
    if (!shard.isHandedOver) {
      this.#options.onLost(shard);
      return;
    }
    if (shard.shardVersion !== usedVersion) {
      return;
    }
    const place = { shardId: shard.shardId, after: ZERO_CURSOR };
    const { shards } = await this.#options.store.readDueTimers([place], 0, 1);
    const found = shards[0]?.shardVersion ?? null;
    if (found === null || found === usedVersion) {
      shard.lose();
    } else {
      shard.shardVersion = found;
    }
  }

  #isUnderWay(kept: Kept): boolean {
    return !kept.isReleased && this.#isOurs(kept);
  }

  /** A process that was stopped, or cut off, for too long has lost it: its signal fires. */
  #isOurs({ loaded: { shard }, untilAt, isGone }: Kept): boolean {
    if (shard.isHandedOver && !shard.isLost && this.#options.monotonic.now() >= untilAt) {
      shard.lose();
    }
    return !isGone && !shard.isLost;
  }

  async #pause(): Promise<void> {
    await new Promise<void>((resolve) => this.#options.monotonic.after(RETRY_MS, resolve));
  }
}

function newKept(loaded: LoadedTimer): Kept {
  const { executeAt } = loaded.timer;
  return {
    loaded,
    executeAt,
    drawn: new Set(),
    untilAt: NEVER,
    isAwaited: true,
    isReleased: false,
    isGone: false,
  };
}

/** Its shard may be handed over. */
function awaitNoMore(kept: Kept): void {
  if (kept.isAwaited) {
    kept.isAwaited = false;
    kept.loaded.shard.endAttempt();
  }
}

/** What moves its row, and nothing else. */
function settlementOf({ loaded: { shard, timer } }: Kept): AgainSettlement {
  const { shardId, shardVersion } = shard;
  const { executeAt, dueAt, firstAttemptAt, attempts, lastError } = timer;
  const outcome = 'again';
  return { shardId, shardVersion, timer, outcome, executeAt, dueAt, firstAttemptAt, attempts, lastError };
}

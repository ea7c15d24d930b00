import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidArgumentError, UnexpectedServerError } from '../contract/errors';
import type { Settlement, SettlementResult } from '../contract/settlement';
import type { TimerStore } from '../contract/timer-store';
import { publishEngineEvent } from '../telemetry/engine-channel';
import type { LoadedTimer } from './owned-shard';

/** Of one statement. More gain nothing, and keep the shards from other writes for longer. */
const MAX_GROUP = 2000;

/**
 * From the beginning of one statement to that of the next, in milliseconds, unless enough is waiting: a thousand
 * deliveries a second take some ten statements then. After a while without any, the first is settled at once.
 */
const GATHER_MS = 80;

/** What another transaction holds is tried again after so many milliseconds. */
const LOCKED_AGAIN_MS = 250;

/**
 * What the server refuses for a reason of its own, such as a table that is being changed, is tried again so many times: after
 * `LOCKED_AGAIN_MS`, and each time twice as long.
 */
const MAX_REFUSALS = 3;

/** Between two tries to settle, in milliseconds: doubled from one to the next. */
const FIRST_RETRY_MS = 20;
const LAST_RETRY_MS = 1000;

/** Its delivery has ended. */
export interface Settleable extends LoadedTimer {
  settlement: Settlement;
}

/** What became of it. */
export type SettlementEnd = Exclude<SettlementResult, 'locked'>;

export interface SettlerOptions {
  readonly store: TimerStore;
  /** So many are settled without waiting for more. */
  readonly enough: () => number;
  readonly onResult: (settled: Settleable, end: SettlementEnd) => void;
  /** It can never be stored, whatever else is. */
  readonly onRefused: (refused: Settleable, error: unknown) => void;
  /** Nothing is to be settled now. */
  readonly onIdle: () => void;
}

/**
 * Stores what became of deliveries, in groups: while one statement is under way, and for a moment after, the next group
 * gathers. What cannot be stored now is tried again until it is, or its shard is lost.
 */
export class Settler {
  readonly #options: SettlerOptions;
  readonly #stopping = new AbortController();
  readonly #waiting: Settleable[] = [];
  /** How often the server refused one, if it did. */
  readonly #refusals = new WeakMap<Settleable, number>();
  #sentAt = Number.NEGATIVE_INFINITY;
  #settling = Promise.resolve();
  #isSettling = false;
  #isHurried = false;
  #endPause = () => {};

  constructor(options: SettlerOptions) {
    this.#options = options;
  }

  add(settleable: Settleable): void {
    this.#waiting.push(settleable);
    if (!this.#isSettling) {
      this.#isSettling = true;
      this.#settling = this.#settleAll();
    } else if (this.#isEnough()) {
      this.#endPause();
    }
  }

  /** Whether nothing is under way, or about to be. */
  get isIdle(): boolean {
    return !this.#isSettling;
  }

  /** From now on, nothing waits for more. */
  hurry(): void {
    this.#isHurried = true;
    this.#endPause();
  }

  /** Settles everything that was added, without waiting for more; but for what others hold. */
  async flush(): Promise<void> {
    const wasHurried = this.#isHurried;
    this.hurry();
    await this.#settling;
    this.#isHurried = wasHurried;
  }

  /** Resolves once everything that was added is settled, but for what others hold. */
  whenIdle(): Promise<void> {
    return this.#settling;
  }

  /** Gives up what is not settled: it is due, to whoever owns its shard next. */
  abort(): void {
    this.#stopping.abort();
    this.#endPause();
  }

  async #settleAll(): Promise<void> {
    // Those that end in the same moment leave together.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0 && !this.#stopping.signal.aborted) {
      await this.#gather();
      this.#sentAt = performance.now();
      await this.#settleGroup(this.#waiting.splice(0, MAX_GROUP));
    }
    this.#isSettling = false;
    this.#options.onIdle();
  }

  #isEnough(): boolean {
    return this.#isHurried || this.#waiting.length >= this.#options.enough();
  }

  async #gather(): Promise<void> {
    const ms = this.#sentAt + GATHER_MS - performance.now();
    if (ms > 0 && !this.#isEnough()) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#endPause = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async #settleGroup(group: readonly Settleable[]): Promise<void> {
    let pauseMs = FIRST_RETRY_MS;
    for (;;) {
      const rest = group.filter((each) => !this.#dropLost(each));
      if (rest.length === 0 || this.#stopping.signal.aborted) {
        return;
      }
      try {
        const results = await this.#options.store.settleTimers(
          rest.map(({ settlement }) => settlement),
          { signal: this.#stopping.signal },
        );
        this.#endGroup(rest, results);
        return;
      } catch (error) {
        if (isRefusal(error)) {
          await this.#settleApart(rest, error);
          return;
        }
        publishEngineEvent({ type: 'settlement-failed', timerCount: rest.length, error });
      }
      await sleep(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
      pauseMs = Math.min(2 * pauseMs, LAST_RETRY_MS);
    }
  }

  #endGroup(group: readonly Settleable[], results: readonly SettlementResult[]): void {
    const locked: Settleable[] = [];
    for (const [index, settled] of group.entries()) {
      const result = results[index] as SettlementResult;
      if (result === 'locked') {
        locked.push(settled);
      } else {
        this.#options.onResult(settled, result);
      }
    }
    if (locked.length > 0) {
      void this.#settleLater(locked, LOCKED_AGAIN_MS);
    }
  }

  /** Others are not kept waiting for them. */
  async #settleLater(settleables: readonly Settleable[], ms: number): Promise<void> {
    const { signal } = this.#stopping;
    await sleep(ms, undefined, { signal }).catch(() => {});
    if (!signal.aborted) {
      for (const each of settleables) {
        this.add(each);
      }
    }
  }

  /** One of them is to blame. Its neighbours are settled without it. */
  async #settleApart(group: readonly Settleable[], error: unknown): Promise<void> {
    const [first] = group;
    if (group.length === 1 && first !== undefined) {
      const refusals = this.#refusals.get(first) ?? 0;
      if (error instanceof UnexpectedServerError && refusals < MAX_REFUSALS) {
        this.#refusals.set(first, refusals + 1);
        void this.#settleLater([first], LOCKED_AGAIN_MS * 2 ** refusals);
      } else {
        this.#refusals.delete(first);
        this.#options.onRefused(first, error);
      }
      return;
    }
    const half = group.length >> 1;
    await this.#settleGroup(group.slice(0, half));
    await this.#settleGroup(group.slice(half));
  }

  #dropLost(settleable: Settleable): boolean {
    if (settleable.shard.isLost) {
      this.#options.onResult(settleable, 'lost');
      return true;
    }
    return false;
  }
}

/** The content is to blame, as opposed to: it could not be stored now. */
function isRefusal(error: unknown): boolean {
  return error instanceof InvalidArgumentError || error instanceof UnexpectedServerError;
}

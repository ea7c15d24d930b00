import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidArgumentError, UnexpectedServerError } from '../contract/errors';
import type { Settlement, SettlementResult } from '../contract/settlement';
import type { TimerStore } from '../contract/timer-store';
import { publishEngineEvent } from '../telemetry/engine-channel';
import type { LoadedTimer } from './due-queue';

/** Of one statement. More gain nothing, and keep the shards from other writes for longer. */
const MAX_GROUP = 2000;

/** Between two tries to settle, in milliseconds: doubled from one to the next. */
const FIRST_RETRY_MS = 20;
const LAST_RETRY_MS = 1000;

/** A delivery that has ended, and what is to be stored of it. */
export interface Settleable {
  readonly loaded: LoadedTimer;
  readonly settlement: Settlement;
}

export interface SettlerOptions {
  readonly store: TimerStore;
  readonly onResult: (settled: Settleable, result: SettlementResult) => void;
  /** It can never be stored, whatever else is. */
  readonly onRefused: (refused: Settleable, error: unknown) => void;
  /** Nothing is to be settled any more, for now. */
  readonly onIdle: () => void;
}

/**
 * Stores what became of deliveries, in groups: while one statement is under way, the next group gathers. What cannot be
 * stored now is tried again until it is, or its shard is lost.
 */
export class Settler {
  readonly #options: SettlerOptions;
  readonly #stopping = new AbortController();
  readonly #waiting: Settleable[] = [];
  #settling = Promise.resolve();
  #isSettling = false;

  constructor(options: SettlerOptions) {
    this.#options = options;
  }

  add(settleable: Settleable): void {
    this.#waiting.push(settleable);
    if (!this.#isSettling) {
      this.#isSettling = true;
      this.#settling = this.#settleAll();
    }
  }

  get isIdle(): boolean {
    return !this.#isSettling;
  }

  /** Resolves once everything that was added is settled. */
  whenIdle(): Promise<void> {
    return this.#settling;
  }

  /** Gives up what is not settled: it is due, to whoever owns its shard next. */
  abort(): void {
    this.#stopping.abort();
  }

  async #settleAll(): Promise<void> {
    // Those that end in the same moment leave together.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0 && !this.#stopping.signal.aborted) {
      const group = this.#waiting.splice(0, MAX_GROUP);
      await this.#settleGroup(group);
    }
    this.#isSettling = false;
    this.#options.onIdle();
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
        for (const [index, settled] of rest.entries()) {
          this.#options.onResult(settled, results[index] as SettlementResult);
        }
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

  /** One of them is to blame. Its neighbours are settled without it. */
  async #settleApart(group: readonly Settleable[], error: unknown): Promise<void> {
    const [first] = group;
    if (group.length === 1 && first !== undefined) {
      this.#options.onRefused(first, error);
      return;
    }
    const half = group.length >> 1;
    await this.#settleGroup(group.slice(0, half));
    await this.#settleGroup(group.slice(half));
  }

  #dropLost(settleable: Settleable): boolean {
    if (settleable.loaded.shard.isLost) {
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

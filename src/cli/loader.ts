import {
  InvalidArgumentError,
  OutcomeUnknownError,
  type TimerStoreError,
  UnexpectedServerError,
} from '../contract/errors';
import { shardIdFor } from '../contract/shard-id';
import type { NewTimer, PoolCallOptions, TimerBatch } from '../contract/types';
import type { PostgresTimerStore } from '../postgres/postgres-timer-store';
import { mayBeDone } from './exit-code';
import type { Line } from './lines';
import { BadLineError, checkTimer } from './timer-line';

/** Timers of a statement. */
const BATCH_TIMERS = 2000;
/** Bytes of lines of a statement. */
const BATCH_BYTES = 4 * 1024 ** 2;
/** Statements under way at a time. More only hold more lines, which costs the garbage collector time. */
const CONCURRENCY = 2;
/** For a statement, retries included. */
const TIMEOUT_MS = 60_000;
/** How often a statement is sent whose outcome nobody knows: its timers are only replaced. */
const MAX_TRIES = 5;

/** A line that is a timer. */
export interface TimerLine {
  readonly line: Line;
  readonly timer: NewTimer;
}

export interface LoaderOptions {
  readonly store: PostgresTimerStore;
  readonly shardCount: number;
  readonly maxPayloadBytes: number;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
  /** Told of each line that the store does not take. If it throws, the load ends. */
  readonly onBadLine: (line: Line, reason: string) => void;
  /** Everything of the batches up to this line was dealt with. */
  readonly onDone: (last: Line) => void;
}

interface Batch {
  readonly lines: readonly TimerLine[];
  readonly keys: readonly string[];
  isDone: boolean;
}

/** Creates timers in statements of many, several at a time, as if they were created one after the other. */
export class Loader {
  readonly #options: LoaderOptions;
  #lines: TimerLine[] = [];
  #bytes = 0;
  /** Of the timers that are being created, and wait to be. */
  readonly #keys = new Set<string>();
  #ownKeys: string[] = [];
  /** In the order of their lines. */
  readonly #batches: Batch[] = [];
  readonly #calls = new Set<Promise<void>>();
  #failure: unknown;
  #loaded = 0;

  constructor(options: LoaderOptions) {
    this.#options = options;
  }

  get loaded(): number {
    return this.#loaded;
  }

  /** What a statement has failed with: of several, one that may be done all the same. */
  get failure(): unknown {
    return this.#failure;
  }

  get #callOptions(): PoolCallOptions {
    return { timeoutMs: TIMEOUT_MS, signal: this.#options.signal };
  }

  /**
   * @returns what has to be waited for before the next one; undefined, as most often: nothing. A promise for each line takes
   * longer than to read it.
   * @throws what a statement before has failed with.
   */
  add(one: TimerLine): Promise<void> | undefined {
    const key = `${one.timer.namespace}\0${one.timer.id}`;
    if (this.#keys.has(key)) {
      // The later line is to win.
      return this.finish().then(() => this.#keep(one, key));
    }
    return this.#keep(one, key);
  }

  #keep(one: TimerLine, key: string): Promise<void> | undefined {
    this.#keys.add(key);
    this.#ownKeys.push(key);
    this.#lines.push(one);
    this.#bytes += one.line.length;
    return this.#lines.length === BATCH_TIMERS || this.#bytes >= BATCH_BYTES ? this.#send() : undefined;
  }

  /** Sends what waits, and waits for all. */
  async finish(): Promise<void> {
    if (this.#lines.length > 0) {
      await this.#send();
    }
    await this.settle();
    this.#throwFailure();
  }

  /** Waits for what is under way. */
  async settle(): Promise<void> {
    await Promise.all(this.#calls);
  }

  async #send(): Promise<void> {
    const batch: Batch = { lines: this.#lines, keys: this.#ownKeys, isDone: false };
    this.#lines = [];
    this.#ownKeys = [];
    this.#bytes = 0;
    this.#batches.push(batch);
    const calling: Promise<void> = this.#create(batch).then(
      () => {
        this.#calls.delete(calling);
      },
      (error: unknown) => {
        this.#calls.delete(calling);
        if (this.#failure === undefined || mayBeDone(error)) {
          this.#failure = error;
        }
      },
    );
    this.#calls.add(calling);
    while (this.#calls.size >= CONCURRENCY) {
      await Promise.race(this.#calls);
    }
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
  }

  async #create(batch: Batch): Promise<void> {
    await this.#createAll(batch.lines);
    batch.isDone = true;
    for (const key of batch.keys) {
      this.#keys.delete(key);
    }
    while (this.#batches[0]?.isDone) {
      this.#options.onDone(this.#batches.shift()?.lines.at(-1)?.line as Line);
    }
  }

  async #createAll(lines: readonly TimerLine[], tries = 1): Promise<void> {
    let parts: Map<number, TimerLine[]>;
    let results: readonly (TimerStoreError | null)[];
    try {
      parts = this.#partByShard(lines);
      results = await this.#options.store.createTimersOfShards(batchesOf(parts), this.#callOptions);
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) {
        throw error;
      }
      await this.#createAll(this.#withoutBad(lines, error), tries);
      return;
    }
    for (const [index, part] of [...parts.values()].entries()) {
      const error = results[index] ?? null;
      if (error === null) {
        this.#loaded += part.length;
      } else if (error instanceof OutcomeUnknownError && tries < MAX_TRIES && !this.#options.signal.aborted) {
        await this.#createAll(part, tries + 1);
      } else if (isRefusal(error)) {
        await this.#createEach(part);
      } else {
        throw error;
      }
    }
  }

  #partByShard(lines: readonly TimerLine[]): Map<number, TimerLine[]> {
    const parts = new Map<number, TimerLine[]>();
    for (const one of lines) {
      const shardId = shardIdFor(one.timer.id, this.#options.shardCount);
      const part = parts.get(shardId);
      if (part === undefined) {
        parts.set(shardId, [one]);
      } else {
        part.push(one);
      }
    }
    return parts;
  }

  /** Finds the lines that the store has refused before it sent anything. */
  #withoutBad(lines: readonly TimerLine[], refusal: InvalidArgumentError): TimerLine[] {
    const good = lines.filter(({ line, timer }) => {
      try {
        checkTimer(timer, this.#options.maxPayloadBytes);
        return true;
      } catch (error) {
        if (!(error instanceof BadLineError)) {
          throw error;
        }
        this.#options.onBadLine(line, error.message);
        return false;
      }
    });
    if (good.length === lines.length) {
      throw refusal;
    }
    return good;
  }

  /** Finds the lines that the server has refused. */
  async #createEach(lines: readonly TimerLine[]): Promise<void> {
    for (const { line, timer } of lines) {
      try {
        const shardId = shardIdFor(timer.id, this.#options.shardCount);
        await this.#options.store.createTimerNoLock(shardId, timer, this.#callOptions);
        this.#loaded++;
      } catch (error) {
        if (!isRefusal(error)) {
          throw error;
        }
        this.#options.onBadLine(line, (error as Error).message.replace(/^timer\.?/, ''));
      }
    }
  }
}

function batchesOf(parts: ReadonlyMap<number, readonly TimerLine[]>): TimerBatch[] {
  return [...parts].map(([shardId, lines]) => ({ shardId, timers: lines.map(({ timer }) => timer) }));
}

/** The server does not want the content. */
function isRefusal(error: unknown): boolean {
  return error instanceof InvalidArgumentError || error instanceof UnexpectedServerError;
}

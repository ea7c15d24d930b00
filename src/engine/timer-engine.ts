import { CallGate } from '../contract/call-gate';
import type { DueListener, DueShard } from '../contract/due-timers';
import { InvalidArgumentError, type TimerStoreError } from '../contract/errors';
import { MAX_INT4, show } from '../contract/scalars';
import { shardIdFor } from '../contract/shard-id';
import type { CallOptions, NewTimer, Timer, TimerChanges } from '../contract/types';
import { publishEngineEvent } from '../telemetry/engine-channel';
import { Announcer } from './announcer';
import { Deliverer, type Outcome } from './deliverer';
import { DueQueue, type LoadedTimer } from './due-queue';
import { type EngineSettings, parseEngineOptions, type TimerEngineOptions } from './engine-options';
import { keepShardCount } from './keep-shard-count';
import type { OwnedShard } from './owned-shard';
import { Ownership } from './ownership';
import { Reader } from './reader';
import { ScheduleFailedError } from './schedule-failed-error';
import { ServerClock } from './server-clock';
import { settlementOf } from './settlement-of';
import { type Settleable, type SettlementEnd, Settler } from './settler';
import { Wakefulness } from './wakefulness';
import { within } from './within';

/** Up to this many milliseconds, a timer that is postponed or due again stays in memory. */
const MAX_KEPT_MS = 1000;

/** So many are settled without waiting for more: a statement of as many takes about as long as its commit. */
const ENOUGH_TO_SETTLE = 200;

const DEFAULT_STOP_MS = 10_000;

/** After its time, an engine that stops takes so many milliseconds more, at most, to say that it leaves. */
const LAST_WORD_MS = 500;

/** What an engine is doing. */
export interface EngineStatus {
  /** The addresses of the processes that live, this one among them. Empty: this one may be taken for dead. */
  readonly members: readonly string[];
  readonly shards: readonly { readonly shardId: number; readonly shardVersion: number }[];
  /** Timers in memory, those under way among them. */
  readonly loaded: number;
  readonly underWay: number;
  /** Deliveries whose outcome was stored since the start. */
  readonly settled: number;
  /** How late the oldest timer is that waits for its delivery, in milliseconds; 0: none is late. */
  readonly oldestLatenessMs: number;
}

/**
 * Fires timers: reads what is due, delivers it, and settles what became of it; of the shards that this process owns, on
 * any number of processes. docs/engine.md says what is promised.
 */
export class TimerEngine {
  readonly #settings: EngineSettings;
  readonly #clock: ServerClock;
  readonly #queue = new DueQueue();
  readonly #reader: Reader;
  readonly #deliverer: Deliverer;
  readonly #settler: Settler;
  readonly #ownership: Ownership;
  readonly #announcer: Announcer;
  readonly #wakefulness: Wakefulness;
  readonly #gate = new CallGate();
  #listener: DueListener | undefined;
  #isListening = false;
  #loaded = 0;
  #settled = 0;
  #stopping: Promise<void> | undefined;

  private constructor(settings: EngineSettings) {
    this.#settings = settings;
    const { store, deliver, maxDeliveries, maxLoaded, lookAheadMs, longestPauseMs, monotonic } = settings;
    this.#clock = new ServerClock(monotonic);
    this.#wakefulness = new Wakefulness(monotonic);
    this.#announcer = new Announcer(store);
    this.#ownership = new Ownership({
      ...settings,
      onOwned: () => this.#reader.wake(),
      onGone: (shard) => this.#drop(shard),
    });
    this.#reader = new Reader({
      store,
      clock: this.#clock,
      monotonic,
      shards: this.#ownership.shards,
      lookAheadMs,
      pauseMs: () => (this.#isListening ? longestPauseMs : Math.min(longestPauseMs, lookAheadMs)),
      room: () => this.#room(),
      free: () => maxLoaded - this.#loaded,
      onTimers: (shard, timers) => this.#load(shard, timers),
      onOwner: (shard, found, sentAt) => this.#confirm(shard, found, sentAt),
    });
    this.#deliverer = new Deliverer({
      deliver,
      maxDeliveries,
      queue: this.#queue,
      clock: this.#clock,
      monotonic,
      wakefulness: this.#wakefulness,
      onOutcome: (loaded, outcome) => this.#settle(loaded, outcome),
      onRoom: () => this.#giveRoom(),
      onUnconfirmed: () => this.#reader.confirm(),
    });
    this.#settler = new Settler({
      store,
      enough: Math.max(1, Math.min(ENOUGH_TO_SETTLE, maxLoaded >> 2)),
      onResult: (settled, end) => this.#endSettlement(settled, end),
      onRefused: (refused, error) => this.#refuse(refused, error),
      onIdle: () => this.#reader.wake(),
    });
  }

  /**
   * Joins the other processes, claims what is to be this one's, and begins to fire.
   *
   * @throws InvalidArgumentError an option is wrong, or the data was made with another `shardCount`.
   * @throws TimerStoreError the store cannot be used now.
   */
  static async start(options: TimerEngineOptions): Promise<TimerEngine> {
    const engine = new TimerEngine(parseEngineOptions(options));
    try {
      await engine.#start();
    } catch (error) {
      await engine.stop({ timeoutMs: 0 });
      throw error;
    }
    return engine;
  }

  /** Creates a timer, or replaces the one with its namespace and id, on whatever process owns its shard. */
  async schedule(timer: NewTimer, options?: CallOptions): Promise<void> {
    await this.#call(async () => {
      const shardId = this.#shardOf(timer?.id);
      await this.#settings.store.createTimerNoLock(shardId, timer, options);
      await this.#expect(shardId, timer.executeAt, options);
    });
  }

  /**
   * Creates or replaces many timers: all or none of each shard.
   *
   * @throws ScheduleFailedError some shards took none of theirs; it says which timers those are.
   */
  async scheduleMany(timers: readonly NewTimer[], options?: CallOptions): Promise<void> {
    await this.#call(async () => {
      const parts = [...this.#partByShard(timers)].map(([shardId, places]) => ({
        shardId,
        places,
        timers: places.map((place) => timers[place] as NewTimer),
      }));
      const batches = parts.map((part) => ({ shardId: part.shardId, timers: part.timers }));
      const results = await this.#settings.store.createTimersOfShards(batches, options);
      const failures: { places: number[]; error: TimerStoreError }[] = [];
      for (const [index, part] of parts.entries()) {
        const error = results[index] ?? null;
        if (error === null) {
          await this.#expect(part.shardId, earliestOf(part.timers), options);
        } else {
          failures.push({ places: part.places, error });
        }
      }
      if (failures.length > 0) {
        throw new ScheduleFailedError(failures, timers.length);
      }
    });
  }

  /**
   * Changes a timer, on whatever process owns its shard. Another `executeAt` makes it a new one in its attempts too.
   *
   * @throws TimerNotFoundError
   */
  async update(
    namespace: string,
    timerId: string,
    changes: TimerChanges,
    options?: CallOptions,
  ): Promise<Timer> {
    return await this.#call(async () => {
      const shardId = this.#shardOf(timerId);
      const isRescheduled = changes?.executeAt !== undefined && changes.attempts === undefined;
      const all = isRescheduled ? { ...changes, attempts: 0 } : changes;
      const timer = await this.#settings.store.updateTimerNoLock(shardId, namespace, timerId, all, options);
      await this.#expect(shardId, timer.executeAt, options);
      return timer;
    });
  }

  /**
   * Deletes a timer, on whatever process owns its shard.
   *
   * @throws TimerNotFoundError
   */
  async cancel(namespace: string, timerId: string, options?: CallOptions): Promise<void> {
    await this.#call(() =>
      this.#settings.store.deleteTimerNoLock(this.#shardOf(timerId), namespace, timerId, options),
    );
  }

  /** A timer that has not been settled; null: there is none. */
  async get(namespace: string, timerId: string, options?: CallOptions): Promise<Timer | null> {
    return await this.#call(() =>
      this.#settings.store.getTimer(this.#shardOf(timerId), namespace, timerId, options),
    );
  }

  /**
   * Looks for what is due, and resolves once that, and what becomes due by it, is delivered and settled: all in tests, by a
   * `TestClock`, under which nothing fires at any other time. What fails is tried again when it is due again.
   *
   * @throws TimerStoreError the store cannot be read now. What it does not settle is tried again, by real time.
   */
  async runDueTimers(): Promise<void> {
    await this.#call(async () => {
      let begun: number;
      do {
        begun = this.#deliverer.begun;
        await this.#ownership.lookNow();
        await this.#reader.lookNow();
        await this.#deliverer.whenIdle();
        await this.#settler.whenIdle();
      } while (this.#deliverer.begun > begun);
    });
  }

  get status(): EngineStatus {
    const lateness = this.#clock.now() - this.#queue.firstAt;
    return {
      members: this.#ownership.members,
      shards: [...this.#ownership.shards.values()].map(({ shardId, shardVersion }) => ({
        shardId,
        shardVersion,
      })),
      loaded: this.#loaded,
      underWay: this.#deliverer.underWay,
      settled: this.#settled,
      oldestLatenessMs: Number.isFinite(lateness) ? Math.max(0, lateness) : 0,
    };
  }

  /**
   * Takes no more, finishes what is under way, and hands over. What is still under way after `timeoutMs` is aborted by its
   * signal, is not counted as an attempt, and is delivered again by the next owner. Half a second more
   * goes, at most, into saying that this process leaves. The store stays open. Idempotent.
   *
   * @param options `timeoutMs`: milliseconds, 0 or more. (Default: 10,000)
   */
  stop(options: { readonly timeoutMs?: number } = {}): Promise<void> {
    const { timeoutMs = DEFAULT_STOP_MS } = options;
    if (!(typeof timeoutMs === 'number' && timeoutMs >= 0 && timeoutMs <= MAX_INT4)) {
      const reason = `must be a number from 0 to ${MAX_INT4}, not ${show(timeoutMs)}`;
      return Promise.reject(new InvalidArgumentError('options.timeoutMs', reason));
    }
    this.#stopping ??= this.#stop(timeoutMs);
    return this.#stopping;
  }

  async #start(): Promise<void> {
    await keepShardCount(this.#settings.store, this.#settings.shardCount);
    this.#wakefulness.start();
    if (this.#settings.wakeUp) {
      await this.#listen();
    }
    await this.#ownership.start();
    this.#reader.wake();
  }

  async #listen(): Promise<void> {
    try {
      this.#listener = await this.#settings.store.listenForDueTimers({
        onDue: (shardIds) => this.#wake(shardIds),
        onLoss: (error) => {
          this.#isListening = false;
          publishEngineEvent({ type: 'wake-up-lost', error });
          this.#reader.wake();
        },
      });
      this.#isListening = true;
    } catch (error) {
      // Looks at the database find everything too, if later.
      publishEngineEvent({ type: 'wake-up-lost', error });
    }
  }

  #wake(shardIds: readonly number[] | null): void {
    this.#isListening = true;
    const { shards } = this.#ownership;
    for (const shardId of shardIds ?? shards.keys()) {
      shards.get(shardId)?.expectAnywhere();
    }
    if (shardIds === null) {
      this.#ownership.look();
      this.#settings.membership?.refresh().catch((error: unknown) => {
        publishEngineEvent({ type: 'membership-lost', error });
      });
    }
    this.#reader.wake();
  }

  #confirm(shard: OwnedShard, { shardVersion }: DueShard, sentAt: number): void {
    if (shardVersion === shard.shardVersion) {
      shard.confirmedAt = sentAt;
      this.#deliverer.wake();
    } else {
      this.#ownership.lose(shard);
    }
  }

  #load(shard: OwnedShard, timers: readonly Timer[]): void {
    this.#loaded += timers.length;
    for (const timer of timers) {
      this.#queue.push({ shard, timer, at: timer.executeAt.getTime() });
    }
    if (timers.length > 0) {
      this.#deliverer.wake();
    }
  }

  /**
   * None, while there is too little for a page and something else to do: timers would be read one by one. Nothing else
   * is to be done while all that is loaded is under way.
   */
  #room(): number {
    const room = this.#settings.maxLoaded - this.#loaded;
    const isStarving = this.#queue.size === 0 && this.#settler.isIdle;
    return isStarving || 2 * room >= this.#settings.maxLoaded ? room : 0;
  }

  #giveRoom(): void {
    const hadRoom = this.#room() > 0;
    this.#loaded--;
    if (!hadRoom && this.#room() > 0) {
      this.#reader.wake();
    }
  }

  /** What is queued of a shard that is another's takes no place until it is due. */
  #drop(shard: OwnedShard): void {
    for (let count = this.#queue.drop(shard); count > 0; count--) {
      this.#giveRoom();
    }
  }

  #settle(loaded: LoadedTimer, outcome: Outcome): void {
    if (outcome.kind === 'postponed' && outcome.retryAfterMs <= MAX_KEPT_MS) {
      // It was never tried: it only comes later, and stays in memory.
      loaded.shard.endAttempt();
      this.#queue.push({ ...loaded, at: this.#clock.now() + outcome.retryAfterMs });
      return;
    }
    const settlement = settlementOf(loaded, outcome, this.#settings.retryPolicy, this.#clock.now());
    this.#settler.add({ loaded, settlement });
  }

  #endSettlement({ loaded: { shard, timer }, settlement }: Settleable, end: SettlementEnd): void {
    shard.endDelivery(timer);
    switch (end) {
      case 'settled':
        this.#settled++;
        if (settlement.outcome === 'again') {
          shard.expectAt(settlement.executeAt.getTime());
        }
        break;
      case 'changed':
        // It fires by its new content, which may stand anywhere.
        shard.expectAnywhere();
        break;
      case 'lost':
        this.#ownership.lose(shard);
        break;
      default:
        end satisfies never;
    }
    this.#giveRoom();
    if (settlement.outcome === 'again' || end === 'changed') {
      this.#reader.wake();
    }
  }

  /**
   * What was to be stored of it cannot be: as if the delivery had failed. If that cannot be stored either, its revision
   * stays known until the shard is another's, and is not delivered again.
   */
  #refuse({ loaded, settlement }: Settleable, error: unknown): void {
    const { shard, timer } = loaded;
    const { namespace, id } = timer;
    publishEngineEvent({ type: 'settlement-refused', shardId: shard.shardId, namespace, id, error });
    if (settlement.outcome === 'again' && settlement.dueAt === null) {
      const now = this.#clock.now();
      this.#settle(loaded, { kind: 'failed', error, beganAt: now, endedAt: now });
    } else {
      shard.endAttempt();
      this.#giveRoom();
    }
  }

  #shardOf(timerId: unknown): number {
    return shardIdFor(timerId as string, this.#settings.shardCount);
  }

  #partByShard(timers: readonly NewTimer[]): Map<number, number[]> {
    if (!Array.isArray(timers)) {
      throw new InvalidArgumentError('timers', `must be an array, not ${show(timers)}`);
    }
    const parts = new Map<number, number[]>();
    for (const [place, timer] of timers.entries()) {
      const shardId = this.#shardOf(timer?.id);
      const part = parts.get(shardId);
      if (part === undefined) {
        parts.set(shardId, [place]);
      } else {
        part.push(place);
      }
    }
    return parts;
  }

  /** A timer is due then. Its owner is told, if that is before its next look. */
  async #expect(shardId: number, executeAt: Date, options: CallOptions | undefined): Promise<void> {
    const at = executeAt.getTime();
    const shard = this.#ownership.shards.get(shardId);
    // A process without a shard has read no time of the server; here, its own is near enough.
    const now = this.#clock.isKnown ? this.#clock.now() : Date.now();
    const isSoon = at <= now + this.#settings.longestPauseMs + this.#settings.lookAheadMs;
    if (options?.client !== undefined) {
      if (isSoon) {
        // A part of the caller's transaction, which fails with it.
        await this.#settings.store.announceDueTimers([shardId], { client: options.client });
      }
    } else if (shard !== undefined) {
      shard.expectAt(at);
      this.#reader.wake();
    } else if (isSoon) {
      this.#announcer.add(shardId);
    }
  }

  async #call<T>(call: () => Promise<T>): Promise<T> {
    this.#gate.enter();
    try {
      return await call();
    } finally {
      this.#gate.leave();
    }
  }

  async #stop(timeoutMs: number): Promise<void> {
    const end = performance.now() + timeoutMs;
    const leftMs = () => Math.max(0, end - performance.now());
    const closed = this.#gate.close();
    this.#deliverer.stop();
    this.#wakefulness.stop();
    this.#settler.hurry();
    await within(
      leftMs(),
      Promise.all([this.#reader.stop(), this.#ownership.stop(), this.#listener?.close()]),
    );
    await within(leftMs(), Promise.all([closed, this.#deliveriesEnd()]));
    this.#deliverer.abort(new Error('The engine stops'));
    await within(leftMs(), this.#settler.whenIdle());
    this.#settler.abort();
    await within(leftMs() + LAST_WORD_MS, this.#sayGoodbye());
  }

  /** Who does not hear it finds out by the beats that are missing. */
  async #sayGoodbye(): Promise<void> {
    try {
      await Promise.all([this.#settler.whenIdle(), this.#announcer.whenIdle()]);
      await this.#ownership.leave();
    } catch (error) {
      publishEngineEvent({ type: 'leave-failed', error });
    }
  }

  /** Once what is under way has ended, and is settled. */
  async #deliveriesEnd(): Promise<void> {
    await Promise.all(
      [...this.#ownership.shards.values()].map(
        (shard) => new Promise<void>((resolve) => shard.whenIdle(resolve)),
      ),
    );
  }
}

function earliestOf(timers: readonly NewTimer[]): Date {
  return new Date(Math.min(...timers.map(({ executeAt }) => executeAt.getTime())));
}

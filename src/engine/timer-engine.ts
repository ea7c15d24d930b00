import { CallGate } from '../contract/call-gate';
import { InvalidArgumentError } from '../contract/errors';
import { MAX_INT4, show } from '../contract/scalars';
import type {
  CallOptions,
  JsonCompatible,
  JsonValue,
  NewTimer,
  Timer,
  TimerChanges,
} from '../contract/types';
import { publishEngineEvent } from '../telemetry/engine-channel';
import { instrument } from '../telemetry/instrument';
import { Announcer } from './announcer';
import { detached } from './detached';
import {
  type CheckedEngineOptions,
  type EngineSettings,
  parseEngineOptions,
  type TimerEngineOptions,
} from './engine-options';
import { Firing } from './firing';
import { keepShardCount } from './keep-shard-count';
import { Listening } from './listening';
import { Ownership } from './ownership';
import { ServersClock } from './servers-clock';
import { type Expected, TimerCalls } from './timer-calls';
import { Wakefulness } from './wakefulness';
import { within } from './within';

const DEFAULT_STOP_MS = 10_000;

/** After its time, an engine that stops takes so many milliseconds more, at most, to say that it leaves. */
const LAST_WORD_MS = 500;

/** What an engine is doing. */
export interface EngineStatus {
  /** The addresses of the processes that live, this one among them. Empty: this one may be taken for dead. */
  readonly members: readonly string[];
  /** Those that this process owns. */
  readonly shards: readonly { readonly shardId: number; readonly shardVersion: number }[];
  /** Timers in memory, those under way among them. */
  readonly loaded: number;
  /** Deliveries that have begun and not ended. */
  readonly underWay: number;
  /** Deliveries whose outcome was stored since the start. */
  readonly settled: number;
  /** How late the oldest timer is that waits for its delivery, in milliseconds; 0: none is late. */
  readonly oldestLatenessMs: number;
}

/**
 * Fires timers: reads what is due, delivers it, and settles what became of it; of the shards that this process owns, on
 * any number of processes. docs/engine.md says what is promised.
 *
 * @typeParam P the payload as it is stored.
 * @example
 * const reminders = await TimerEngine.start({
 *   store,
 *   shardCount: 64,
 *   address: 'host-a:7000',
 *   membership: new PostgresMembership(store),
 *   deliver: async (timer, { signal }) => await sendReport(timer.payload),
 * });
 * await reminders.stop();
 */
export class TimerEngine<P = JsonValue> {
  readonly #settings: EngineSettings;
  readonly #clock: ServersClock;
  readonly #ownership: Ownership;
  readonly #firing: Firing;
  readonly #calls: TimerCalls;
  readonly #announcer: Announcer;
  readonly #wakefulness: Wakefulness;
  readonly #listening: Listening;
  readonly #gate = new CallGate();
  #stopping: Promise<void> | undefined;

  private constructor(settings: EngineSettings) {
    this.#settings = settings;
    const { store, shardCount, lookAheadMs, longestPauseMs, monotonic } = settings;
    this.#clock = new ServersClock(monotonic);
    this.#wakefulness = new Wakefulness(monotonic);
    this.#announcer = new Announcer(store);
    this.#ownership = new Ownership({
      ...settings,
      announcer: this.#announcer,
      onOwned: (shard) => this.#firing.own(shard),
      onGone: (shard) => this.#firing.disown(shard),
      onLeaving: (shards) => this.#firing.keepUnderWay(shards),
    });
    this.#firing = new Firing({
      settings,
      clock: this.#clock,
      wakefulness: this.#wakefulness,
      pauseMs: () => (this.#listening.isListening ? longestPauseMs : Math.min(longestPauseMs, lookAheadMs)),
      onLost: (shard) => this.#ownership.lose(shard),
      onDueElsewhere: (shardId, at) => void this.#expect([{ shardId, at }], undefined),
    });
    this.#listening = new Listening({
      store,
      monotonic,
      onDue: (shardIds) => this.#wake(shardIds),
      // Looks are closer together from now on.
      onLoss: () => this.#firing.wake(),
    });
    this.#calls = new TimerCalls({
      store,
      shardCount,
      onStored: (expected, options) => this.#expect(expected, options),
    });
  }

  /**
   * Joins the other processes, claims what is to be this one's, and begins to fire.
   *
   * @throws InvalidArgumentError an option is wrong, or the data was made with another `shardCount`.
   * @throws TimerStoreError the store cannot be used now.
   */
  static start(options: TimerEngineOptions & { readonly payloadSchema?: undefined }): Promise<TimerEngine>;
  static start<P extends JsonCompatible<P>, D>(options: CheckedEngineOptions<P, D>): Promise<TimerEngine<P>>;
  static start<P extends JsonCompatible<P> = JsonValue>(
    options: TimerEngineOptions<P>,
  ): Promise<TimerEngine<P>>;
  static async start<P>(options: TimerEngineOptions<P>): Promise<TimerEngine<P>> {
    const engine = new TimerEngine<P>(parseEngineOptions(options));
    try {
      await detached(() => engine.#start());
    } catch (error) {
      await engine.stop({ timeoutMs: 0 });
      throw error;
    }
    return engine;
  }

  /**
   * Creates a timer, or replaces the one with its namespace and id, on whatever process owns its shard. Once it resolves,
   * the timer is committed, but with `client` by the caller's COMMIT, and will be delivered.
   *
   * @throws InvalidArgumentError a value that cannot be kept exactly; nothing was sent.
   * @throws TimerStoreError as every call of a `TimerStore`; `StoreClosedError` after `stop`.
   * @example
   * await engine.schedule({ id: 'order-42', namespace: 'reminders', executeAt: inAnHour, payload: { order: 42 } });
   */
  async schedule(timer: NewTimer<P>, options?: CallOptions): Promise<void> {
    await this.#schedule(1, timer, () => this.#calls.schedule(timer as NewTimer, options));
  }

  /**
   * Creates or replaces many timers: all or none of each shard.
   *
   * @throws ScheduleFailedError some shards took none of theirs; it says which timers those are.
   * @throws InvalidArgumentError one of them cannot be kept exactly; nothing was sent.
   * @example
   * await engine.scheduleMany(timers);
   */
  async scheduleMany(timers: readonly NewTimer<P>[], options?: CallOptions): Promise<void> {
    // What is no array is refused by name.
    await this.#schedule(timers?.length, undefined, () =>
      this.#calls.scheduleMany(timers as readonly NewTimer[], options),
    );
  }

  /**
   * Changes a timer, on whatever process owns its shard, and returns it as it is then. Another `executeAt` makes it a new one
   * in its attempts too.
   *
   * @throws TimerNotFoundError it was settled or cancelled, is dead, or never was there.
   * @example
   * await engine.schedule({ id: 'tea', namespace: 'kitchen', executeAt: inAnHour });
   * await engine.update('kitchen', 'tea', { executeAt: new Date(Date.now() + 7_200_000) });
   */
  async update(
    namespace: string,
    timerId: string,
    changes: TimerChanges<P>,
    options?: CallOptions,
  ): Promise<Timer<P>> {
    const update = () => this.#calls.update(namespace, timerId, changes as TimerChanges, options);
    return (await this.#call(update)) as Timer<P>;
  }

  /**
   * Deletes a timer, on whatever process owns its shard. A delivery that is under way goes on, and settles nothing.
   *
   * @throws TimerNotFoundError it was settled or cancelled, is dead, or never was there.
   * @example
   * await engine.schedule({ id: 'egg', namespace: 'kitchen', executeAt: inAnHour });
   * await engine.cancel('kitchen', 'egg');
   */
  async cancel(namespace: string, timerId: string, options?: CallOptions): Promise<void> {
    await this.#call(() => this.#calls.cancel(namespace, timerId, options));
  }

  /** A timer that is pending or under way; null: it was settled or cancelled, is dead, or never was there. */
  async get(namespace: string, timerId: string, options?: CallOptions): Promise<Timer<P> | null> {
    const timer = await this.#call(() => this.#calls.get(namespace, timerId, options));
    return timer as Timer<P> | null;
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
        begun = this.#firing.begun;
        await this.#ownership.lookNow();
        await this.#firing.fireDue();
      } while (this.#firing.begun > begun);
    });
  }

  /** What the engine is doing at this moment. It costs no statement. */
  get status(): EngineStatus {
    return {
      members: this.#ownership.members,
      shards: [...this.#ownership.shards.values()].map(({ shardId, shardVersion }) => ({
        shardId,
        shardVersion,
      })),
      loaded: this.#firing.loaded,
      underWay: this.#firing.underWay,
      settled: this.#firing.settled,
      oldestLatenessMs: this.#firing.oldestLatenessMs,
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
      await this.#listening.start();
    }
    await this.#ownership.start();
  }

  #wake(shardIds: readonly number[] | null): void {
    const { shards } = this.#ownership;
    for (const shardId of shardIds ?? shards.keys()) {
      shards.get(shardId)?.expectAnywhere();
    }
    if (shardIds === null) {
      this.#ownership.look();
      void this.#refreshMembers();
    }
    this.#firing.wake();
  }

  async #refreshMembers(): Promise<void> {
    try {
      await this.#settings.membership?.refresh();
    } catch (error) {
      publishEngineEvent({ type: 'membership-lost', error });
    }
  }

  /** The owners of these shards are told, if that is before their next look. */
  async #expect(expected: readonly Expected[], options: CallOptions | undefined): Promise<void> {
    // A process without a shard has read no time of the server; here, its own is near enough.
    const now = this.#clock.isKnown ? this.#clock.now() : Date.now();
    const soon = now + this.#settings.longestPauseMs + this.#settings.lookAheadMs;
    if (options?.client !== undefined) {
      // A part of the caller's transaction, which fails with it.
      const shardIds = expected.filter(({ at }) => at <= soon).map(({ shardId }) => shardId);
      await this.#settings.store.announceDueTimers(shardIds, { client: options.client });
      return;
    }
    for (const { shardId, at } of expected) {
      const shard = this.#ownership.shards.get(shardId);
      if (shard !== undefined) {
        shard.expectAt(at);
      } else if (at <= soon) {
        this.#announcer.add(shardId);
      }
    }
    this.#firing.wake();
  }

  #schedule(count: number, timer: unknown, call: () => Promise<void>): Promise<void> {
    const instrumented = instrument();
    return this.#call(
      instrumented === undefined ? call : () => instrumented.schedule({ count, timer }, call),
    );
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
    const stopped = this.#firing.stop();
    this.#wakefulness.stop();
    await within(leftMs(), Promise.all([stopped, this.#ownership.stop(), this.#listening.stop()]));
    await within(leftMs(), Promise.all([closed, this.#deliveriesEnd()]));
    this.#firing.abort(new Error('The engine stops'));
    await within(leftMs(), this.#firing.whenSettled());
    this.#firing.abortSettlements();
    await within(leftMs() + LAST_WORD_MS, this.#sayGoodbye());
  }

  /** Who does not hear it finds out by the beats that are missing. */
  async #sayGoodbye(): Promise<void> {
    try {
      for (const shardId of await this.#firing.giveUpKept()) {
        this.#announcer.add(shardId);
      }
      await Promise.all([this.#firing.whenSettled(), this.#announcer.whenIdle()]);
      await this.#ownership.leave();
    } catch (error) {
      publishEngineEvent({ type: 'leave-failed', error });
    }
  }

  /** Once what is under way has ended, and is settled. Others have the shards before. */
  async #deliveriesEnd(): Promise<void> {
    await this.#ownership.handOverAll();
    await Promise.all([...this.#ownership.shards.values()].map((shard) => shard.whenIdle()));
    await this.#firing.whenNothingKept();
  }
}

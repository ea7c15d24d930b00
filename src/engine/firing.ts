import type { DueShard } from '../contract/due-timers';
import type { Settlement } from '../contract/settlement';
import { publishEngineEvent } from '../telemetry/engine-channel';
import { Deliverer, type Outcome } from './deliverer';
import { DueQueue } from './due-queue';
import type { EngineSettings } from './engine-options';
import { KeptDeliveries } from './kept-deliveries';
import type { LoadedTimer, OwnedShard } from './owned-shard';
import { Reader } from './reader';
import { type ServerLane, ServerLanes } from './server-lanes';
import type { ServersClock } from './servers-clock';
import { settlementOf } from './settlement-of';
import { type Settleable, type SettlementEnd, Settler } from './settler';
import { UnstoredOutcomes } from './unstored-outcomes';
import type { Wakefulness } from './wakefulness';

/** Up to this many milliseconds, a timer that is postponed stays in memory. */
const MAX_KEPT_MS = 1000;

/** So many are settled without waiting for more: a statement of as many takes about as long as its commit. */
const ENOUGH_TO_SETTLE = 200;

export interface FiringOptions {
  readonly settings: EngineSettings;
  readonly clock: ServersClock;
  readonly wakefulness: Wakefulness;
  /** Between two looks from the very beginning. */
  readonly pauseMs: () => number;
  /** Another process has claimed it. */
  readonly onLost: (shard: OwnedShard) => void;
  /** A timer of a shard that was handed over is due then, in milliseconds since 1970: its owner has to know. */
  readonly onDueElsewhere: (shardId: number, at: number) => void;
}

/**
 * The way of timers through the engine: what {@link Reader} finds comes into {@link DueQueue}, {@link Deliverer} takes it
 * from there when it is due, and {@link Settler} stores what became of it; {@link KeptDeliveries} sees to what is under way
 * while its shard is handed over, and {@link UnstoredOutcomes} to what has ended when it was lost. None of the six knows another.
 */
export class Firing {
  readonly #options: FiringOptions;
  readonly #queue = new DueQueue();
  readonly #lanes: ServerLanes;
  readonly #deliverer: Deliverer;
  readonly #unstored: UnstoredOutcomes;
  #isStopped = false;
  #settled = 0;

  constructor(options: FiringOptions) {
    const { settings, clock, wakefulness } = options;
    const { store, deliver, maxDeliveries, maxLoaded, monotonic } = settings;
    this.#options = options;
    this.#lanes = new ServerLanes(store, () => this.#newLane());
    this.#deliverer = new Deliverer({
      deliver,
      maxDeliveries,
      queue: this.#queue,
      clock,
      monotonic,
      wakefulness,
      onOutcome: (loaded, outcome) => this.#settle(loaded, outcome),
      onDropped: (loaded) => this.#drop(loaded),
      onRoom: ({ shard }) => this.#giveRoom(this.#lanes.of(shard)),
      onUnconfirmed: (shard) => this.#lanes.of(shard).reader.confirm(),
      onAllBegun: () => this.wake(),
    });
    this.#unstored = new UnstoredOutcomes(maxLoaded);
  }

  /** Timers in memory, those under way among them. */
  get loaded(): number {
    return [...this.#lanes].reduce((sum, lane) => sum + lane.loaded, 0);
  }

  /** Deliveries that have begun and not ended. */
  get underWay(): number {
    return this.#deliverer.underWay;
  }

  /** Deliveries since the start. */
  get begun(): number {
    return this.#deliverer.begun;
  }

  /** Deliveries whose outcome was stored. */
  get settled(): number {
    return this.#settled;
  }

  /** How late the oldest timer is that waits for its delivery, in milliseconds; 0: none is late. */
  get oldestLatenessMs(): number {
    const lateness = this.#options.clock.now() - this.#queue.firstAt;
    return Number.isFinite(lateness) ? Math.max(0, lateness) : 0;
  }

  /** From now on, it is read. */
  own(shard: OwnedShard): void {
    if (!this.#isStopped) {
      this.#lanes.own(shard);
    }
  }

  /** It is another's. What is queued of it takes no place until it is due. */
  disown(shard: OwnedShard): void {
    const lane = this.#lanes.disown(shard);
    if (lane === undefined) {
      return;
    }
    for (let count = this.#queue.drop(shard); count > 0; count--) {
      this.#giveRoom(lane);
    }
    this.#closeUnused(lane);
    if (shard.isLost) {
      // It may be back, and be read, before whoever settles these finds it lost.
      for (const { settlement } of shard.timers) {
        if (settlement !== undefined) {
          this.#unstored.add(settlement);
        }
      }
    }
  }

  /** Something may be due sooner than was known. */
  wake(): void {
    for (const { reader } of this.#lanes) {
      reader.wake();
    }
  }

  /**
   * Reads what is due, and resolves once that is delivered and settled.
   *
   * @throws whatever the store does.
   */
  async fireDue(): Promise<void> {
    const looks = [...this.#lanes].map(({ reader }) => reader.lookNow());
    await Promise.allSettled(looks);
    await Promise.all(looks);
    await this.#deliverer.whenIdle();
    await this.#lanes.each(({ settler }) => settler.flush());
  }

  /** Begins nothing more. Resolves once nothing is read any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#deliverer.stop();
    for (const { settler } of this.#lanes) {
      settler.hurry();
    }
    await this.#lanes.each(({ reader }) => reader.stop());
  }

  /** Ends the deliveries that are under way: their timers are left as they are. */
  abort(reason: Error): void {
    this.#deliverer.abort(reason);
  }

  /** Resolves once all that has ended is settled, but for what others hold. */
  async whenSettled(): Promise<void> {
    await this.#lanes.each(({ settler }) => settler.whenIdle());
  }

  /** Settles nothing more. */
  abortSettlements(): void {
    for (const { settler } of this.#lanes) {
      settler.abort();
    }
  }

  /** Resolves once nobody who claims these shards would deliver what is under way of them. */
  async keepUnderWay(shards: readonly OwnedShard[]): Promise<void> {
    const underWay = this.#deliverer.underWayOf(shards);
    await this.#lanes.each((lane) =>
      lane.kept.keep(underWay.filter(({ shard }) => this.#lanes.of(shard) === lane)),
    );
  }

  /** Resolves once all that is kept has ended, and is settled. */
  async whenNothingKept(): Promise<void> {
    await this.#lanes.each(({ kept }) => kept.whenIdle());
  }

  /** Keeps nothing any more. What has not ended is due again. @returns the shards of which there is something. */
  async giveUpKept(): Promise<readonly number[]> {
    return (await this.#lanes.each(({ kept }) => kept.giveUp())).flat();
  }

  #newLane(): ServerLane {
    const { settings, pauseMs, onLost } = this.#options;
    const { store, lookAheadMs, monotonic } = settings;
    const shards = new Map<number, OwnedShard>();
    const clock = this.#options.clock.add();
    const reader = new Reader({
      store,
      clock,
      monotonic,
      shards,
      lookAheadMs,
      pauseMs,
      room: () => this.#room(lane),
      free: () => this.#share - lane.loaded,
      onTimers: (timers) => this.#load(timers, lane),
      onOwner: (shard, found, sentAt) => this.#confirm(shard, found, sentAt),
    });
    const settler = new Settler({
      store,
      enough: () => Math.max(1, Math.min(ENOUGH_TO_SETTLE, this.#share >> 2)),
      onResult: (settled, end) => this.#endSettlement(settled, end),
      onRefused: (refused, error) => this.#refuse(refused, error),
      onIdle: () => reader.wake(),
    });
    const kept = new KeptDeliveries({ store, clock, monotonic, lookAheadMs, onLost });
    const lane: ServerLane = { shards, clock, reader, settler, kept, loaded: 0 };
    return lane;
  }

  /** How many timers of one server may be in memory: what a silent one keeps there takes no place of another's. */
  get #share(): number {
    return Math.max(1, Math.floor(this.#options.settings.maxLoaded / this.#lanes.count));
  }

  #confirm(shard: OwnedShard, { shardVersion }: DueShard, sentAt: number): void {
    if (shardVersion === shard.shardVersion) {
      shard.confirmedAt = sentAt;
      this.#deliverer.wake();
    } else if (!shard.isHandedOver) {
      this.#options.onLost(shard);
    }
  }

  #load(timers: readonly LoadedTimer[], lane: ServerLane): void {
    lane.loaded += timers.length;
    for (const loaded of timers) {
      const settlement = this.#unstored.take(loaded);
      if (settlement === undefined) {
        this.#queue.push(loaded);
      } else {
        loaded.shard.beginDelivery();
        this.#store(loaded, settlement);
      }
    }
    if (timers.length > 0) {
      this.#deliverer.wake();
    }
  }

  /**
   * None, while there is too little for a page and something else to do: timers would be read one by one. Nothing else
   * is to be done while all that is loaded is under way, or not yet due.
   */
  #room({ loaded, settler }: ServerLane): number {
    const room = this.#share - loaded;
    const isStarving = this.#queue.firstAt > this.#options.clock.now() && settler.isIdle;
    return isStarving || this.#isForPage(room) ? room : 0;
  }

  #isForPage(room: number): boolean {
    return 2 * room >= this.#share;
  }

  #giveRoom(lane: ServerLane): void {
    const room = this.#share - lane.loaded;
    lane.loaded--;
    if (room === 0 || (!this.#isForPage(room) && this.#isForPage(room + 1))) {
      lane.reader.wake();
    }
    this.#closeUnused(lane);
  }

  /** What keeps the time of a server must not outlive its last look there. The others have more room from now on. */
  #closeUnused(lane: ServerLane): void {
    if (lane.loaded === 0 && lane.shards.size === 0 && this.#lanes.count > 1) {
      this.#lanes.delete(lane);
      this.#options.clock.delete(lane.clock);
      void lane.reader.stop();
      this.wake();
    }
  }

  /** Its shard is lost, or the engine stops: then, what is kept is given up. */
  #drop(loaded: LoadedTimer): void {
    if (loaded.shard.isLost || !this.#lanes.of(loaded.shard).kept.has(loaded)) {
      this.#forget(loaded);
    }
  }

  /** Nothing is to be settled of it any more. */
  #forget(loaded: LoadedTimer): void {
    const { shard } = loaded;
    const lane = this.#lanes.of(shard);
    if (!lane.kept.delete(loaded)) {
      shard.endDelivery(loaded);
    }
    this.#giveRoom(lane);
  }

  #settle(loaded: LoadedTimer, outcome: Outcome): void {
    if (this.#lanes.of(loaded.shard).kept.has(loaded)) {
      void this.#settleKept(loaded, outcome);
    } else if (outcome.kind === 'postponed' && outcome.retryAfterMs <= MAX_KEPT_MS) {
      // It was never tried: it only comes later, and stays in memory.
      loaded.shard.endAttempt();
      loaded.at = this.#options.clock.now() + outcome.retryAfterMs;
      this.#queue.push(loaded);
    } else {
      this.#storeOutcome(loaded, outcome);
    }
  }

  async #settleKept(loaded: LoadedTimer, outcome: Outcome): Promise<void> {
    if (await this.#lanes.of(loaded.shard).kept.release(loaded)) {
      this.#storeOutcome(loaded, outcome);
    } else {
      this.#forget(loaded);
    }
  }

  #storeOutcome(loaded: LoadedTimer, outcome: Outcome): void {
    const { settings, clock } = this.#options;
    this.#store(loaded, settlementOf(loaded, outcome, settings.retryPolicy, clock.now()));
  }

  #store(loaded: LoadedTimer, settlement: Settlement): void {
    this.#lanes.of(loaded.shard).settler.add(Object.assign(loaded, { settlement }));
  }

  #endSettlement(settled: Settleable, end: SettlementEnd): void {
    const { shard, settlement } = settled;
    if (end !== 'settled' && this.#lanes.of(shard).kept.has(settled)) {
      void this.#settleAgain(settled, end);
      return;
    }
    this.#forget(settled);
    switch (end) {
      case 'settled':
        this.#settled++;
        if (settlement.outcome === 'again') {
          this.#expect(shard, settlement.executeAt.getTime());
        }
        break;
      case 'changed':
        // It fires by its new content, which may stand anywhere.
        shard.expectAnywhere();
        this.#lanes.of(shard).reader.wake();
        break;
      case 'lost':
        this.#unstored.add(settlement);
        this.#options.onLost(shard);
        break;
      default:
        end satisfies never;
    }
  }

  #expect(shard: OwnedShard, at: number): void {
    if (shard.isHandedOver) {
      this.#options.onDueElsewhere(shard.shardId, at);
    } else {
      shard.expectAt(at);
      this.#lanes.of(shard).reader.wake();
    }
  }

  /** Its shard was handed over: it has another version, or the row was written by this process itself. */
  async #settleAgain(loaded: Settleable, end: 'changed' | 'lost'): Promise<void> {
    const { shard, settlement } = loaded;
    if (await this.#lanes.of(shard).kept.findAgain(loaded, settlement.shardVersion, end)) {
      this.#store(loaded, { ...settlement, shardVersion: shard.shardVersion, timer: loaded.timer });
    } else {
      this.#forget(loaded);
    }
  }

  /**
   * What was to be stored of it cannot be: as if the delivery had failed. If that cannot be stored either, its revision
   * stays known until the shard is another's, and is not delivered again.
   */
  #refuse(loaded: Settleable, error: unknown): void {
    const { shard, timer, settlement } = loaded;
    const { namespace, id } = timer;
    publishEngineEvent({ type: 'settlement-refused', shardId: shard.shardId, namespace, id, error });
    if (settlement.outcome === 'again' && settlement.dueAt === null) {
      const now = this.#options.clock.now();
      this.#settle(loaded, { kind: 'failed', error, beganAt: now, endedAt: now });
    } else if (this.#lanes.of(shard).kept.has(loaded)) {
      this.#forget(loaded);
    } else {
      shard.endAttempt();
      this.#giveRoom(this.#lanes.of(shard));
    }
  }
}

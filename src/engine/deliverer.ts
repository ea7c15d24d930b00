import { show } from '../contract/scalars';
import type { Timer } from '../contract/types';
import { instrument } from '../telemetry/instrument';
import { type Deliver, type DeliveryContext, DeliveryPostponedError, type DeliveryResult } from './delivery';
import type { DueQueue } from './due-queue';
import type { EngineClock } from './engine-clock';
import type { LoadedTimer, OwnedShard } from './owned-shard';
import type { ServersClock } from './servers-clock';
import type { Wakefulness } from './wakefulness';

/** What became of a delivery. */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'next'; readonly result: DeliveryResult }
  | { readonly kind: 'failed'; readonly error: unknown; readonly beganAt: number; readonly endedAt: number }
  | { readonly kind: 'postponed'; readonly retryAfterMs: number };

export interface DelivererOptions {
  readonly deliver: Deliver;
  readonly maxDeliveries: number;
  readonly queue: DueQueue;
  readonly clock: ServersClock;
  readonly monotonic: EngineClock;
  readonly wakefulness: Wakefulness;
  /** Told of each delivery that has ended, unless it failed when its shard was lost or the engine stopped it. */
  readonly onOutcome: (loaded: LoadedTimer, outcome: Outcome) => void;
  /** Told of each that has ended without an outcome that counts. */
  readonly onDropped: (loaded: LoadedTimer) => void;
  /** Told of each timer that left memory without a delivery. */
  readonly onRoom: (loaded: LoadedTimer) => void;
  /** Who owns the shard is to be looked up before anything of it is delivered. */
  readonly onUnconfirmed: (shard: OwnedShard) => void;
  /** Nothing that is due waits any more. */
  readonly onAllBegun: () => void;
}

/** Takes timers from the queue when they are due, and delivers them, so many at a time. */
export class Deliverer {
  readonly #options: DelivererOptions;
  readonly #underWay = new Set<Delivery>();
  readonly #onIdle: (() => void)[] = [];
  #begun = 0;
  #stopWaiting = () => {};
  #turn: NodeJS.Immediate | undefined;
  #isStopped = false;

  constructor(options: DelivererOptions) {
    this.#options = options;
  }

  get underWay(): number {
    return this.#underWay.size;
  }

  /** What is under way of these shards. */
  underWayOf(shards: readonly OwnedShard[]): LoadedTimer[] {
    const wanted = new Set(shards);
    return [...this.#underWay].map(({ loaded }) => loaded).filter(({ shard }) => wanted.has(shard));
  }

  /** Deliveries since the start. */
  get begun(): number {
    return this.#begun;
  }

  /** Something came into the queue, or into the confirmed. */
  wake(): void {
    if (this.#isStopped || this.#turn !== undefined) {
      return;
    }
    // Not at once: a thousand deliveries that end at once would keep everything else waiting.
    this.#turn = setImmediate(() => {
      this.#turn = undefined;
      this.#run();
    });
  }

  /** Resolves once nothing is under way, and nothing that is due waits. */
  whenIdle(): Promise<void> {
    return new Promise((resolve) => {
      this.#onIdle.push(resolve);
      if (this.#isStopped) {
        this.#tellIdle();
      } else {
        this.wake();
      }
    });
  }

  /** Begins no more deliveries. */
  stop(): void {
    this.#isStopped = true;
    this.#stopWaiting();
    clearImmediate(this.#turn);
    this.#tellIdle();
  }

  /** Ends those under way: their timers are left as they are. */
  abort(reason: Error): void {
    for (const delivery of this.#underWay) {
      delivery.abort(reason);
    }
  }

  #run(): void {
    const { queue, clock, onAllBegun } = this.#options;
    this.#deliverDue();
    if (queue.firstAt > clock.now()) {
      onAllBegun();
      if (this.#underWay.size === 0) {
        this.#tellIdle();
      }
    }
  }

  #tellIdle(): void {
    for (const resolve of this.#onIdle.splice(0)) {
      resolve();
    }
  }

  #deliverDue(): void {
    this.#stopWaiting();
    const unconfirmed = this.#beginDue();
    for (const loaded of unconfirmed) {
      this.#options.queue.push(loaded);
    }
    for (const shard of new Set(unconfirmed.map(({ shard }) => shard))) {
      // Whoever reads tries again by itself what it could not read.
      if (!shard.isUnread) {
        this.#options.onUnconfirmed(shard);
      }
    }
  }

  /** @returns what is due, but waits until it is known who owns its shard: it keeps no other waiting. */
  #beginDue(): readonly LoadedTimer[] {
    const { queue, clock, wakefulness, maxDeliveries, onRoom } = this.#options;
    const unconfirmed: LoadedTimer[] = [];
    while (!this.#isStopped && this.#underWay.size < maxDeliveries) {
      const waitMs = queue.firstAt - clock.now();
      if (waitMs > 0) {
        this.#sleep(waitMs);
        break;
      }
      const loaded = queue.shift();
      if (loaded === undefined) {
        break;
      }
      const { shard } = loaded;
      if (shard.isLost || shard.isLeaving || !loaded.isNewest) {
        shard.forget(loaded);
        onRoom(loaded);
      } else if (shard.confirmedAt < wakefulness.since) {
        unconfirmed.push(loaded);
      } else {
        void this.#deliver(loaded);
      }
    }
    return unconfirmed;
  }

  #sleep(ms: number): void {
    if (ms !== Number.POSITIVE_INFINITY) {
      this.#stopWaiting = this.#options.monotonic.after(ms, () => this.#run());
    }
  }

  async #deliver(loaded: LoadedTimer): Promise<void> {
    const { clock } = this.#options;
    const beganAt = clock.now();
    const delivery = new Delivery(loaded, beganAt);
    this.#underWay.add(delivery);
    this.#begun++;
    loaded.shard.beginDelivery();
    let outcome: Outcome;
    try {
      outcome = outcomeOf(await this.#callDeliver(loaded, delivery, beganAt));
    } catch (error) {
      outcome = failureOf(error, beganAt, clock.now());
    }
    this.#end(delivery, loaded, outcome);
  }

  #callDeliver({ shard, timer: loaded }: LoadedTimer, delivery: Delivery, beganAt: number) {
    const { deliver } = this.#options;
    const timer = copyOf(loaded);
    const instrumented = instrument();
    if (instrumented === undefined) {
      return deliver(timer, delivery);
    }
    const { namespace, id, executeAt, traceparent } = timer;
    const { attempt } = delivery;
    return instrumented.deliver(
      {
        shardId: shard.shardId,
        namespace,
        id,
        attempt,
        latenessMs: beganAt - executeAt.getTime(),
        traceparent,
      },
      () => deliver(timer, delivery),
    );
  }

  #end(delivery: Delivery, loaded: LoadedTimer, outcome: Outcome): void {
    const { onOutcome, onDropped } = this.#options;
    this.#underWay.delete(delivery);
    delivery.end();
    const isDone = outcome.kind === 'done' || outcome.kind === 'next';
    if (!isDone && (loaded.shard.isLost || delivery.isAborted)) {
      onDropped(loaded);
    } else {
      onOutcome(loaded, outcome);
    }
    this.wake();
  }
}

/** One delivery, as its `deliver` sees it. The signal is made when it is asked for: many do without. */
class Delivery implements DeliveryContext {
  readonly loaded: LoadedTimer;
  readonly #beganAt: number;
  #controller: AbortController | undefined;
  #stopListening: (() => void) | undefined;
  #hasEnded = false;
  #reason: Error | undefined;

  constructor(loaded: LoadedTimer, beganAt: number) {
    this.loaded = loaded;
    this.#beganAt = beganAt;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      const { shard } = this.loaded;
      const lose = () => this.abort(new Error('Another process owns the shard of this timer by now'));
      if (shard.isLost) {
        // Before anybody asked for the signal.
        lose();
      } else if (!this.#hasEnded) {
        this.#stopListening = shard.whenLost(lose);
      }
      if (this.#reason !== undefined) {
        this.#controller.abort(this.#reason);
      }
    }
    return this.#controller.signal;
  }

  get attempt(): number {
    return this.loaded.timer.attempts + 1;
  }

  get dueAt(): Date {
    return new Date(this.loaded.timer.dueAt);
  }

  get beganAt(): Date {
    return new Date(this.#beganAt);
  }

  get isAborted(): boolean {
    return this.#reason !== undefined;
  }

  abort(reason: Error): void {
    this.#reason ??= reason;
    this.#controller?.abort(this.#reason);
  }

  end(): void {
    this.#hasEnded = true;
    this.#stopListening?.();
  }
}

const DONE: Outcome = { kind: 'done' };

/** @throws TypeError it is neither nothing nor a time to fire again. */
function outcomeOf(result: unknown): Outcome {
  if (result === undefined) {
    return DONE;
  }
  // Read here, once: a getter may throw.
  const { nextExecuteAt, payload } = (result ?? {}) as Partial<DeliveryResult>;
  if (!(nextExecuteAt instanceof Date) || Number.isNaN(nextExecuteAt.getTime())) {
    throw new TypeError(
      `deliver must return nothing or { nextExecuteAt: Date, payload? }, not ${show(result)}`,
    );
  }
  const next = { nextExecuteAt: new Date(nextExecuteAt) };
  return { kind: 'next', result: payload === undefined ? next : { ...next, payload } };
}

function failureOf(error: unknown, beganAt: number, endedAt: number): Outcome {
  try {
    return error instanceof DeliveryPostponedError
      ? { kind: 'postponed', retryAfterMs: error.retryAfterMs }
      : { kind: 'failed', error, beganAt, endedAt };
  } catch {
    // Of a proxy that was revoked, nobody can even ask what it is.
    return { kind: 'failed', error: new Error('what was thrown cannot be looked at'), beganAt, endedAt };
  }
}

/** Whoever delivers it may compute with its dates, in place: by what it was when it was read, it is settled. */
function copyOf(timer: Timer): Timer {
  const { executeAt, dueAt, firstAttemptAt } = timer;
  return {
    ...timer,
    executeAt: new Date(executeAt),
    dueAt: new Date(dueAt),
    firstAttemptAt: firstAttemptAt && new Date(firstAttemptAt),
  };
}

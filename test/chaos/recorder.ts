import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Call, Fault, History, SeenDelivery } from './check-history';
import type { DeliveryKey, DeliveryMessage, Witness } from './engine-process';

/** How long a delivery takes at most. */
const MAX_DELIVERY_MS = 50;
/** Longer than others wait for beats, and less than they wait for a shard to be handed over. */
const MAX_LONG_DELIVERY_MS = 4000;

const PATIENCE_MS = 5000;

/** The timers whose deliveries last for seconds. */
export const LONG = 'long-';

/** Shards that are lost so soon one after the other are lost together. */
const ONE_LOSS_MS = 1000;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A delivery, from when it began. */
interface Begun {
  readonly process: string;
  readonly content: number;
  beganMs: number;
  hasFailed: boolean;
  /** Undefined: it has not arrived. */
  seen: Mutable<SeenDelivery> | undefined;
}

class Loss implements Fault {
  readonly kind = 'shards lost';
  readonly contents = new Set<number>();
  untilMs: number;

  constructor(
    readonly process: string,
    readonly fromMs: number,
  ) {
    this.untilMs = fromMs;
  }

  get underWay(): number {
    return this.contents.size;
  }
}

/** Notes what happens to the timers: is told of calls, and is the receiver of what is not delivered by HTTP. */
export class Recorder implements Witness {
  readonly calls: Call[] = [];
  readonly deliveries: Mutable<SeenDelivery>[] = [];
  readonly settledMs = new Map<number, number>();
  readonly faults: Fault[] = [];
  readonly #begun = new Map<string, Begun>();
  /** By content: its delivery was answered, so that it is to be settled soon. */
  readonly #answered = new Set<number>();
  /** The last of each process. */
  readonly #losses = new Map<string, Loss>();
  readonly #expected = new Map<number, () => void>();
  readonly #random: () => number;
  #contents = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  get history(): History {
    return this;
  }

  newContent(): number {
    return ++this.#contents;
  }

  /** Notes the call, and whether it was acknowledged. What fails may have been applied. */
  async call(
    call: Omit<Call, 'beganMs' | 'acknowledgedMs'>,
    calling: () => Promise<unknown>,
  ): Promise<boolean> {
    const beganMs = Date.now();
    const acknowledgedMs = await calling().then(
      () => Date.now(),
      () => Number.POSITIVE_INFINITY,
    );
    this.calls.push({ ...call, beganMs, acknowledgedMs });
    return acknowledgedMs < Number.POSITIVE_INFINITY;
  }

  /** The calls are many, and those asked for the last. */
  isAcknowledged(content: number): boolean {
    const call = this.calls.findLast((each) => each.content === content);
    return call !== undefined && call.acknowledgedMs < Number.POSITIVE_INFINITY;
  }

  async receive({ id, content }: DeliveryMessage, key: DeliveryKey, beganMs: number): Promise<boolean> {
    const isRefused = this.#random() < 0.02;
    this.begun(content, key, beganMs);
    this.arrived({ id, content, isRefused }, key);
    await this.takeTime(id.startsWith(LONG) ? MAX_LONG_DELIVERY_MS : MAX_DELIVERY_MS);
    if (isRefused) this.failed(key);
    else this.noteAnswer(content);
    return isRefused;
  }

  begun(content: number, key: DeliveryKey, beganMs: number): void {
    this.#begunOf(key, content).beganMs = beganMs;
  }

  /** Whatever its receiver has answered: it came too late. */
  failed(key: DeliveryKey): void {
    const begun = this.#begun.get(textOf(key));
    if (begun === undefined) return;
    begun.hasFailed = true;
    if (begun.seen !== undefined) begun.seen.isRefused = true;
  }

  /** A process loses shards, be it by no fault: on a machine that is overloaded. */
  heard(event: string, process: string): void {
    if (event !== 'membership-lost' && event !== 'shard-lost') return;
    const now = Date.now();
    let loss = this.#losses.get(process);
    if (loss === undefined || now - loss.untilMs > ONE_LOSS_MS) {
      loss = new Loss(process, now);
      this.#losses.set(process, loss);
      this.faults.push(loss);
    }
    loss.untilMs = now;
    for (const content of this.#contentsBegunBy(process)) {
      if (!this.settledMs.has(content)) loss.contents.add(content);
    }
  }

  arrived(
    { id, content, isRefused }: Pick<SeenDelivery, 'id' | 'content' | 'isRefused'>,
    key: DeliveryKey,
  ): void {
    const begun = this.#begunOf(key, content);
    const { beganMs, hasFailed } = begun;
    begun.seen = {
      id,
      content,
      process: key.address,
      beganMs,
      atMs: Date.now(),
      // It may have been given up before it arrived.
      isRefused: isRefused || hasFailed,
    };
    this.deliveries.push(begun.seen);
    this.#expected.get(content)?.();
  }

  #begunOf(key: DeliveryKey, content: number): Begun {
    const text = textOf(key);
    let begun = this.#begun.get(text);
    if (begun === undefined) {
      begun = { process: key.address, content, beganMs: Date.now(), hasFailed: false, seen: undefined };
      this.#begun.set(text, begun);
    }
    return begun;
  }

  noteAnswer(content: number): void {
    this.#answered.add(content);
  }

  async takeTime(maxMs = MAX_DELIVERY_MS): Promise<void> {
    await sleep(this.#random() * maxMs);
  }

  /** Resolves once a timer with this content was delivered, or is not for seconds: its call may have failed. */
  async untilDelivered(content: number): Promise<void> {
    if (this.deliveries.some((each) => each.content === content)) return;
    const delivered = new Promise<void>((resolve) => this.#expected.set(content, resolve));
    await Promise.race([delivered, sleep(PATIENCE_MS)]);
  }

  /** Notes what was answered and is gone. */
  async noteSettled(direct: Client): Promise<void> {
    const answered = [...this.#answered];
    const living = await livingContents(direct);
    const now = Date.now();
    for (const content of answered) {
      if (living.has(content)) continue;
      this.settledMs.set(content, this.settledMs.get(content) ?? now);
      this.#answered.delete(content);
    }
  }

  /**
   * Notes a fault of a process, which had under way what it had begun by then of the contents that were not settled. That is
   * counted when it is asked for, at the end: on a machine that is overloaded, what a process tells comes a second later.
   */
  inflicted(
    fault: Omit<Fault, 'underWay'>,
    unsettled: readonly ReadonlySet<number>[],
    begunByMs: number,
  ): void {
    const count = () => {
      const begun = new Set(this.#contentsBegunBy(fault.process, begunByMs));
      return [...begun].filter((content) => unsettled.some((contents) => contents.has(content))).length;
    };
    this.faults.push({
      ...fault,
      get underWay() {
        return count();
      },
    });
  }

  #contentsBegunBy(process: string, byMs = Number.POSITIVE_INFINITY): number[] {
    return [...this.#begun.values()]
      .filter((each) => each.process === process && !each.hasFailed && each.beganMs <= byMs)
      .map(({ content }) => content);
  }
}

function textOf({ address, pid, number }: DeliveryKey): string {
  return `${address} ${pid} ${number}`;
}

/** Of the timers that are not settled. */
export async function livingContents(direct: Client): Promise<Set<number>> {
  const { rows } = await direct.query(
    `SELECT (timer_payload ->> 'content')::int AS content FROM timers WHERE row_type = 2`,
  );
  return new Set(rows.map(({ content }) => content));
}

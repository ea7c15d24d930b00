import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Call, Fault, History, SeenDelivery } from './check-history';
import type { DeliveryMessage, Witness } from './engine-process';

/** How long a delivery takes at most. */
const MAX_DELIVERY_MS = 50;

/** It is told of once more by what else fails of it. */
const SAME_LOSS_MS = 1000;

/** Notes what happens to the timers: is told of calls, and is the receiver of what is not delivered by HTTP. */
export class Recorder implements Witness {
  readonly calls: Call[] = [];
  readonly deliveries: SeenDelivery[] = [];
  readonly settledMs = new Map<number, number>();
  readonly faults: Fault[] = [];
  /** By process and content: when a delivery began that has not failed. */
  readonly #begun = new Map<string, Map<number, number>>();
  /** By content: its delivery was answered, so that it is to be settled soon. */
  readonly #answered = new Set<number>();
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

  async receive({ id, content }: DeliveryMessage, process: string): Promise<boolean> {
    const isRefused = this.#random() < 0.02;
    this.begun(content, process);
    this.arrived({ id, content, process, isRefused });
    await this.takeTime();
    if (isRefused) this.failed(content, process);
    else this.noteAnswer(content);
    return isRefused;
  }

  begun(content: number, process: string): void {
    this.#begunBy(process).set(content, Date.now());
  }

  failed(content: number, process: string): void {
    this.#begunBy(process).delete(content);
  }

  /** A process has lost its shards, be it by no fault: on a machine that is overloaded. */
  heard(event: string, process: string): void {
    const now = Date.now();
    const isKnown = this.faults.some(
      (each) => each.kind === event && each.process === process && now - each.untilMs < SAME_LOSS_MS,
    );
    if (event !== 'membership-lost' || isKnown) return;
    const underWay = [...this.#begunBy(process).keys()].filter(
      (content) => !this.settledMs.has(content),
    ).length;
    this.faults.push({ kind: event, process, fromMs: now, untilMs: now, underWay });
  }

  arrived(delivery: Omit<SeenDelivery, 'atMs' | 'beganMs'>): void {
    const { content, process } = delivery;
    const atMs = Date.now();
    this.deliveries.push({ ...delivery, atMs, beganMs: this.#begunBy(process).get(content) ?? atMs });
    this.#expected.get(content)?.();
  }

  noteAnswer(content: number): void {
    this.#answered.add(content);
  }

  async takeTime(): Promise<void> {
    await sleep(this.#random() * MAX_DELIVERY_MS);
  }

  /** Resolves once a timer with this content was delivered. */
  async untilDelivered(content: number): Promise<void> {
    if (this.deliveries.some((each) => each.content === content)) return;
    await new Promise<void>((resolve) => this.#expected.set(content, resolve));
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

  /** The contents that the process has begun to deliver, and that are not settled. */
  async underWay(direct: Client, process: string): Promise<Set<number>> {
    const living = await livingContents(direct);
    return new Set([...this.#begunBy(process).keys()].filter((content) => living.has(content)));
  }

  #begunBy(process: string): Map<number, number> {
    const begun = this.#begun.get(process) ?? new Map<number, number>();
    this.#begun.set(process, begun);
    return begun;
  }
}

async function livingContents(direct: Client): Promise<Set<number>> {
  const { rows } = await direct.query(
    `SELECT (timer_payload ->> 'content')::int AS content FROM timers WHERE row_type = 2`,
  );
  return new Set(rows.map(({ content }) => content));
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Call, Fault, History, SeenDelivery } from './check-history';
import type { DeliveryMessage, EngineProcess } from './engine-process';

/** Is the receiver of all processes, and notes what happens to the timers. */
export class Recorder {
  readonly calls: Call[] = [];
  readonly deliveries: SeenDelivery[] = [];
  readonly settledMs = new Map<number, number>();
  readonly faults: Fault[] = [];
  /** By content: when its delivery was answered. It is to be settled soon. */
  readonly #answered = new Map<number, number>();
  readonly #random: () => number;
  /** How long a delivery takes at most. */
  readonly maxDeliveryMs: number;
  #contents = 0;

  constructor(random: () => number, maxDeliveryMs = 50) {
    this.#random = random;
    this.maxDeliveryMs = maxDeliveryMs;
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

  readonly receive = async ({ id, content }: DeliveryMessage, process: string): Promise<boolean> => {
    const isRefused = this.#random() < 0.02;
    this.deliveries.push({ id, content, process, atMs: Date.now(), isRefused });
    await sleep(this.#random() * this.maxDeliveryMs);
    if (!isRefused) this.#answered.set(content, Date.now());
    return isRefused;
  };

  /** Notes what was answered and is gone. */
  async noteSettled(direct: Client): Promise<void> {
    const answered = [...this.#answered.keys()].filter((content) => !this.settledMs.has(content));
    const living = await livingContents(direct);
    const now = Date.now();
    for (const content of answered) {
      if (!living.has(content)) this.settledMs.set(content, now);
    }
  }

  /** How many deliveries the process has begun that are not settled. */
  async underWay(direct: Client, { address }: EngineProcess): Promise<number> {
    const living = await livingContents(direct);
    const contents = this.deliveries
      .filter(({ process }) => process === address)
      .map(({ content }) => content);
    return new Set(contents.filter((content) => living.has(content))).size;
  }
}

async function livingContents(direct: Client): Promise<Set<number>> {
  const { rows } = await direct.query(
    `SELECT (timer_payload ->> 'content')::int AS content FROM timers WHERE row_type = 2`,
  );
  return new Set(rows.map(({ content }) => content));
}

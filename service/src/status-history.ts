import type { TimerEngine } from 'pg-timer-store/engine';
import type { Metrics } from './metrics';
import type { Status } from './watched';

/** Between two looks at the engine. */
const STATUS_MS = 1000;

/** Ten minutes, of which every other second is kept. */
const KEPT = 300;

/** Looks at the engine each second, once for all who watch, and keeps what a chart begins with. */
export class StatusHistory {
  readonly #engineOf: () => TimerEngine;
  readonly #metrics: Metrics;
  readonly #kept: Status[] = [];
  readonly #listeners = new Set<(status: Status) => void>();
  #interval: NodeJS.Timeout | undefined;
  #looks = 0;

  constructor(engineOf: () => TimerEngine, metrics: Metrics) {
    this.#engineOf = engineOf;
    this.#metrics = metrics;
  }

  /** From the oldest to the newest. */
  get kept(): readonly Status[] {
    return this.#kept;
  }

  start(): void {
    this.#interval = setInterval(() => void this.#look(), STATUS_MS).unref();
  }

  stop(): void {
    clearInterval(this.#interval);
  }

  /** @returns what ends it. */
  subscribe(listener: (status: Status) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async read(): Promise<Status> {
    const { shards, loaded, underWay, settled, oldestLatenessMs } = this.#engineOf().status;
    const { deliveries, lateness } = this.#metrics;
    return {
      at: new Date().toISOString(),
      shards: shards.length,
      loaded,
      underWay,
      settled,
      oldestLatenessMs: Math.round(oldestLatenessMs),
      deliveries: countsBy('outcome', '_count', await deliveries.get()),
      lateness: countsBy('le', '_bucket', await lateness.get()),
    };
  }

  async #look(): Promise<void> {
    const status = await this.read();
    if (this.#looks++ % 2 === 0) {
      this.#kept.push(status);
      this.#kept.splice(0, this.#kept.length - KEPT);
    }
    for (const listener of this.#listeners) {
      listener(status);
    }
  }
}

type Counted = Awaited<ReturnType<Metrics['deliveries' | 'lateness']['get']>>;

function countsBy(label: string, suffix: string, { values }: Counted): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { metricName, labels, value } of values) {
    const name = (labels as Record<string, unknown>)[label];
    if (metricName?.endsWith(suffix) && name !== undefined) {
      counts[String(name)] = value;
    }
  }
  return counts;
}

import Table from 'cli-table3';

/** What a run has done so far. */
export class RunSummary {
  fired = 0;
  retried = 0;
  failed = 0;
  readonly #startedAt = performance.now();
  readonly #latenessMs: number[] = [];
  readonly #stored: number;

  constructor(stored: number) {
    this.#stored = stored;
  }

  addFired(latenessMs: number): void {
    this.fired++;
    this.#latenessMs.push(latenessMs);
  }

  toString(): string {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const sorted = this.#latenessMs.toSorted((a, b) => a - b);
    /** Nearest rank. */
    const lateness = (share: number) => {
      const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
      return value === undefined ? '-' : `${Math.round(value)} ms`;
    };
    const table = new Table({ style: { head: [], border: [] }, colAligns: ['left', 'right'] });
    table.push(
      ['stored', this.#stored],
      ['fired', this.fired],
      ['retried', this.retried],
      ['given up', this.failed],
      ['lateness p50', lateness(0.5)],
      ['lateness p99', lateness(0.99)],
      ['lateness max', lateness(1)],
      ['fired per second', (this.fired / seconds).toFixed(1)],
    );
    return table.toString();
  }
}

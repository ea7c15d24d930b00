import type { PostgresTimerStore } from 'pg-timer-store';
import type { TimerEngine } from 'pg-timer-store/engine';

/** What was found is good for so long, whoever asks how often. */
const FRESH_MS = 500;
const PROBE_TIMEOUT_MS = 2000;

export interface Readiness {
  readonly isReady: boolean;
  readonly checks: Readonly<Record<'database' | 'member' | 'accepting', boolean>>;
}

/**
 * Whether this process may be sent calls. The schema was judged, and its shards were claimed, before there is one of
 * these; a shard of somebody else that has no owner for a moment is no reason to take this one out, too.
 */
export class Health {
  readonly #store: PostgresTimerStore;
  readonly #engineOf: () => TimerEngine;
  readonly #address: string;
  #isStopping = false;
  #probed: { readonly at: number; readonly result: Promise<boolean> } | undefined;

  constructor(store: PostgresTimerStore, engineOf: () => TimerEngine, address: string) {
    this.#store = store;
    this.#engineOf = engineOf;
    this.#address = address;
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  stop(): void {
    this.#isStopping = true;
  }

  async readiness(): Promise<Readiness> {
    const checks = {
      database: await this.#databaseAnswers(),
      member: this.#engineOf().status.members.includes(this.#address),
      accepting: !this.#isStopping,
    };
    return { isReady: Object.values(checks).every(Boolean), checks };
  }

  #databaseAnswers(): Promise<boolean> {
    const now = performance.now();
    if (this.#probed === undefined || now - this.#probed.at > FRESH_MS) {
      const result = this.#store.getShard(0, { timeoutMs: PROBE_TIMEOUT_MS }).then(
        () => true,
        () => false,
      );
      this.#probed = { at: now, result };
    }
    return this.#probed.result;
  }
}

import type { TimerStore } from '../contract/timer-store';
import { publishEngineEvent } from '../telemetry/engine-channel';
import { detached } from './detached';

/** A server that is silent keeps what another one may hear waiting no longer than so many milliseconds. */
const TIMEOUT_MS = 2000;

/** Tells other processes of timers that are due soon: what is to be told in one moment goes in one statement. */
export class Announcer {
  readonly #store: TimerStore;
  #waiting = new Set<number>();
  #isAnyWaiting = false;
  #announcing = Promise.resolve();
  #isAnnouncing = false;

  constructor(store: TimerStore) {
    this.#store = store;
  }

  add(shardId: number): void {
    this.#waiting.add(shardId);
    this.#announce();
  }

  /** Any shard may have timers that are due, and another owner. */
  addAny(): void {
    this.#isAnyWaiting = true;
    this.#announce();
  }

  whenIdle(): Promise<void> {
    return this.#announcing;
  }

  #announce(): void {
    if (!this.#isAnnouncing) {
      this.#isAnnouncing = true;
      this.#announcing = detached(() => this.#announceAll());
    }
  }

  async #announceAll(): Promise<void> {
    while (this.#waiting.size > 0 || this.#isAnyWaiting) {
      const shardIds = this.#isAnyWaiting ? null : [...this.#waiting];
      this.#waiting = new Set();
      this.#isAnyWaiting = false;
      try {
        await this.#store.announceDueTimers(shardIds, { timeoutMs: TIMEOUT_MS });
      } catch (error) {
        publishEngineEvent({ type: 'announcement-failed', error });
      }
    }
    this.#isAnnouncing = false;
  }
}

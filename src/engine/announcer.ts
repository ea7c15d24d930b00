import type { TimerStore } from '../contract/timer-store';
import { publishEngineEvent } from '../telemetry/engine-channel';

/** Tells other processes of timers that are due soon: what is to be told in one moment goes in one statement. */
export class Announcer {
  readonly #store: TimerStore;
  #waiting = new Set<number>();
  #announcing = Promise.resolve();
  #isAnnouncing = false;

  constructor(store: TimerStore) {
    this.#store = store;
  }

  add(shardId: number): void {
    this.#waiting.add(shardId);
    if (!this.#isAnnouncing) {
      this.#isAnnouncing = true;
      this.#announcing = this.#announceAll();
    }
  }

  whenIdle(): Promise<void> {
    return this.#announcing;
  }

  async #announceAll(): Promise<void> {
    while (this.#waiting.size > 0) {
      const shardIds = [...this.#waiting];
      this.#waiting = new Set();
      try {
        await this.#store.announceDueTimers(shardIds);
      } catch (error) {
        publishEngineEvent({ type: 'announcement-failed', error });
      }
    }
    this.#isAnnouncing = false;
  }
}

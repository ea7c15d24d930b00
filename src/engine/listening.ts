import type { DueListener } from '../contract/due-timers';
import { InvalidArgumentError } from '../contract/errors';
import type { TimerStore } from '../contract/timer-store';
import { publishEngineEvent } from '../telemetry/engine-channel';
import type { EngineClock } from './engine-clock';

/** When it could not listen at all, it tries again after so many milliseconds. */
const LISTEN_AGAIN_MS = 5000;

export interface ListeningOptions {
  readonly store: TimerStore;
  readonly monotonic: EngineClock;
  /** Timers of these shards are due soon; null: any shard may have some. */
  readonly onDue: (shardIds: readonly number[] | null) => void;
  /** What is announced from now on may not be heard. */
  readonly onLoss: () => void;
}

/** Hears of timers that are due soon, as long as the store lets it. Looks at the database find everything too, if later. */
export class Listening {
  readonly #options: ListeningOptions;
  #listener: DueListener | undefined;
  #isListening = false;
  #isStopped = false;
  #stopWaiting = () => {};

  constructor(options: ListeningOptions) {
    this.#options = options;
  }

  get isListening(): boolean {
    return this.#isListening;
  }

  async start(): Promise<void> {
    const { store, monotonic } = this.#options;
    try {
      const listener = await store.listenForDueTimers({
        onDue: (shardIds) => this.#hear(shardIds),
        onLoss: (error) => this.#hearNothing(error),
      });
      if (this.#isStopped) {
        await listener.close();
        return;
      }
      this.#listener = listener;
      this.#isListening = true;
    } catch (error) {
      // One of several servers may have been heard by then.
      this.#hearNothing(error);
      // A store that cannot listen says so by the argument that is to blame.
      if (!(error instanceof InvalidArgumentError) && !this.#isStopped) {
        this.#stopWaiting = monotonic.after(LISTEN_AGAIN_MS, () => this.#startAgain());
      }
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopWaiting();
    try {
      await this.#listener?.close();
    } catch (error) {
      publishEngineEvent({ type: 'wake-up-lost', error });
    }
  }

  async #startAgain(): Promise<void> {
    await this.start();
    if (this.#isListening) {
      // Nobody heard what was announced meanwhile.
      this.#hear(null);
    }
  }

  #hear(shardIds: readonly number[] | null): void {
    this.#isListening = true;
    this.#options.onDue(shardIds);
  }

  #hearNothing(error: unknown): void {
    this.#isListening = false;
    publishEngineEvent({ type: 'wake-up-lost', error });
    this.#options.onLoss();
  }
}

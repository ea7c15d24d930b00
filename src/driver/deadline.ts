import {
  CallAbortedError,
  CallTimeoutError,
  type StoreUnavailableError,
  type TimerStoreError,
} from '../contract/errors';
import type { PoolCallOptions } from '../contract/types';
import { Listeners } from './listeners';
import { whenAborted } from './when-aborted';

export const DEFAULT_TIMEOUT_MS = 10_000;

/** When a statement has to stop. */
export interface Deadline {
  /** The store method, for error messages and retry events. */
  readonly operation: string;
  readonly isOver: boolean;
  /**
   * Runs `onOver` when the statement has to stop, at once if it already has.
   *
   * @returns what takes `onOver` away again.
   */
  whenOver(onOver: () => void): () => void;
  /** Why the server could not do it so far: says more than that the time is up. */
  obstacle: StoreUnavailableError | undefined;
  /** Told when a statement of the call takes so long that others of its shard go beside it. */
  onOutlasted?: () => void;
  /** The error to end with. */
  error(nothingApplied: boolean, cause?: unknown): Error;
}

/** The deadline of a call that nothing stops. */
export function endlessDeadline(operation: string): Deadline {
  return {
    operation,
    isOver: false,
    whenOver: () => () => {},
    obstacle: undefined,
    error: () => new TypeError('The end of what is endless'),
  };
}

/** The moment at which one call has to stop: its time-out, or its signal, whichever comes first. */
export class CallDeadline implements Deadline {
  readonly operation: string;
  readonly #timeoutMs: number;
  readonly #signal: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #listeners = new Listeners();
  readonly #ignoreSignal: (() => void) | undefined;
  #cause: 'timeout' | 'signal' | undefined;
  obstacle: StoreUnavailableError | undefined;

  constructor(operation: string, options: PoolCallOptions | undefined) {
    this.operation = operation;
    this.#timeoutMs = options?.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#signal = options?.signal;
    this.#timer = setTimeout(() => this.#stop('timeout'), this.#timeoutMs);
    this.#ignoreSignal = this.#signal && whenAborted(this.#signal, () => this.#stop('signal'));
  }

  get isOver(): boolean {
    return this.#cause !== undefined;
  }

  /** The error to end the call with. `nothingApplied` becomes its `retryable`. */
  error(nothingApplied: boolean, cause?: unknown): TimerStoreError {
    if (this.#cause === 'signal') {
      return new CallAbortedError(this.operation, nothingApplied, { cause: this.#signal?.reason });
    }
    if (this.obstacle !== undefined && nothingApplied) {
      return this.obstacle;
    }
    return new CallTimeoutError(this.operation, this.#timeoutMs, nothingApplied, { cause });
  }

  whenOver(onOver: () => void): () => void {
    if (this.isOver) {
      onOver();
      return () => {};
    }
    return this.#listeners.add(onOver);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#ignoreSignal?.();
    this.#listeners.clear();
  }

  #stop(cause: 'timeout' | 'signal'): void {
    this.#cause ??= cause;
    this.#listeners.tell();
  }
}

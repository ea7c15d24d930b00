import { CallAbortedError, CallTimeoutError, type TimerStoreError } from './errors';
import type { CallOptions } from './timer-store-types';

const DEFAULT_TIMEOUT_MS = 10_000;

/** The moment at which one call has to stop: its time-out, or its signal, whichever comes first. */
export class CallDeadline {
  readonly #operation: string;
  readonly #timeoutMs: number;
  readonly #signal: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout;
  #cause: 'timeout' | 'signal' | undefined;
  #onStop: (() => void) | undefined;

  constructor(operation: string, options: CallOptions | undefined) {
    this.#operation = operation;
    this.#timeoutMs = options?.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#signal = options?.signal;
    this.#timer = setTimeout(() => this.#stop('timeout'), this.#timeoutMs);
    this.#signal?.addEventListener('abort', this.#abort);
    if (this.#signal?.aborted === true) {
      this.#abort();
    }
  }

  get isOver(): boolean {
    return this.#cause !== undefined;
  }

  /** The error to end the call with. `nothingApplied` becomes its `retryable`. */
  error(nothingApplied: boolean, cause?: unknown): TimerStoreError {
    if (this.#cause === 'signal') {
      return new CallAbortedError(this.#operation, nothingApplied, { cause: this.#signal?.reason });
    }
    return new CallTimeoutError(this.#operation, this.#timeoutMs, nothingApplied, { cause });
  }

  /** Runs `onStop` when the call has to stop, at once if it already has. There is one at a time. */
  whenOver(onStop: () => void): void {
    this.#onStop = onStop;
    if (this.isOver) {
      onStop();
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#onStop = undefined;
  }

  readonly #abort = () => this.#stop('signal');

  #stop(cause: 'timeout' | 'signal'): void {
    this.#cause ??= cause;
    const onStop = this.#onStop;
    this.#onStop = undefined;
    onStop?.();
  }
}

import type { Dispatcher } from 'undici';

/** What is read of an answer's body: a payload of the default limit, and what stands around it. */
export const MAX_ANSWER_BYTES = 128 * 1024;

export interface HttpRequest {
  /** With the query. */
  readonly path: string;
  /** Names and values by turns. */
  readonly headers: string[];
  readonly body: string;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names and values by turns. */
  readonly headers: readonly Buffer[];
  /** Undefined: it was longer than {@link MAX_ANSWER_BYTES}, or did not end. */
  readonly body: Buffer | undefined;
}

/** Thrown when no answer came in time. */
export class NoAnswerInTimeError extends Error {}

/**
 * Posts once. Ends at the time-out or the signal whatever the connection does: of undici's own, a signal is not heard
 * while a connection is being opened, and its time-outs begin anew with each part of the answer.
 *
 * @throws NoAnswerInTimeError, the signal's reason, or an error of undici or the system.
 */
export function postOnce(
  dispatcher: Dispatcher,
  request: HttpRequest,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const exchange = new HttpExchange(timeoutMs, signal, resolve, reject);
    dispatcher.dispatch({ method: 'POST', ...request }, exchange);
  });
}

class HttpExchange implements Dispatcher.DispatchHandlers {
  readonly #signal: AbortSignal;
  readonly #resolve: (answer: HttpAnswer) => void;
  readonly #reject: (error: unknown) => void;
  readonly #timeout: NodeJS.Timeout;
  #settled = false;
  #abortRequest: ((error?: Error) => void) | undefined;
  #status = 0;
  #headers: readonly Buffer[] = [];
  readonly #chunks: Buffer[] = [];
  #size = 0;

  constructor(
    timeoutMs: number,
    signal: AbortSignal,
    resolve: (answer: HttpAnswer) => void,
    reject: (error: unknown) => void,
  ) {
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timeout = setTimeout(() => this.#giveUp(new NoAnswerInTimeError()), timeoutMs);
    signal.addEventListener('abort', this.#onAbort);
  }

  /** Comes when there is a connection, which may be after the exchange is over. */
  onConnect(abort: (error?: Error) => void): void {
    this.#abortRequest = abort;
    if (this.#settled) {
      abort();
    }
  }

  onHeaders(status: number, headers: Buffer[]): boolean {
    // Below 200, another one follows.
    if (status >= 200) {
      this.#status = status;
      this.#headers = headers;
    }
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.#size += chunk.length;
    if (this.#size > MAX_ANSWER_BYTES) {
      this.#answer(undefined);
      this.#abortRequest?.();
    } else {
      this.#chunks.push(chunk);
    }
    return true;
  }

  onComplete(): void {
    const [only] = this.#chunks;
    this.#answer(this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks));
  }

  onError(error: Error): void {
    this.#fail(error);
  }

  readonly #onAbort = (): void => {
    if (this.#settle()) {
      this.#reject(this.#signal.reason);
      this.#abortRequest?.();
    }
  };

  #giveUp(error: Error): void {
    this.#fail(error);
    this.#abortRequest?.();
  }

  /** Where a failure is announced by its status, its body is not needed. */
  #fail(error: Error): void {
    if (this.#status >= 300) {
      this.#answer(undefined);
    } else if (this.#settle()) {
      this.#reject(error);
    }
  }

  #answer(body: Buffer | undefined): void {
    if (this.#settle()) {
      this.#resolve({ status: this.#status, headers: this.#headers, body });
    }
  }

  #settle(): boolean {
    if (this.#settled) {
      return false;
    }
    this.#settled = true;
    clearTimeout(this.#timeout);
    this.#signal.removeEventListener('abort', this.#onAbort);
    return true;
  }
}

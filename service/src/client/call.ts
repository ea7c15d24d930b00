import { setTimeout as sleep } from 'node:timers/promises';
import { errorOfAnswer } from './error-of-answer';
import {
  CallAbortedError,
  CallTimeoutError,
  ConnectionFailedError,
  InvalidArgumentError,
  TimerClientError,
} from './errors';

/** Between two attempts, before it is drawn at random: it doubles from the first to the last of these. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

/** Timers count no further: beyond, they are over at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Statuses of proxies that may pass. */
const PASSING_STATUSES = new Set([408, 429, 502, 503, 504]);

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** For the whole call, with its repetitions and the pauses between. (Default: that of the client) */
  readonly timeoutMs?: number | undefined;
}

export interface Call {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** To do it twice is as good as to do it once. */
  readonly isRepeatable: boolean;
  readonly maxAttempts: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

export interface Answers<T> {
  /** Takes an answer that says that the call was done. */
  readonly read: (response: Response) => Promise<T>;
  /** The timer is not there, after an attempt that may have been done. (Default: a `TimerNotFoundError`) */
  readonly gone?: () => T;
}

/** Makes a call until it is done, as often and as long as it may. */
export async function makeCall<T>(call: Call, answers: Answers<T>): Promise<T> {
  const body = call.body === undefined ? null : toJson(call.body);
  const limits = new Limits(call);
  try {
    return await repeat(call, body, limits, answers);
  } finally {
    limits.release();
  }
}

async function repeat<T>(
  call: Call,
  body: string | null,
  limits: Limits,
  { read, gone }: Answers<T>,
): Promise<T> {
  let last: TimerClientError | undefined;
  let mayBeDone = false;
  for (let attempt = 1; ; attempt++) {
    try {
      return await read(await send(call, body, limits.signal));
    } catch (error) {
      const failure = limits.translate(error, last);
      if (failure.code === 'TIMER_NOT_FOUND' && mayBeDone && gone !== undefined) {
        return gone();
      }
      const pauseMs = pauseBefore(attempt, failure);
      if (attempt >= call.maxAttempts || !isWorthAnother(failure, call) || pauseMs >= limits.leftMs) {
        throw failure;
      }
      last = failure;
      mayBeDone ||= !nothingWasDone(failure);
      // If the signal fires meanwhile, the next attempt says so.
      await sleep(pauseMs, undefined, { signal: limits.signal }).catch(() => {});
    }
  }
}

async function send(
  { url, method, headers }: Call,
  body: string | null,
  signal: AbortSignal,
): Promise<Response> {
  const response = await fetch(url, {
    method,
    headers: body === null ? headers : { ...headers, 'content-type': 'application/json' },
    body,
    signal,
    // A POST that is redirected may become a GET.
    redirect: 'manual',
  });
  if (!response.ok) {
    throw errorOfAnswer(response.status, response.headers, await response.text());
  }
  return response;
}

function isWorthAnother(error: TimerClientError, { isRepeatable }: Call): boolean {
  return (
    nothingWasDone(error) ||
    (isRepeatable &&
      (error.code === 'OUTCOME_UNKNOWN' ||
        error.code === 'CONNECTION_FAILED' ||
        (error.code === 'UNEXPECTED_ANSWER' && PASSING_STATUSES.has(error.status ?? 0))))
  );
}

function nothingWasDone({ code }: TimerClientError): boolean {
  return code === 'RATE_LIMITED' || code === 'UNAVAILABLE';
}

/** Never before `Retry-After`; drawn at random, so that those who failed at once do not come again at once. */
function pauseBefore(attempt: number, { retryAfterMs = 0 }: TimerClientError): number {
  return retryAfterMs + Math.random() * Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
}

/** What JSON would write as something else is refused. */
function toJson(body: unknown): string {
  return JSON.stringify(body, (key, value) => {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new InvalidArgumentError(`${key} is ${value}, which JSON cannot say`, {
        details: { argument: key },
      });
    }
    return value;
  });
}

/** The time and the signal of one call, as one signal. */
class Limits {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #timeoutMs: number;
  readonly #endsAt: number;
  readonly #caller: AbortSignal | undefined;
  readonly #abort = () => this.#controller.abort();

  constructor({ signal, timeoutMs }: Pick<Call, 'signal' | 'timeoutMs'>) {
    this.#timeoutMs = timeoutMs;
    this.#endsAt = performance.now() + timeoutMs;
    this.#timer = setTimeout(this.#abort, Math.min(timeoutMs, LONGEST_TIMER_MS));
    this.#caller = signal;
    if (signal?.aborted) {
      this.#abort();
    }
    signal?.addEventListener('abort', this.#abort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get leftMs(): number {
    return this.#endsAt - performance.now();
  }

  /** @param last the error of the attempt before. */
  translate(error: unknown, last: TimerClientError | undefined): TimerClientError {
    if (error instanceof TimerClientError) {
      return error;
    }
    if (this.#caller?.aborted) {
      return new CallAbortedError('The call was aborted', { cause: this.#caller.reason });
    }
    if (this.signal.aborted) {
      return new CallTimeoutError(`The call was not done within ${this.#timeoutMs} ms`, { cause: last });
    }
    return new ConnectionFailedError('There was no connection to the service, or it broke', { cause: error });
  }

  release(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#abort);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { type CallOptions, type NewTimer, type TimerChanges, TimerNotFoundError } from 'pg-timer-store';
import type { ChaosCalls } from '../../../test/chaos/chaos-load';
import { TimerClient, TimerClientError } from '../../src/client';

/** How calls have ended that were not done. */
export interface Failures {
  /** By code. */
  readonly counts: Map<string, number>;
  /** With a status from 500 on. */
  serverErrors: number;
}

/**
 * The calls of the load, by HTTP. What the service says that it has not done is made again when it says; what may have
 * been done is not, so that its outcome stays unknown: an immediate timer that is created twice fires twice.
 */
export class HttpCalls implements ChaosCalls {
  readonly failures: Failures = { counts: new Map(), serverErrors: 0 };
  readonly #client: TimerClient;
  readonly #callbackUrl: string;

  constructor(url: string, callbackUrl: string) {
    this.#client = new TimerClient({ url, maxAttempts: 1 });
    this.#callbackUrl = callbackUrl;
  }

  async schedule(timer: NewTimer, options: CallOptions): Promise<void> {
    await this.#call(options, (signal) => this.#client.createTimer(this.#body(timer), signal));
  }

  async scheduleMany(timers: readonly NewTimer[], options: CallOptions): Promise<void> {
    const body = { timers: timers.map((timer) => this.#body(timer)) };
    const { failed } = await this.#call(options, (signal) => this.#client.batchCreateTimers(body, signal));
    if (failed > 0) throw new Error(`${failed} timers were not created`);
  }

  async update(
    namespace: string,
    timerId: string,
    changes: TimerChanges,
    options: CallOptions,
  ): Promise<void> {
    const { executeAt, payload } = changes;
    const body = {
      namespace,
      timerId,
      ...(executeAt !== undefined && { executeAt: executeAt.toISOString() }),
      ...(payload !== undefined && { payload: payload as object }),
    };
    await this.#call(options, (signal) => this.#client.updateTimer(body, signal), timerId);
  }

  async cancel(namespace: string, timerId: string, options: CallOptions): Promise<void> {
    await this.#call(options, (signal) => this.#client.deleteTimer({ namespace, timerId }, signal), timerId);
  }

  #body({ id, namespace, executeAt, payload, callbackUrl }: NewTimer) {
    return {
      id,
      namespace,
      executeAt: executeAt.toISOString(),
      callbackUrl: callbackUrl ?? this.#callbackUrl,
      payload: payload as object,
      retryPolicy: { maxAttempts: 0, initialInterval: '50ms', maxInterval: '1s' },
    };
  }

  async #call<T>(
    { timeoutMs = 60_000 }: CallOptions,
    make: (options: { timeoutMs: number }) => Promise<T>,
    timerId = '',
  ): Promise<T> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      try {
        return await make({ timeoutMs: Math.max(1, end - Date.now()) });
      } catch (error) {
        if (!(error instanceof TimerClientError)) throw error;
        if (error.code === 'TIMER_NOT_FOUND') throw new TimerNotFoundError(0, '', timerId);
        const { counts } = this.failures;
        counts.set(error.code, (counts.get(error.code) ?? 0) + 1);
        if ((error.status ?? 0) >= 500) this.failures.serverErrors++;
        if (error.code !== 'UNAVAILABLE') throw error;
        await sleep(error.retryAfterMs ?? 100);
      }
    }
  }
}

import type { ReadableStream } from 'node:stream/web';
import { type Answers, type Call, type CallOptions, makeCall } from './call';
import { errorOfAnswer } from './error-of-answer';
import type { components } from './openapi-types';

type Schemas = components['schemas'];
export type Timer = Schemas['Timer'];
export type RetryPolicy = Schemas['RetryPolicy'];
export type TimerKey = Schemas['TimerKey'];
export type CreateTimerRequest = Schemas['CreateTimerRequest'];
export type UpdateTimerRequest = Schemas['UpdateTimerRequest'];
export type ReviveTimerRequest = Schemas['ReviveTimerRequest'];
export type BatchCreateRequest = Schemas['BatchCreateRequest'];
export type BatchCreateAnswer = Schemas['BatchCreateAnswer'];
export type ListTimersRequest = Schemas['ListTimersRequest'];
export type ListTimersAnswer = Schemas['ListTimersAnswer'];
export type ExportTimersRequest = Schemas['ExportTimersRequest'];
export type ListNamespacesRequest = Schemas['ListNamespacesRequest'];
export type ListNamespacesAnswer = Schemas['ListNamespacesAnswer'];
export type ShardsAnswer = Schemas['ShardsAnswer'];

export interface TimerClientOptions {
  /** Of the service, such as `https://timers.example.com`: what stands before `/api/v1`. */
  readonly url: string;
  /** (Default: none, for a service without `apiKeys`) */
  readonly key?: string | undefined;
  /** Of a call, with its repetitions and the pauses between. (Default: 30,000) */
  readonly timeoutMs?: number | undefined;
  /** How often a call is made at most, if it is worth it. (Default: 4) */
  readonly maxAttempts?: number | undefined;
}

/**
 * Calls the timer service. What it answers with 429 or 503 is repeated, since nothing was done; what may have been done
 * only if it is safe to do twice, which is true of all calls but `reviveTimer`. It holds nothing that has to be closed.
 *
 * Every call throws a `TimerClientError`; see `TimerClientErrorCode`.
 */
export class TimerClient {
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;
  readonly #maxAttempts: number;

  /** @throws TypeError `url` is none. */
  constructor({ url, key, timeoutMs = 30_000, maxAttempts = 4 }: TimerClientOptions) {
    this.#base = new URL(url).href.replace(/\/+$/, '');
    this.#headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
    this.#timeoutMs = timeoutMs;
    this.#maxAttempts = maxAttempts;
  }

  /** Creates a timer, or replaces the one with its id. */
  async createTimer(timer: CreateTimerRequest, options?: CallOptions): Promise<Timer> {
    return await this.#post('timers/create', timer, options, { read: json<Timer> });
  }

  /** Creates or replaces up to 10,000 timers: all or none of each shard. The answer says which shards failed. */
  async batchCreateTimers(batch: BatchCreateRequest, options?: CallOptions): Promise<BatchCreateAnswer> {
    return await this.#post('timers/batch-create', batch, options, { read: json<BatchCreateAnswer> });
  }

  /** A pending timer, or the dead one of that id. */
  async getTimer(key: TimerKey, options?: CallOptions): Promise<Timer> {
    return await this.#post('timers/get', key, options, { read: json<Timer> });
  }

  /** Changes what is named of a pending timer. */
  async updateTimer(changes: UpdateTimerRequest, options?: CallOptions): Promise<Timer> {
    return await this.#post('timers/update', changes, options, { read: json<Timer> });
  }

  /** A timer that is gone after an attempt that may have been done counts as deleted. */
  async deleteTimer(key: TimerKey, options?: CallOptions): Promise<void> {
    await this.#post('timers/delete', key, options, { read: nothing, gone: () => {} });
  }

  /** Like `deleteTimer`, of a dead timer. */
  async deleteDeadTimer(key: TimerKey, options?: CallOptions): Promise<void> {
    await this.#post('timers/delete-dead', key, options, { read: nothing, gone: () => {} });
  }

  /** Lets a dead timer live again. It is not repeated where it may have been done: the timer may have died again. */
  async reviveTimer(request: ReviveTimerRequest, options?: CallOptions): Promise<Timer> {
    return await this.#post('timers/revive', request, options, { read: json<Timer> }, false);
  }

  /** A page of timers. */
  async listTimers(request: ListTimersRequest, options?: CallOptions): Promise<ListTimersAnswer> {
    return await this.#post('timers/list', request, options, { read: json<ListTimersAnswer> });
  }

  /** All timers of a list. `limit` is for each page, `timeoutMs` for each call. */
  async *iterateTimers(
    request: ListTimersRequest,
    options?: CallOptions,
  ): AsyncGenerator<Timer, void, undefined> {
    let page: ListTimersAnswer | undefined;
    do {
      page = await this.listTimers(next(request, page), options);
      yield* page.timers;
    } while (page.nextPageToken !== null);
  }

  /**
   * All timers of a list as JSON Lines or CSV, as they are read. The stream fails if it is cut off, and when the signal
   * fires; `timeoutMs` is for its beginning.
   */
  async exportTimers(
    request: ExportTimersRequest,
    options: CallOptions = {},
  ): Promise<ReadableStream<Uint8Array>> {
    const read = async ({ body }: Response) => {
      const { signal } = options;
      return (body as ReadableStream<Uint8Array>).pipeThrough(
        new TransformStream<Uint8Array, Uint8Array>(),
        signal && { signal },
      );
    };
    return await this.#post('timers/export', request, options, { read });
  }

  /** A page of the namespaces that the key is for, with counts of their timers. */
  async listNamespaces(
    request: ListNamespacesRequest = {},
    options?: CallOptions,
  ): Promise<ListNamespacesAnswer> {
    return await this.#post('namespaces/list', request, options, { read: json<ListNamespacesAnswer> });
  }

  /** All namespaces that the key is for. */
  async *iterateNamespaces(
    request: ListNamespacesRequest = {},
    options?: CallOptions,
  ): AsyncGenerator<ListNamespacesAnswer['namespaces'][number], void, undefined> {
    let page: ListNamespacesAnswer | undefined;
    do {
      page = await this.listNamespaces(next(request, page), options);
      yield* page.namespaces;
    } while (page.nextPageToken !== null);
  }

  /** Who owns each shard, and what waits there. For it, a key needs `admin`. */
  async listShards(options?: CallOptions): Promise<ShardsAnswer> {
    return await makeCall(this.#call('GET', 'shards', options), { read: json<ShardsAnswer> });
  }

  async #post<T>(
    path: string,
    body: unknown,
    options: CallOptions | undefined,
    answers: Answers<T>,
    isRepeatable = true,
  ): Promise<T> {
    return await makeCall({ ...this.#call('POST', path, options), body, isRepeatable }, answers);
  }

  #call(method: Call['method'], path: string, { signal, timeoutMs }: CallOptions = {}): Call {
    return {
      url: `${this.#base}/api/v1/${path}`,
      method,
      headers: this.#headers,
      isRepeatable: true,
      maxAttempts: this.#maxAttempts,
      timeoutMs: timeoutMs ?? this.#timeoutMs,
      signal,
    };
  }
}

async function json<T>(response: Response): Promise<T> {
  const text = await response.text();
  try {
    return JSON.parse(text) as T;
  } catch {
    throw errorOfAnswer(response.status, response.headers, text);
  }
}

async function nothing(): Promise<void> {}

function next<T extends { pageToken?: string }>(
  request: T,
  page: { nextPageToken: string | null } | undefined,
): T {
  const pageToken = page?.nextPageToken;
  return typeof pageToken === 'string' ? { ...request, pageToken } : request;
}

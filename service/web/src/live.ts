import { call } from './api/call';
import { CallError } from './api/call-error';
import { readEvents, textOf } from './api/read-events';
import type { Change, Status } from './api/types';

/** Ten minutes, which is what the service keeps. */
const SHOWN_MS = 600_000;
const MAX_CHANGES = 100;
const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 10_000;

/** The service says something each second: after so long a silence, nobody is there any more. */
const MAX_SILENCE_MS = 5000;

export type SeenChange = Change & { readonly at: Date };

export interface LiveState {
  readonly isConnected: boolean;
  /** Why it is not. */
  readonly error: CallError | undefined;
  readonly members: readonly string[];
  /** Of the process that answers, from the oldest to the newest. */
  readonly statuses: readonly Status[];
  /** From the newest to the oldest. */
  readonly changes: readonly SeenChange[];
}

type StatusEvent = Status & { readonly members: readonly string[] };

/** What the service tells by itself: one connection for the whole page, which comes back when it is lost. */
export class Live {
  state: LiveState = { isConnected: false, error: undefined, members: [], statuses: [], changes: [] };
  readonly #listeners = new Set<(change: Change | undefined) => void>();
  #connection: AbortController | undefined;
  #heardAt = 0;

  /** Also after a key was entered, with which it begins anew. */
  start(): void {
    this.#connection?.abort();
    this.#connection = new AbortController();
    void this.#keepConnected(this.#connection.signal);
  }

  /**
   * @param listener hears of each change of the state, with the change of a timer if it is one.
   * @returns what ends it.
   */
  subscribe(listener: (change: Change | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #keepConnected(signal: AbortSignal): Promise<void> {
    let waitMs = FIRST_WAIT_MS;
    while (!signal.aborted) {
      let error = new CallError('UNREACHABLE', 'The connection was lost');
      const connection = new AbortController();
      const watch = setInterval(() => {
        if (Date.now() - this.#heardAt > MAX_SILENCE_MS) {
          connection.abort();
        }
      }, 1000);
      this.#heardAt = Date.now();
      try {
        const { body } = await call('/events', undefined, AbortSignal.any([signal, connection.signal]));
        waitMs = FIRST_WAIT_MS;
        await this.#read(body as ReadableStream<Uint8Array>);
      } catch (thrown) {
        if (thrown instanceof CallError) {
          error = thrown;
        }
      } finally {
        clearInterval(watch);
      }
      // Who lacks a key, or the right, does not get it by asking again.
      if (signal.aborted || error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN') {
        this.#set({ isConnected: false, error });
        return;
      }
      this.#set({ isConnected: false, error });
      await new Promise((resolve) => setTimeout(resolve, Math.max(waitMs, error.retryAfterMs)));
      waitMs = Math.min(waitMs * 2, MAX_WAIT_MS);
    }
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    for await (const { event, data } of readEvents(textOf(body))) {
      this.#heardAt = Date.now();
      const value: unknown = JSON.parse(data);
      if (event === 'history') {
        this.#set({ statuses: value as Status[] });
      } else if (event === 'status') {
        const { members, ...status } = value as StatusEvent;
        const from = new Date(Date.parse(status.at) - SHOWN_MS).toISOString();
        const statuses = [...this.state.statuses.filter(({ at }) => at > from), status];
        this.#set({ isConnected: true, error: undefined, members, statuses });
      } else if (event === 'change') {
        const change = value as Change;
        const changes = [{ ...change, at: new Date() }, ...this.state.changes].slice(0, MAX_CHANGES);
        this.#set({ changes }, change);
      }
    }
  }

  #set(state: Partial<LiveState>, change?: Change): void {
    this.state = { ...this.state, ...state };
    for (const listener of this.#listeners) {
      listener(change);
    }
  }
}

export const live = new Live();

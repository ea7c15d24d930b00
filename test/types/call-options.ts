/** Options that go together, and those that do not. Nothing here runs: `tsc` is the test. */
import type { ClientBase } from 'pg';
import {
  type CallOptions,
  iterateTimers,
  type PoolCallOptions,
  type PostgresClient,
  type PostgresTimerStore,
  type TimerStore,
} from 'pg-timer-store';
import type { TimerEngine } from 'pg-timer-store/engine';

declare const store: TimerStore;
declare const postgresStore: PostgresTimerStore;
declare const engine: TimerEngine;
declare const client: ClientBase;
declare const perhaps: PostgresClient | undefined;
declare const callOptions: CallOptions;
declare const signal: AbortSignal;

export const accepted: readonly Promise<unknown>[] = [
  store.getShard(1, { signal, timeoutMs: 1_000 }),
  store.getShard(1, { client }),
  store.getShard(1, { client, signal: undefined }),
  store.getShard(1, { client: perhaps }),
  store.getShard(1, callOptions),
  engine.cancel('reminders', 'order-42', { client }),
  postgresStore.checkServer({ timeoutMs: 1_000 }),
];
export const pages = iterateTimers(store, 1, {} as never, { pageSize: 10, signal });

export const refused: readonly Promise<unknown>[] = [
  // @ts-expect-error a time-out would break the caller's transaction.
  store.getShard(1, { client, timeoutMs: 1_000 }),
  // @ts-expect-error
  store.getShard(1, { client, signal }),
  // @ts-expect-error
  engine.cancel('reminders', 'order-42', { client, timeoutMs: 1_000 }),
  // @ts-expect-error it takes connections of its own.
  postgresStore.checkServer({ client }),
  // @ts-expect-error
  store.listenForDueTimers({} as never, { client }),
  // @ts-expect-error
  store.getShard(1, { timeout: 1_000 }),
];
// @ts-expect-error a transaction is no place to read for long.
export const pagesOfTransaction = iterateTimers(store, 1, {} as never, { client });
// @ts-expect-error
export const both: PoolCallOptions = { client };

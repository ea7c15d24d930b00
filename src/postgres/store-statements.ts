import type { PreparedQuery } from '@pgtyped/runtime';
import { InvalidArgumentError } from '../contract/errors';
import type { CallOptions } from '../contract/types';
import type { StatementResult } from '../driver/run-query';
import type { StatementKind } from '../driver/translate-error';

/** Runs one statement as a call of a store, with the store's time-out, retries and errors. */
export type RunStatement = <TParams, TRow>(
  kind: StatementKind,
  operation: string,
  query: PreparedQuery<TParams, TRow>,
  params: NoInfer<TParams>,
  options: CallOptions | undefined,
) => Promise<StatementResult<TRow>>;

const runners = new WeakMap<object, RunStatement>();

/** Lets this library, and nobody else, run statements of its own on a store. */
export function shareStatements(store: object, run: RunStatement): void {
  runners.set(store, run);
}

/** @throws InvalidArgumentError for anything but a `PostgresTimerStore`. */
export function statementsOf(argument: string, store: unknown): RunStatement {
  const run = typeof store === 'object' && store !== null ? runners.get(store) : undefined;
  if (run === undefined) {
    throw new InvalidArgumentError(argument, 'must be a PostgresTimerStore');
  }
  return run;
}

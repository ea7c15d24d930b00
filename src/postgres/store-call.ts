import type { PreparedQuery } from '@pgtyped/runtime';
import type { ClientBase } from 'pg';
import type { Deadline } from '../driver/deadline';
import type { StatementResult } from '../driver/run-query';
import type { StatementRunner } from '../driver/statement-runner';
import type { StatementKind } from '../driver/translate-error';

/** One call of a store, which may take several statements. */
export class StoreCall {
  readonly #runner: StatementRunner;
  /** The store method, for error messages. */
  readonly operation: string;
  readonly deadline: Deadline;
  /** The client in whose transaction it runs. Undefined: the caller has none. */
  readonly client: ClientBase | undefined;

  constructor(runner: StatementRunner, operation: string, deadline: Deadline, client?: ClientBase) {
    this.#runner = runner;
    this.operation = operation;
    this.deadline = deadline;
    this.client = client;
  }

  read<TParams, TRow>(
    query: PreparedQuery<TParams, TRow>,
    params: NoInfer<TParams>,
  ): Promise<StatementResult<TRow>> {
    return this.run('read', query, params);
  }

  write<TParams, TRow>(
    query: PreparedQuery<TParams, TRow>,
    params: NoInfer<TParams>,
  ): Promise<StatementResult<TRow>> {
    return this.run('write', query, params);
  }

  run<TParams, TRow>(
    kind: StatementKind,
    query: PreparedQuery<TParams, TRow>,
    params: NoInfer<TParams>,
  ): Promise<StatementResult<TRow>> {
    const { operation, deadline, client } = this;
    return this.#runner.run({ operation, deadline, client, kind, query, params });
  }
}

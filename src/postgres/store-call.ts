import type { PreparedQuery } from '@pgtyped/runtime';
import type { ClientBase } from 'pg';
import type { Cluster } from '../driver/cluster';
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
  readonly #isOnce: boolean;

  constructor(
    runner: StatementRunner,
    operation: string,
    deadline: Deadline,
    client?: ClientBase,
    isOnce = false,
  ) {
    this.#runner = runner;
    this.operation = operation;
    this.deadline = deadline;
    this.client = client;
    this.#isOnce = isOnce;
  }

  get cluster(): Cluster {
    return this.#runner.cluster;
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
    const isOnce = this.#isOnce;
    return this.#runner.run({ operation, deadline, client, isOnce, kind, query, params });
  }

  /** The same call, whose statements are not tried again. */
  once(): StoreCall {
    return new StoreCall(this.#runner, this.operation, this.deadline, this.client, true);
  }

  /**
   * Runs statements of one shard all or none: in a transaction of their own, or as part of the caller's.
   *
   * @param work makes its statements by the call that it is given.
   */
  transact<T>(shardId: number, work: (call: StoreCall) => Promise<T>): Promise<T> {
    const { operation, deadline } = this;
    return this.client === undefined
      ? this.#runner.transact(shardId, { operation, deadline }, (client) =>
          work(new StoreCall(this.#runner, operation, deadline, client)),
        )
      : work(this);
  }
}

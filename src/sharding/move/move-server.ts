import type { PreparedQuery } from '@pgtyped/runtime';
import type { StatementKind } from '../../driver/translate-error';
import type { RunStatement } from '../../postgres/store-statements';

/** One end of a move: runs the statements of the move on it, each with the store's default time-out. */
export class MoveServer {
  readonly #run: RunStatement;
  readonly shardId: number;
  readonly signal: AbortSignal | undefined;

  constructor(run: RunStatement, shardId: number, signal: AbortSignal | undefined) {
    this.#run = run;
    this.shardId = shardId;
    this.signal = signal;
  }

  async read<TParams, TRow>(
    query: PreparedQuery<TParams, TRow>,
    params: NoInfer<TParams>,
  ): Promise<readonly TRow[]> {
    return (await this.#call('read', query, params)).rows;
  }

  async write<TParams, TRow>(query: PreparedQuery<TParams, TRow>, params: NoInfer<TParams>) {
    return await this.#call('write', query, params);
  }

  #call<TParams, TRow>(kind: StatementKind, query: PreparedQuery<TParams, TRow>, params: NoInfer<TParams>) {
    return this.#run(kind, 'moveShard', query, params, { signal: this.signal });
  }
}

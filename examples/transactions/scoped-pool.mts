import { AsyncLocalStorage } from 'node:async_hooks';
import { Pool, type PoolClient } from 'pg';

/** A pool that tells a transaction its connection, where the library does not hand it out: Prisma, Kysely and Drizzle. */
export class ScopedPool extends Pool {
  readonly #scopes = new AsyncLocalStorage<{ client?: PoolClient }>();

  /** Runs a transaction, which is given the connection that it is on: the first that is taken in its scope. */
  inScope<T>(run: (client: () => PoolClient) => Promise<T>): Promise<T> {
    const scope: { client?: PoolClient } = {};
    return this.#scopes.run(scope, () =>
      run(() => {
        if (scope.client === undefined) throw new Error('The transaction has not begun on this pool');
        return scope.client;
      }),
    );
  }

  // biome-ignore lint/suspicious/noExplicitAny: pg has two signatures, one of them with a callback.
  override connect(callback?: any): any {
    return callback ? super.connect(callback) : super.connect().then((client) => this.#note(client));
  }

  #note(client: PoolClient): PoolClient {
    const scope = this.#scopes.getStore();
    if (scope !== undefined) scope.client ??= client;
    return client;
  }
}

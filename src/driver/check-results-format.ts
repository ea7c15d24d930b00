import { type Client, defaults } from 'pg';
import { InvalidArgumentError } from '../contract/errors';

/** What `pg` and its pool keep on themselves and their types leave out. */
interface PoolInternals {
  readonly options?: { readonly binary?: boolean };
  readonly Client?: { readonly prototype?: object };
}

const BINARY =
  'gives results in binary, in which other types arrive than this library reads: leave `binary` out';
const NATIVE =
  'is one of pg.native, which counts rows otherwise than this library reads: take the one of JavaScript';

/**
 * Refuses a pool whose connections would give wrong answers. Its connections are checked again when they are there:
 * a pool can come from another copy of `pg`, with defaults of its own.
 *
 * @throws InvalidArgumentError
 */
export function checkResultsFormat(argument: string, pool: unknown): void {
  const { options, Client: Driver } = pool as PoolInternals;
  if (options?.binary || (defaults as { binary?: boolean }).binary) {
    throw new InvalidArgumentError(argument, BINARY);
  }
  // Only the client of pg.native has this method, by which the pool tells the two apart as well.
  if (Driver?.prototype !== undefined && 'isConnected' in Driver.prototype) {
    throw new InvalidArgumentError(argument, NATIVE);
  }
}

/** @throws InvalidArgumentError */
export function checkClientFormat(argument: string, client: Pick<Client, 'query'>): void {
  if ((client as { binary?: boolean }).binary) {
    throw new InvalidArgumentError(argument, BINARY);
  }
  if ('native' in client) {
    throw new InvalidArgumentError(argument, NATIVE);
  }
}

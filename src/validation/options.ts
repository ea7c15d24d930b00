import type { ClientBase } from 'pg';
import { InvalidArgumentError } from '../contract/errors';
import { checkInteger, MAX_INT4, show } from '../contract/scalars';
import type { CallOptions, PoolCallOptions, StoreOptions, TransactionCallOptions } from '../contract/types';
import { MAX_JSONB_SIZE } from './json-text';
import { checkMethod, parseOptions } from './objects';

/** Known to the driver only once the server has said that it is ready again. */
export const FAILED_TRANSACTION = 'must be in an open transaction, but is in a failed one: roll it back';

const CALL_OPTION_FIELDS = [
  'signal',
  'timeoutMs',
  'client',
] as const satisfies readonly (keyof CallOptions)[];

/** Call options whose connection is one of the driver's, in a transaction. */
export type ParsedCallOptions = PoolCallOptions | (TransactionCallOptions & { readonly client: ClientBase });

export function parseCallOptions(options: unknown): ParsedCallOptions {
  if (options === undefined) {
    return {};
  }
  const { signal, timeoutMs, client } = parseOptions('options', options, CALL_OPTION_FIELDS);
  if (signal !== undefined && !isAbortSignal(signal)) {
    throw new InvalidArgumentError('options.signal', `must be an AbortSignal, not ${show(signal)}`);
  }
  // Above that, setTimeout fires at once.
  if (timeoutMs !== undefined && !(typeof timeoutMs === 'number' && timeoutMs > 0 && timeoutMs <= MAX_INT4)) {
    throw new InvalidArgumentError(
      'options.timeoutMs',
      `must be a number above 0 and at most ${MAX_INT4}, not ${show(timeoutMs)}`,
    );
  }
  if (client === undefined) {
    return { signal, timeoutMs };
  }
  for (const [name, value] of Object.entries({ signal, timeoutMs })) {
    if (value !== undefined) {
      throw new InvalidArgumentError(
        `options.${name}`,
        'is not for a transaction of the caller, which it would break: set statement_timeout there',
      );
    }
  }
  checkTransaction(client);
  return { client };
}

function checkTransaction(client: unknown): asserts client is ClientBase {
  checkMethod('options.client', client, 'query');
  checkMethod('options.client', client, 'getTransactionStatus');
  const status = (client as ClientBase).getTransactionStatus();
  if (status !== 'T') {
    throw new InvalidArgumentError(
      'options.client',
      status === 'E' ? FAILED_TRANSACTION : 'must be in an open transaction, but is in none: BEGIN first',
    );
  }
}

/** By what it has: a polyfill's is of a class of its own. One that only inherits from AbortSignal throws when asked. */
function isAbortSignal(value: unknown): value is AbortSignal {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  try {
    const { aborted, addEventListener, removeEventListener } = value as Partial<AbortSignal>;
    return (
      typeof aborted === 'boolean' &&
      typeof addEventListener === 'function' &&
      typeof removeEventListener === 'function'
    );
  } catch {
    return false;
  }
}

/** The bound of the timer service that this store was made for. */
export const DEFAULT_MAX_PAYLOAD_BYTES = 100 * 1024;

const STORE_OPTION_TYPES = {
  preparedStatements: 'boolean',
  batchCreates: 'boolean',
  maxPayloadBytes: 'number',
  onUnreadableRow: 'function',
} as const satisfies Record<keyof StoreOptions, string>;

export const STORE_OPTION_FIELDS = Object.keys(STORE_OPTION_TYPES) as (keyof StoreOptions)[];

export function parseStoreOptions(options: unknown, argument = 'options'): StoreOptions {
  const given = parseOptions(argument, options, STORE_OPTION_FIELDS);
  for (const field of STORE_OPTION_FIELDS) {
    const type = STORE_OPTION_TYPES[field];
    if (given[field] !== undefined && typeof given[field] !== type) {
      throw new InvalidArgumentError(`${argument}.${field}`, `must be a ${type}, not ${show(given[field])}`);
    }
  }
  if (given['maxPayloadBytes'] !== undefined) {
    checkInteger(`${argument}.maxPayloadBytes`, given['maxPayloadBytes'], 1, MAX_JSONB_SIZE);
  }
  return given;
}

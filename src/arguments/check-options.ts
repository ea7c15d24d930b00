import { InvalidArgumentError } from '../errors';
import type { CallOptions, StoreOptions } from '../timer-store-types';
import { checkFields, checkObject, MAX_INT4, show } from './check-scalar';

export function checkCallOptions(options: unknown): asserts options is CallOptions | undefined {
  if (options === undefined) {
    return;
  }
  const { signal, timeoutMs } = definedFields('options', options, [
    'signal',
    'timeoutMs',
  ] satisfies (keyof CallOptions)[]);
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new InvalidArgumentError('options.signal', `must be an AbortSignal, not ${show(signal)}`);
  }
  // Above that, setTimeout fires at once.
  if (timeoutMs !== undefined && !(typeof timeoutMs === 'number' && timeoutMs > 0 && timeoutMs <= MAX_INT4)) {
    throw new InvalidArgumentError(
      'options.timeoutMs',
      `must be a number above 0 and at most ${MAX_INT4}, not ${show(timeoutMs)}`,
    );
  }
}

const STORE_OPTION_TYPES = {
  preparedStatements: 'boolean',
  batchCreates: 'boolean',
  onUnreadableRow: 'function',
} as const satisfies Record<keyof StoreOptions, string>;

export const STORE_OPTION_FIELDS = Object.keys(STORE_OPTION_TYPES) as (keyof StoreOptions)[];

export function checkStoreOptions(options: unknown, argument = 'options'): asserts options is StoreOptions {
  const given = definedFields(argument, options, STORE_OPTION_FIELDS);
  for (const field of STORE_OPTION_FIELDS) {
    const type = STORE_OPTION_TYPES[field];
    if (given[field] !== undefined && typeof given[field] !== type) {
      throw new InvalidArgumentError(`${argument}.${field}`, `must be a ${type}, not ${show(given[field])}`);
    }
  }
}

/** Options, unlike data, are often passed on with fields that are undefined; those count as absent. */
export function definedFields(
  argument: string,
  value: unknown,
  fields: readonly string[],
): Record<string, unknown> {
  checkObject(argument, value);
  // Not only its own: those that a class gives by a getter are used as well.
  const names = new Set([...Object.keys(value), ...fields]);
  const defined = Object.fromEntries(
    [...names].map((name) => [name, value[name]]).filter(([, fieldValue]) => fieldValue !== undefined),
  );
  checkFields(argument, defined, fields);
  return defined;
}

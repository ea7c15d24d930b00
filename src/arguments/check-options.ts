import { InvalidArgumentError } from '../errors';
import type { CallOptions, StoreOptions } from '../timer-store-types';
import { checkFields, MAX_INT4, show } from './check-scalar';

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

const STORE_OPTION_FIELDS = ['preparedStatements', 'batchCreates'] as const satisfies (keyof StoreOptions)[];

export function checkStoreOptions(options: unknown): asserts options is StoreOptions {
  const given = definedFields('options', options, STORE_OPTION_FIELDS);
  for (const field of STORE_OPTION_FIELDS) {
    if (given[field] !== undefined && typeof given[field] !== 'boolean') {
      throw new InvalidArgumentError(`options.${field}`, `must be a boolean, not ${show(given[field])}`);
    }
  }
}

/** Options, unlike data, are often passed on with fields that are undefined; those count as absent. */
export function definedFields(
  argument: string,
  value: unknown,
  fields: readonly string[],
): Record<string, unknown> {
  const defined =
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).filter(([, fieldValue]) => fieldValue !== undefined))
      : value;
  checkFields(argument, defined, fields);
  return defined;
}

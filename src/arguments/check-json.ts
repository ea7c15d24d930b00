import { InvalidArgumentError } from '../errors';
import type { JsonValue } from '../timer-store-types';
import { isPlainObject, show, unstorableText } from './check-scalar';

/** What the parsers of server and client take without running out of stack, with a wide margin. */
const MAX_DEPTH = 1000;

/** Refuses whatever `JSON.stringify` would drop, change or choke on, and what jsonb cannot keep. */
export function checkJson(argument: string, value: unknown): asserts value is JsonValue {
  const fault = findFault(value, 0);
  if (fault !== undefined) {
    throw new InvalidArgumentError(argument + fault.path, fault.reason);
  }
}

/** The path is put together on the way back, so that a good value costs no strings. */
interface Fault {
  readonly path: string;
  readonly reason: string;
}

function findFault(value: unknown, depth: number): Fault | undefined {
  switch (typeof value) {
    case 'boolean':
      return undefined;
    case 'string':
      return faultyText(value);
    case 'number':
      return Number.isFinite(value)
        ? undefined
        : { path: '', reason: `must be a finite number, not ${value}` };
    case 'object':
      if (value === null) {
        return undefined;
      }
      if (depth === MAX_DEPTH) {
        return { path: '', reason: `must not be nested deeper than ${MAX_DEPTH} levels, nor contain itself` };
      }
      // Arrays can have one as well.
      if ('toJSON' in value && typeof value.toJSON === 'function') {
        return { path: '', reason: 'must not have a method toJSON' };
      }
      return Array.isArray(value) ? findFaultInArray(value, depth) : findFaultInObject(value, depth);
    default:
      return { path: '', reason: `must be a JSON value, not ${show(value)}` };
  }
}

function faultyText(text: string): Fault | undefined {
  const reason = unstorableText(text);
  return reason === undefined ? undefined : { path: '', reason };
}

function findFaultInArray(array: readonly unknown[], depth: number): Fault | undefined {
  // By index, so that the holes of a sparse array are seen.
  for (let index = 0; index < array.length; index++) {
    const fault = findFault(array[index], depth + 1);
    if (fault !== undefined) {
      return below(`[${index}]`, fault, depth);
    }
  }
  // JSON would drop them, such as those of the result of a regular expression.
  return Object.keys(array).length > array.length
    ? { path: '', reason: 'must not have properties beside its elements' }
    : undefined;
}

function findFaultInObject(object: object, depth: number): Fault | undefined {
  if (!isPlainObject(object)) {
    return { path: '', reason: `must be a plain object, not ${show(object)}` };
  }
  if (Object.getOwnPropertySymbols(object).length > 0) {
    return { path: '', reason: 'must not have symbols as keys' };
  }
  for (const [key, value] of Object.entries(object)) {
    const fault = faultyText(key) ?? findFault(value, depth + 1);
    if (fault !== undefined) {
      return below(`.${key}`, fault, depth);
    }
  }
  return undefined;
}

/** Deep down, only the outermost steps of the path are told. */
function below(step: string, fault: Fault, depth: number): Fault {
  return { path: depth < 10 ? step + fault.path : '…', reason: fault.reason };
}

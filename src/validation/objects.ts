import { InvalidArgumentError } from '../contract/errors';
import { showKey, showKind, unreadable } from '../contract/scalars';

/** Refuses a Map, a URL, an AbortSignal and their like, too: having no fields, they would pass for empty objects. */
export function checkObject(argument: string, value: unknown): asserts value is Record<string, unknown> {
  if (!isObjectWithFields(value)) {
    throw new InvalidArgumentError(argument, `must be an object, not ${showKind(value)}`);
  }
}

export function isObjectWithFields(value: unknown): value is Record<string, unknown> {
  try {
    return Object.prototype.toString.call(value) === '[object Object]';
  } catch {
    // A proxy that was revoked, or a getter that throws.
    return false;
  }
}

/** Checks an object that the store uses by its methods, whatever its class. */
export function checkMethod(argument: string, value: unknown, method: string): void {
  let found: unknown;
  try {
    found = (value as Record<string, unknown> | null | undefined)?.[method];
  } catch (error) {
    throw unreadable(argument, error);
  }
  if (typeof found !== 'function') {
    throw new InvalidArgumentError(argument, `must have a method ${method}, unlike ${showKind(value)}`);
  }
}

/** Whether JSON keeps all that an object has, because it inherits nothing. */
export function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || isOfOtherRealm(prototype);
}

/** Whether it is the Object.prototype of another realm. */
function isOfOtherRealm(prototype: object): boolean {
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf');
}

/**
 * The fields of an object, each read once: what was checked is what is sent, whatever a getter says the next time.
 *
 * @throws InvalidArgumentError for anything but an object with some of the fields; also for one whose field is there,
 *   but undefined.
 */
export function parseFields(
  argument: string,
  value: unknown,
  fields: readonly string[],
): Record<string, unknown> {
  return parseEach(argument, value, fields, false);
}

/** Options, unlike data, are often passed on with fields that are undefined; those count as absent. */
export function parseOptions(
  argument: string,
  value: unknown,
  fields: readonly string[],
): Record<string, unknown> {
  return parseEach(argument, value, fields, true);
}

/** Checks an object that a caller may write as JSON: JSON would drop what it inherits. */
export function parsePlainFields(
  argument: string,
  value: unknown,
  fields: readonly string[],
): Record<string, unknown> {
  if (!isObjectWithFields(value) || !isPlainObject(value)) {
    throw new InvalidArgumentError(
      argument,
      `must be a plain object that inherits nothing, not ${showKind(value)}`,
    );
  }
  return parseFields(argument, value, fields);
}

function parseEach(
  argument: string,
  value: unknown,
  fields: readonly string[],
  undefinedIsAbsent: boolean,
): Record<string, unknown> {
  checkObject(argument, value);
  const read: Record<string, unknown> = {};
  let reading: string | undefined;
  try {
    for (const name of Object.keys(value)) {
      reading = name;
      if (!fields.includes(name) && !(undefinedIsAbsent && value[name] === undefined)) {
        throw new InvalidArgumentError(
          `${argument}.${showKey(name)}`,
          `is not one of the fields ${fields.join(', ')}`,
        );
      }
    }
    // Looks at inherited fields as well, because a class may provide a field by a getter.
    for (const field of fields) {
      reading = field;
      const fieldValue = value[field];
      if (fieldValue !== undefined) {
        read[field] = fieldValue;
      } else if (!undefinedIsAbsent && field in value) {
        throw new InvalidArgumentError(`${argument}.${field}`, 'must not be undefined: leave the field out');
      }
    }
  } catch (error) {
    const path = reading === undefined ? argument : `${argument}.${reading}`;
    throw error instanceof InvalidArgumentError ? error : unreadable(path, error);
  }
  return read;
}

/** A plain array, its holes filled with undefined. */
export function parseElements(argument: string, value: unknown): unknown[] {
  try {
    if (Array.isArray(value)) {
      return Array.from({ length: value.length }, (_, index) => value[index]);
    }
  } catch (error) {
    throw unreadable(argument, error);
  }
  throw new InvalidArgumentError(argument, `must be an array, not ${showKind(value)}`);
}

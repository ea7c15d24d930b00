import { inspect, types } from 'node:util';
import { InvalidArgumentError } from '../errors';
import { EARLIEST_INSTANT, LATEST_INSTANT, NIL_UUID } from '../timer-cursor';

export const MIN_INT4 = -(2 ** 31);
export const MAX_INT4 = 2 ** 31 - 1;

/** What varchar(255) holds, in characters as PostgreSQL counts them: Unicode code points. */
const MAX_TEXT = 255;

/**
 * A short, printable form of a value that was refused. Of an object only the kind: whole timers and configurations come
 * in the wrong place, and errors end up in logs, where payloads and passwords must not.
 */
export function show(value: unknown): string {
  try {
    // Of these, what is inside would be printed at any depth.
    if (
      typeof value === 'symbol' ||
      types.isBoxedPrimitive(value) ||
      types.isNativeError(value) ||
      types.isRegExp(value)
    ) {
      return Object.prototype.toString.call(value);
    }
    return inspect(value, {
      depth: -1,
      // It could throw, or never end.
      customInspect: false,
      maxStringLength: 60,
      maxArrayLength: 3,
      breakLength: Number.POSITIVE_INFINITY,
    });
  } catch {
    return `of type ${typeof value}`;
  }
}

/** For what should have been an object: a text in its place can be a timer as JSON, or a connection string. */
export function showKind(value: unknown): string {
  return typeof value === 'string' ? 'a string' : show(value);
}

/** For a value whose getter or proxy throws. */
export function unreadable(argument: string, cause: unknown): InvalidArgumentError {
  return new InvalidArgumentError(argument, 'must be readable, but reading it fails', { cause });
}

export function checkInteger(
  argument: string,
  value: unknown,
  min: number,
  max: number,
): asserts value is number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw new InvalidArgumentError(
      argument,
      `must be a whole number from ${min} to ${max}, not ${show(value)}`,
    );
  }
}

export function checkShardId(shardId: unknown): asserts shardId is number {
  checkInteger('shardId', shardId, MIN_INT4, MAX_INT4);
}

export function checkShardVersion(shardVersion: unknown): asserts shardVersion is number {
  checkInteger('shardVersion', shardVersion, 1, Number.MAX_SAFE_INTEGER);
}

export function checkLimit(limit: unknown): asserts limit is number {
  checkInteger('limit', limit, 0, MAX_INT4);
}

export function checkText(argument: string, value: unknown, max = MAX_TEXT): asserts value is string {
  if (typeof value !== 'string') {
    throw new InvalidArgumentError(argument, `must be a string, not ${show(value)}`);
  }
  if (value === '') {
    throw new InvalidArgumentError(argument, 'must not be empty');
  }
  const unstorable = unstorableText(value);
  if (unstorable !== undefined) {
    throw new InvalidArgumentError(argument, unstorable);
  }
  // A string has at least as many UTF-16 units as characters: most need not be counted.
  if (value.length > max && characterCount(value) > max) {
    throw new InvalidArgumentError(
      argument,
      `must have at most ${max} characters, not ${characterCount(value)}`,
    );
  }
}

/** Why PostgreSQL cannot keep a text; undefined if it can. Half a surrogate pair is not a Unicode character. */
export function unstorableText(text: string): string | undefined {
  if (text.includes('\0')) {
    return 'must not contain the character NUL';
  }
  return text.isWellFormed() ? undefined : 'must not contain a lone surrogate';
}

function characterCount(text: string): number {
  let count = 0;
  for (const _character of text) {
    count++;
  }
  return count;
}

/**
 * A copy, since the caller's may change. A JavaScript Date has whole milliseconds, which is what the columns keep.
 */
export function readDate(argument: string, value: unknown): Date {
  // Not `instanceof`: a Date of another realm is one, an object that only inherits from Date is none.
  if (!types.isDate(value)) {
    throw new InvalidArgumentError(argument, `must be a Date, not ${show(value)}`);
  }
  // Not by its own method, which a subclass may have changed.
  const instant = Date.prototype.getTime.call(value);
  if (Number.isNaN(instant)) {
    throw new InvalidArgumentError(argument, 'must be a valid date');
  }
  if (instant < EARLIEST_INSTANT || instant > LATEST_INSTANT) {
    throw new InvalidArgumentError(
      argument,
      `must be between the years 1 and 9999 in UTC, not ${new Date(instant).toISOString()}`,
    );
  }
  return new Date(instant);
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function checkUuid(argument: string, value: unknown): asserts value is string {
  if (typeof value !== 'string' || !UUID.test(value)) {
    throw new InvalidArgumentError(argument, `must be a UUID such as 0190a5c8-…, not ${show(value)}`);
  }
}

export function checkTimerUuid(argument: string, value: unknown): asserts value is string {
  checkUuid(argument, value);
  if (value === NIL_UUID) {
    throw new InvalidArgumentError(argument, 'must not be all zeros: that is the UUID of shard rows');
  }
}

const MAX_URL = 2048;

export function checkCallbackUrl(argument: string, value: unknown): asserts value is string {
  checkText(argument, value, MAX_URL);
  // The URL parser drops white space, adds and drops slashes and turns backslashes into them without a word; what
  // is stored is what was given, for parsers that may read it differently.
  // It may hold a secret, so it is not shown.
  if (!/^https?:\/\/[^/]/i.test(value) || /[\s\\\p{Cc}]/u.test(value) || !URL.canParse(value)) {
    throw new InvalidArgumentError(argument, 'must be an absolute http or https URL');
  }
}

/** Refuses also a Map, a URL, an AbortSignal and their like, which without fields would pass for an empty object. */
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

/** For what is used by its methods, whatever its class. */
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

/** Whether JSON keeps all that an object has: nothing is inherited. */
export function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  // A prototype without a prototype is an Object.prototype, be it of another realm.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * The fields of an object, each read once: what was checked is what is sent, whatever a getter says the next time.
 *
 * @throws InvalidArgumentError for anything but an object with some of the fields; also for one whose field is there,
 *   but undefined.
 */
export function readFields(
  argument: string,
  value: unknown,
  fields: readonly string[],
): Record<string, unknown> {
  return readEach(argument, value, fields, false);
}

/** Options, unlike data, are often passed on with fields that are undefined; those count as absent. */
export function readOptions(
  argument: string,
  value: unknown,
  fields: readonly string[],
): Record<string, unknown> {
  return readEach(argument, value, fields, true);
}

/** For an object that a caller may take for JSON: with what it inherits, it would not be. */
export function readPlainFields(
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
  return readFields(argument, value, fields);
}

function readEach(
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
          `${argument}.${name}`,
          `is not one of the fields ${fields.join(', ')}`,
        );
      }
    }
    // Not only its own: those that a class gives by a getter count as well.
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

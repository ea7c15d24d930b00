import { inspect, types } from 'node:util';
import { InvalidArgumentError } from '../errors';
import { EARLIEST_INSTANT, LATEST_INSTANT, NIL_UUID } from '../timer-cursor';

export const MIN_INT4 = -(2 ** 31);
export const MAX_INT4 = 2 ** 31 - 1;

/** What varchar(255) holds, in characters as PostgreSQL counts them: Unicode code points. */
const MAX_TEXT = 255;

/** A short, printable form of a value that was refused. */
export function show(value: unknown): string {
  return inspect(value, {
    depth: 0,
    maxStringLength: 60,
    maxArrayLength: 3,
    breakLength: Number.POSITIVE_INFINITY,
  });
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

/** A JavaScript Date has whole milliseconds, which is what the columns keep. */
export function checkDate(argument: string, value: unknown): asserts value is Date {
  // Not `instanceof`: a Date of another realm is one, an object that only inherits from Date is none.
  if (!types.isDate(value)) {
    throw new InvalidArgumentError(argument, `must be a Date, not ${show(value)}`);
  }
  const instant = value.getTime();
  if (Number.isNaN(instant)) {
    throw new InvalidArgumentError(argument, 'must be a valid date');
  }
  if (instant < EARLIEST_INSTANT || instant > LATEST_INSTANT) {
    throw new InvalidArgumentError(
      argument,
      `must be between the years 1 and 9999 in UTC, not ${value.toISOString()}`,
    );
  }
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
  if (!/^https?:\/\/[^/]/i.test(value) || /[\s\\\p{Cc}]/u.test(value) || !URL.canParse(value)) {
    throw new InvalidArgumentError(argument, `must be an absolute http or https URL, not ${show(value)}`);
  }
}

/** Refuses also a Map, a URL, an AbortSignal and their like, which without fields would pass for an empty object. */
export function checkObject(argument: string, value: unknown): asserts value is Record<string, unknown> {
  if (!isObjectWithFields(value)) {
    throw new InvalidArgumentError(argument, `must be an object, not ${show(value)}`);
  }
}

export function isObjectWithFields(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/** Whether `JSON.stringify` writes an object just as it is read: nothing is inherited. */
export function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  // A prototype without a prototype is an Object.prototype, be it of another realm.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** For what is sent as JSON. */
export function checkPlainObject(argument: string, value: unknown): void {
  if (!isObjectWithFields(value) || !isPlainObject(value)) {
    throw new InvalidArgumentError(
      argument,
      `must be a plain object that inherits nothing, not ${show(value)}`,
    );
  }
}

/** Refuses anything but an object with some of the fields; also one whose field is there, but undefined. */
export function checkFields(
  argument: string,
  value: unknown,
  fields: readonly string[],
): asserts value is Record<string, unknown> {
  checkObject(argument, value);
  for (const [field, fieldValue] of Object.entries(value)) {
    if (!fields.includes(field)) {
      throw new InvalidArgumentError(`${argument}.${field}`, `is not one of the fields ${fields.join(', ')}`);
    }
    if (fieldValue === undefined) {
      throw new InvalidArgumentError(`${argument}.${field}`, 'must not be undefined: leave the field out');
    }
  }
}

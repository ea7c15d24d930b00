import { inspect, types } from 'node:util';
import { InvalidArgumentError } from './errors';

export const MIN_INT4 = -(2 ** 31);
export const MAX_INT4 = 2 ** 31 - 1;

/** The UUID before all others. Shard rows have it; no timer may. */
export const NIL_UUID = '00000000-0000-0000-0000-000000000000';

/** The earliest and the latest instant that a timer can have: the years 1 to 9999, in UTC. */
export const EARLIEST_INSTANT = Date.parse('0001-01-01T00:00:00.000Z');
export const LATEST_INSTANT = Date.parse('9999-12-31T23:59:59.999Z');

/** Whether a time that was read is one that a timer can have. Infinity is read as null. */
export function isInstant(ms: number | null): ms is number {
  return ms !== null && ms >= EARLIEST_INSTANT && ms <= LATEST_INSTANT;
}

/** What varchar(255) holds, in characters as PostgreSQL counts them: Unicode code points. */
const MAX_TEXT = 255;

/** Characters of a text that an error shows. */
const MAX_SHOWN = 60;

/**
 * A short, printable form of a value that was refused. Of an object only the kind: whole timers and configurations come
 * in the wrong place, and errors end up in logs, where payloads and passwords must not.
 */
export function show(value: unknown): string {
  try {
    // `inspect` would print what is inside these at any depth.
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
      maxStringLength: MAX_SHOWN,
      maxArrayLength: 3,
      breakLength: Number.POSITIVE_INFINITY,
    });
  } catch {
    return `of type ${typeof value}`;
  }
}

/** Describes a value in the place of an object. A text is not shown: it can be a connection string, or a timer as JSON. */
export function showKind(value: unknown): string {
  return typeof value === 'string' ? 'a string' : show(value);
}

/**
 * A key as it stands in the path of an argument: one that is long is data, most likely, and one with control characters
 * could pass for a line of its own in a log.
 */
export function showKey(key: string): string {
  const shown = key.length > MAX_SHOWN ? `${key.slice(0, MAX_SHOWN)}…` : key;
  return /\p{Cc}/u.test(shown) ? JSON.stringify(shown) : shown;
}

/** The error for a value whose getter or proxy throws. */
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
  // A string has at least as many UTF-16 units as characters, so that most strings need no count.
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
export function parseDate(argument: string, value: unknown): Date {
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

/** Version 00 of the W3C recommendation, in which neither id may be all zeros. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

export function checkTraceparent(argument: string, value: unknown): asserts value is string {
  if (typeof value !== 'string' || !TRACEPARENT.test(value)) {
    throw new InvalidArgumentError(argument, `must be a W3C traceparent of version 00, not ${show(value)}`);
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

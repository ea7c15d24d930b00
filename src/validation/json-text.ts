import { InvalidArgumentError } from '../contract/errors';
import { show, showKey, unreadable, unstorableText } from '../contract/scalars';
import { isPlainObject } from './objects';

/** Depth that the parsers of server and client take without running out of stack, by a wide margin. */
const MAX_DEPTH = 1000;

/** The most bytes of a jsonb array or object: JENTRY_OFFLENMASK in PostgreSQL's src/include/utils/jsonb.h. */
export const MAX_JSONB_SIZE = 0x0fffffff;

/** The most bytes that a value takes in jsonb beside its characters: its entry, a header, digits and alignment. */
const VALUE_SIZE = 24;

/** The most characters that the server writes for a number with an exponent: it writes 1e308 as 309 digits. */
const EXPONENT_SIZE = 330;

/** Characters that JSON escapes or the store may refuse. To find that a text has none is cheap. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes them.
const NEEDS_CARE = /["\\\u0000-\u001f\ud800-\udfff]/;

/**
 * The JSON text of a value. Each part of it is read once, so that what was checked is what is written, whatever
 * getters and proxies say the next time.
 *
 * @param maxBytes of the text in UTF-8. Of a larger one, hardly more than that is put together.
 * @throws InvalidArgumentError for whatever `JSON.stringify` would drop, change or choke on, and for what jsonb
 *   cannot keep.
 */
export function jsonText(argument: string, value: unknown, maxBytes: number): string {
  const writer = new JsonWriter(argument, maxBytes);
  let fault: Fault | undefined;
  try {
    fault = writer.write(value, 0);
  } catch (error) {
    throw error instanceof InvalidArgumentError ? error : unreadable(argument, error);
  }
  if (fault !== undefined) {
    throw new InvalidArgumentError(argument + fault.path, fault.reason);
  }
  return writer.finish();
}

/** The path is put together on the way back, so that a good value costs no strings. */
interface Fault {
  readonly path: string;
  readonly reason: string;
}

class JsonWriter {
  readonly #argument: string;
  readonly #maxBytes: number;
  #text = '';
  /** Bytes that jsonb, or the text that the server writes for a reader, has beyond this text. */
  #overhead = 0;

  constructor(argument: string, maxBytes: number) {
    this.#argument = argument;
    this.#maxBytes = maxBytes;
  }

  finish(): string {
    const bytes = Buffer.byteLength(this.#text);
    if (bytes > this.#maxBytes) {
      throw this.#tooLarge(`${bytes}`);
    }
    this.#checkJsonbSize(bytes);
    return this.#text;
  }

  write(value: unknown, depth: number): Fault | undefined {
    this.#overhead += VALUE_SIZE;
    switch (typeof value) {
      case 'boolean':
        this.#append(value ? 'true' : 'false');
        return undefined;
      case 'string':
        return this.#writeText(value);
      case 'number':
        return this.#writeNumber(value);
      case 'object':
        if (value === null) {
          this.#append('null');
          return undefined;
        }
        if (depth === MAX_DEPTH) {
          return {
            path: '',
            reason: `must not be nested deeper than ${MAX_DEPTH} levels, nor contain itself`,
          };
        }
        // Arrays can have a toJSON as well.
        if ('toJSON' in value && typeof value.toJSON === 'function') {
          return { path: '', reason: 'must not have a method toJSON' };
        }
        return Array.isArray(value) ? this.#writeArray(value, depth) : this.#writeObject(value, depth);
      default:
        // Only its type: what a payload contains stays out of errors.
        return {
          path: '',
          reason: `must be a JSON value, not ${value === undefined ? 'undefined' : `a ${typeof value}`}`,
        };
    }
  }

  #writeText(text: string): Fault | undefined {
    // Checks the length before the text is copied.
    this.#checkLength(text.length);
    if (!NEEDS_CARE.test(text)) {
      this.#append(`"${text}"`);
      return undefined;
    }
    const reason = unstorableText(text);
    if (reason !== undefined) {
      return { path: '', reason };
    }
    this.#append(JSON.stringify(text));
    return undefined;
  }

  #writeNumber(value: number): Fault | undefined {
    if (!Number.isFinite(value)) {
      return { path: '', reason: `must be a finite number, not ${value}` };
    }
    if (Object.is(value, -0)) {
      return { path: '', reason: 'must not be -0, which would be read back as 0' };
    }
    const text = String(value);
    if (text.includes('e')) {
      this.#overhead += EXPONENT_SIZE;
    }
    this.#append(text);
    return undefined;
  }

  #writeArray(array: readonly unknown[], depth: number): Fault | undefined {
    this.#append('[');
    // By index, so that the holes of a sparse array are seen.
    for (let index = 0; index < array.length; index++) {
      if (index > 0) {
        this.#append(',');
      }
      const fault = this.write(array[index], depth + 1);
      if (fault !== undefined) {
        return below(`[${index}]`, fault, depth);
      }
    }
    this.#append(']');
    // JSON would drop the fields that an array has beside its elements, as the result of a regular expression does.
    return Object.keys(array).length > array.length
      ? { path: '', reason: 'must not have properties beside its elements' }
      : undefined;
  }

  #writeObject(object: object, depth: number): Fault | undefined {
    if (!isPlainObject(object)) {
      return { path: '', reason: `must be a plain object, not ${show(object)}` };
    }
    if (Object.getOwnPropertySymbols(object).length > 0) {
      return { path: '', reason: 'must not have symbols as keys' };
    }
    let separator = '{';
    for (const key of Object.keys(object)) {
      this.#append(separator);
      separator = ',';
      this.#overhead += VALUE_SIZE;
      let fault = this.#writeText(key);
      if (fault === undefined) {
        this.#append(':');
        fault = this.write((object as Record<string, unknown>)[key], depth + 1);
      }
      if (fault !== undefined) {
        return below(`.${showKey(key)}`, fault, depth);
      }
    }
    this.#append(separator === '{' ? '{}' : '}');
    return undefined;
  }

  #append(piece: string): void {
    this.#checkLength(piece.length);
    this.#text += piece;
  }

  /** Every UTF-16 unit takes at least one byte in UTF-8. */
  #checkLength(more: number): void {
    const length = this.#text.length + more;
    if (length > this.#maxBytes) {
      throw this.#tooLarge(`${length} or more`);
    }
    this.#checkJsonbSize(length);
  }

  #tooLarge(size: string): InvalidArgumentError {
    return new InvalidArgumentError(
      this.#argument,
      `must take at most ${this.#maxBytes} bytes as JSON text (option maxPayloadBytes), not ${size}`,
    );
  }

  #checkJsonbSize(bytes: number): void {
    if (bytes + this.#overhead > MAX_JSONB_SIZE) {
      throw new InvalidArgumentError(this.#argument, 'must not have more values than jsonb is sure to hold');
    }
  }
}

/** Of a deep path, the error names only the outermost steps. */
function below(step: string, fault: Fault, depth: number): Fault {
  return { path: depth < 10 ? step + fault.path : '…', reason: fault.reason };
}

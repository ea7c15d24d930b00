import { InvalidArgumentError } from '../contract/errors';

/**
 * What one message of the protocol can carry, but for the bytes that are no timer's. Source: PQ_LARGE_MESSAGE_LIMIT in
 * PostgreSQL, src/include/libpq/libpq.h.
 */
const MAX_MESSAGE_SIZE = 0x3fffffff - 64 * 1024;

/** Times, uuid, numbers, shard and its place, and the lengths that stand before each of the twelve values. */
const FIXED_WIRE_SIZE = 8 + 8 + 16 + 4 + 4 + 4 + 4 + 12 * 4;

/** The values of a timer whose size differs from one to another. */
interface SizedTimer {
  readonly id: string;
  readonly namespace: string;
  readonly callbackUrl: string | null;
  readonly payload: string | null;
  readonly retryPolicy: string | null;
}

/** How much of one message the timers take that it is to carry. */
export class MessageSize {
  readonly #argument: string;
  #count = 0;
  #bytes = 0;

  /** @param argument all of the timers, for the error. */
  constructor(argument: string) {
    this.#argument = argument;
  }

  /** @throws InvalidArgumentError for more than the message can carry. */
  add({ id, namespace, callbackUrl, payload, retryPolicy }: SizedTimer): void {
    this.#count++;
    this.#bytes += FIXED_WIRE_SIZE;
    for (const text of [id, namespace, callbackUrl, payload, retryPolicy]) {
      this.#bytes += text === null ? 0 : 1 + Buffer.byteLength(text);
    }
    if (this.#bytes > MAX_MESSAGE_SIZE) {
      throw new InvalidArgumentError(
        this.#argument,
        `must take at most ${MAX_MESSAGE_SIZE} bytes together, which is what one message to the server can carry, ` +
          `but its first ${this.#count} timers take ${this.#bytes}`,
      );
    }
  }
}

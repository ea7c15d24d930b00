import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';

/** A thousand a second: they take a few hundredths of a processor. */
const TURN_MS = 10;
const ANSWERS_A_TURN = 10;

/**
 * The line of the connections that showed a wrong key. Each waits for its turn to be answered, so that whoever tries
 * key after key, on however many connections, leaves the processor to the others.
 */
export class WrongKeys {
  readonly #waiting = new Map<Socket, () => void>();
  #turns: NodeJS.Timeout | undefined;

  /** Resolves when it is the connection's turn, or it is gone. */
  turnOf({ request: { socket }, raw }: FastifyReply): Promise<void> {
    if (this.#waiting.has(socket)) {
      // Of calls that were sent without awaiting an answer, the first holds up the others.
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#waiting.set(socket, resolve);
      raw.once('close', () => {
        if (this.#waiting.get(socket) === resolve) {
          this.#waiting.delete(socket);
        }
        resolve();
      });
      this.#turns ??= setInterval(() => this.#turn(), TURN_MS).unref();
    });
  }

  #turn(): void {
    let left = ANSWERS_A_TURN;
    for (const [socket, resolve] of this.#waiting) {
      if (left-- === 0) {
        return;
      }
      this.#waiting.delete(socket);
      resolve();
    }
    if (this.#waiting.size === 0) {
      clearInterval(this.#turns);
      this.#turns = undefined;
    }
  }
}

import { readRequirements } from '../generated/schema-check.queries';
import type { StoreCall } from './store-call';

/**
 * Whether the server has Citus, which keeps shards on servers of their own: no statement of many shards runs there.
 * `connect` has seen it; a pool of the caller is asked once, when it matters.
 */
export class CitusQuestion {
  /** Undefined: nobody has asked yet. */
  answer: boolean | undefined;
  #isAsking = false;

  async ask(call: StoreCall): Promise<boolean> {
    if (this.answer === undefined) {
      const { rows } = await call.read(readRequirements, undefined);
      this.answer = rows[0]?.hasCitus === true;
    }
    return this.answer;
  }

  /**
   * Answers those who cannot wait by what is known, and asks for the next time.
   *
   * @param call makes a call of the store, on which the question goes out.
   */
  answerOrAsk(call: (ask: (call: StoreCall) => Promise<boolean>) => Promise<boolean>): boolean | undefined {
    if (this.answer === undefined && !this.#isAsking) {
      this.#isAsking = true;
      call((asking) => this.ask(asking))
        // Whatever is wrong with the server, the calls that are under way find out, and say so.
        .catch(() => {})
        .finally(() => {
          this.#isAsking = false;
        });
    }
    return this.answer;
  }
}

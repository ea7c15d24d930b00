import type { ClientBase } from 'pg';
import { UnsupportedServerError } from '../contract/errors';
import type { Cluster } from '../driver/cluster';
import { onSetting } from '../driver/pg-internals';
import { runQuery } from '../driver/run-query';
import { readSession } from '../generated/schema-check.queries';
import { CitusParts } from './citus-parts';
import type { StoreCall } from './store-call';

/** For so long, in milliseconds, the parts of the table are taken to be where they were: they can be moved. */
const PARTS_MS = 60_000;

/**
 * Whether the server has Citus, which keeps parts of the table on servers of their own: a statement is of the shards of
 * one part, a worker may commit what its coordinator gave up on, and the coordinator hands times on as text, in the
 * DateStyle of its session.
 */
export class Citus implements Cluster {
  answer: boolean | undefined;
  readonly #isTold: boolean;
  #parts: CitusParts | undefined;
  #partsReadAt = Number.NEGATIVE_INFINITY;
  /** What stands for each worker. */
  readonly #workers = new Map<number, object>();
  readonly #dateStyles = new WeakMap<ClientBase, string>();

  /** @param isTold whether the answer is given before anything is written, as `connect` does. */
  constructor(isTold: boolean) {
    this.#isTold = isTold;
  }

  async ask(call: StoreCall): Promise<boolean> {
    if (this.answer === undefined) {
      // Any statement does: the check of its session has the answer.
      await call.read(readSession, undefined);
    }
    return this.answer === true;
  }

  partOf(shardId: number): number | undefined {
    return this.#parts?.partOf(shardId);
  }

  /** What is the same for shards of one worker; undefined: there are none, as far as is known. */
  workerOf(shardId: number): object | undefined {
    const number = this.#parts?.workerOf(shardId);
    if (number === undefined) {
      return undefined;
    }
    const worker = this.#workers.get(number) ?? { worker: number };
    this.#workers.set(number, worker);
    return worker;
  }

  forgetParts(): void {
    this.#parts = undefined;
  }

  async checkSession(client: ClientBase): Promise<void> {
    if (this.answer === false || (this.answer === undefined && this.#isTold)) {
      return;
    }
    if (!this.#dateStyles.has(client)) {
      const { rows } = await runQuery(client, readSession, undefined, false);
      const { hasCitus, dateStyle } = rows[0] as (typeof rows)[0] & {};
      this.answer = hasCitus;
      this.#dateStyles.set(client, dateStyle);
      onSetting(client, 'DateStyle', (value) => this.#dateStyles.set(client, value));
    }
    if (this.answer) {
      await this.#readParts(client);
    }
    const dateStyle = this.#dateStyles.get(client);
    if (this.answer && !dateStyle?.startsWith('ISO')) {
      const fault = `DateStyle of the session is ${dateStyle}, in which Citus would hand times on`;
      throw new UnsupportedServerError([fault], 'It must be ISO');
    }
  }

  async #readParts(client: ClientBase): Promise<void> {
    const now = performance.now();
    if (this.#parts === undefined || now - this.#partsReadAt >= PARTS_MS) {
      this.#partsReadAt = now;
      this.#parts = await CitusParts.read(client);
    }
  }
}

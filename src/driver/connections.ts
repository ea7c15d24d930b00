import type { Pool, PoolClient } from 'pg';
import { InvalidArgumentError, StoreClosedError } from '../contract/errors';
import { type ConnectionEvent, connectionChannel } from '../telemetry/connection-channel';
import { afterWaiting } from './after-waiting';
import { cancelStatement } from './cancel-statement';
import { checkOut, giveBack } from './check-out';
import type { Deadline } from './deadline';
import { clientsOf, cutConnection, hasEnded, isBusy, transactionStatusOf, wasUsed } from './pg-internals';
import { sqlStateOf } from './sqlstate';
import { translateConnectError } from './translate-error';

/** A connection that was not heard for as long is asked whether it still works, before a statement goes out on it. */
const MAX_UNHEARD_MS = 1000;

/** How long a connection may take to answer that question. */
const PROBE_MS = 500;

/** How long a server may take to end the sessions of a pool that is closed. */
const GOODBYE_MS = 1000;

/** When a connection was last heard. */
interface Heard {
  readonly at: number;
  /** By the clock of the day, since that of `performance` stands still while a machine is frozen. */
  readonly date: number;
}

/** Gives a pool's connections out, each only if a statement may go out on it. */
export class Connections {
  readonly #pool: Pool;
  readonly #heard = new WeakMap<PoolClient, Heard>();
  readonly #open = new Set<PoolClient>();
  /** The moment at which an unanswered statement was sent. Connections last heard before it are asked before use. */
  #doubtedSince = Number.NEGATIVE_INFINITY;
  /** The moment at which a connection was asked that did not answer. Connections last heard before it are not used. */
  #silentSince = Number.NEGATIVE_INFINITY;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** How many connections the pool may open. Undefined: one that a program brings of its own does not tell. */
  get max(): number | undefined {
    return (this.#pool as Partial<Pool>).options?.max;
  }

  /** @throws the deadline's error, StoreClosedError, StoreUnavailableError, AccessDeniedError */
  take(deadline: Deadline): Promise<PoolClient> {
    return new Promise((resolve, reject) => {
      if (deadline.isOver) {
        reject(deadline.error(true));
        return;
      }
      const stopListening = deadline.whenOver(() => reject(deadline.error(true)));
      this.#takeGood(deadline)
        // From here on it is about the connection, whether the call still waits for it or not.
        .finally(stopListening)
        .then(
          // A connection that comes too late goes straight back.
          (client) => (deadline.isOver ? giveBack(client, false) : resolve(client)),
          (error: unknown) => reject(translateConnectError(error)),
        );
    });
  }

  /** Waits for no connection that is in use: two calls that hold one each could wait for each other. */
  async takeAtOnce(deadline: Deadline): Promise<PoolClient | undefined> {
    const { idleCount, totalCount } = this.#pool;
    if (idleCount === 0 && totalCount >= (this.max ?? 0)) {
      return undefined;
    }
    // Nobody needs it badly enough to fail where the server has none left, or none for this role.
    return await this.take(deadline).catch(() => undefined);
  }

  /** @param isSpoilt whether the connection is not to be used again. */
  giveBack(client: PoolClient, isSpoilt: boolean): void {
    this.#hear(client);
    giveBack(client, isSpoilt);
  }

  /** Asks the server to stop what it does on a connection. */
  cancel(client: PoolClient): void {
    cancelStatement(client, this.#pool.options?.stream);
  }

  /** Notes that a statement which was sent at that moment was not answered. */
  doubt(sentAt: number): void {
    this.#doubtedSince = Math.max(this.#doubtedSince, sentAt);
  }

  /** Ends the pool, even if its server is silent. */
  async end(): Promise<void> {
    for (const client of clientsOf(this.#pool)) {
      if (!this.#open.has(client as PoolClient)) {
        // Nobody waits for a connection that is still being opened.
        cutConnection(client);
      }
    }
    setTimeout(() => this.#open.forEach(cutConnection), GOODBYE_MS).unref();
    await this.#pool.end();
  }

  async #takeGood(deadline: Deadline): Promise<PoolClient> {
    for (;;) {
      if (this.#pool.ending) {
        throw new StoreClosedError('The pool of the store has been ended');
      }
      const client = await checkOut(this.#pool);
      const reason = deadline.isOver ? undefined : await this.#findFault(client);
      if (reason === undefined) {
        return client;
      }
      connectionChannel.publish({ operation: deadline.operation, reason } satisfies ConnectionEvent);
      const isNew = !wasUsed(client);
      giveBack(client, true);
      if (reason === 'inTransaction' && isNew) {
        throw new InvalidArgumentError('pool', 'begins a transaction on each connection that it opens');
      }
    }
  }

  async #findFault(client: PoolClient): Promise<ConnectionEvent['reason'] | undefined> {
    this.#remember(client);
    const heard = this.#heard.get(client);
    if (heard !== undefined && heard.at < this.#silentSince) {
      cutConnection(client);
      return 'silent';
    }
    if (this.#isInDoubt(client, heard)) {
      const fault = await this.#probe(client);
      if (fault !== undefined) {
        return fault;
      }
    }
    return transactionStatusOf(client) === 'I' ? undefined : 'inTransaction';
  }

  #isInDoubt(client: PoolClient, heard: Heard | undefined): boolean {
    if (isBusy(client)) {
      // Whoever had it before did not wait for the last answer, which may begin a transaction.
      return true;
    }
    if (heard === undefined) {
      return wasUsed(client) || transactionStatusOf(client) === undefined;
    }
    const unheard = Date.now() - heard.date;
    // Below zero: the clock was put back.
    return heard.at < this.#doubtedSince || unheard > MAX_UNHEARD_MS || unheard < 0;
  }

  /** Sends an empty query, which the server answers as any other. */
  async #probe(client: PoolClient): Promise<'ended' | 'silent' | undefined> {
    const askedAt = performance.now();
    let isSilent = false;
    const stopWaiting = afterWaiting(PROBE_MS, () => {
      isSilent = true;
      this.#silentSince = Math.max(this.#silentSince, askedAt);
      cutConnection(client);
    });
    try {
      await client.query('');
      return undefined;
    } catch (error) {
      if (isSilent) {
        return 'silent';
      }
      if (hasEnded(client) || sqlStateOf(error) !== undefined) {
        return 'ended';
      }
      giveBack(client, true);
      throw error;
    } finally {
      stopWaiting();
    }
  }

  #remember(client: PoolClient): void {
    if (!this.#open.has(client)) {
      this.#open.add(client);
      client.once('end', () => this.#open.delete(client));
    }
  }

  #hear(client: PoolClient): void {
    this.#heard.set(client, { at: performance.now(), date: Date.now() });
  }
}

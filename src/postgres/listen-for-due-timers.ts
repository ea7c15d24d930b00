import { escapeIdentifier, type Notification, type Pool, type PoolClient } from 'pg';
import type { DueEvents, DueListener } from '../contract/due-timers';
import { InvalidArgumentError, StoreClosedError } from '../contract/errors';
import type { PoolCallOptions } from '../contract/types';
import { checkOut, giveBack } from '../driver/check-out';
import type { Deadline } from '../driver/deadline';
import { runQuery } from '../driver/run-query';
import { translateConnectError } from '../driver/translate-error';
import { readDueChannel, readIsListening } from '../generated/due.queries';
import { checkMethod } from '../validation/objects';
import type { StoreContext } from './store-context';

/** How long to wait between two looks at whether the session still listens, and for the answer to one. */
const HEARTBEAT_MS = 3000;

/** What an announcement of shards carries. Whatever else comes may be about any shard. */
const SHARD_IDS = /^-?\d+(?:,-?\d+)*$/;

/** How long to wait between two tries to listen anew: doubled from one try to the next. */
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5000;

export async function listenForDueTimers(
  store: StoreContext,
  events: DueEvents,
  options?: PoolCallOptions,
): Promise<DueListener> {
  checkMethod('events', events, 'onDue');
  checkMethod('events', events, 'onLoss');
  return await store.call('listenForDueTimers', options, async ({ client, deadline }) => {
    if (client !== undefined) {
      throw new InvalidArgumentError(
        'options.client',
        'is not for listening, which holds a connection of the pool',
      );
    }
    if (store.runner.maxConnections === 1) {
      throw new InvalidArgumentError(
        'maxOpenConns',
        'must be at least 2, since listening holds one connection',
      );
    }
    if (store.pool.ending) {
      throw new StoreClosedError('The pool of the store has been ended');
    }
    const listener = new DueTimersListener(store.pool, events, () => store.listeners.delete(listener));
    await openInTime(listener, deadline);
    store.listeners.add(listener);
    return listener;
  });
}

/** @throws the deadline's error: a connection that comes later is ended. */
function openInTime(listener: DueTimersListener, deadline: Deadline): Promise<void> {
  return new Promise((resolve, reject) => {
    if (deadline.isOver) {
      reject(deadline.error(true));
      return;
    }
    const stopListening = deadline.whenOver(() => {
      void listener.close();
      reject(deadline.error(true));
    });
    listener.open().finally(stopListening).then(resolve, reject);
  });
}

/** A session that listens, and is replaced by another one when it is lost. */
class DueTimersListener implements DueListener {
  readonly #pool: Pool;
  readonly #events: DueEvents;
  readonly #onClosed: () => void;
  #session: Session | undefined;
  #timer: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;
  #isClosed = false;

  constructor(pool: Pool, events: DueEvents, onClosed: () => void) {
    this.#pool = pool;
    this.#events = events;
    this.#onClosed = onClosed;
  }

  /** @throws StoreUnavailableError */
  async open(): Promise<void> {
    const session = new Session(this.#pool, (shardIds) => this.#events.onDue(shardIds));
    try {
      await session.open();
    } catch (error) {
      throw translateConnectError(error);
    }
    this.#session = session;
    if (this.#isClosed) {
      session.end();
      return;
    }
    this.#retryMs = FIRST_RETRY_MS;
    session.whenLost((error) => this.#replace(error));
    this.#after(HEARTBEAT_MS, () => this.#beat(session));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#session?.end();
    this.#onClosed();
  }

  async #beat(session: Session): Promise<void> {
    try {
      await session.check();
    } catch (error) {
      this.#replace(error as Error);
      return;
    }
    this.#after(HEARTBEAT_MS, () => this.#beat(session));
  }

  #replace(error: Error): void {
    if (this.#isClosed || this.#session === undefined) {
      return;
    }
    this.#session.end();
    this.#session = undefined;
    clearTimeout(this.#timer);
    this.#events.onLoss(error);
    this.#retry();
  }

  #retry(): void {
    this.#after(this.#retryMs, async () => {
      this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
      try {
        await this.open();
      } catch (error) {
        this.#events.onLoss(error as Error);
        this.#retry();
        return;
      }
      // Nobody heard what was announced meanwhile.
      this.#events.onDue(null);
    });
  }

  /** Waits without keeping the process alive. */
  #after(ms: number, work: () => Promise<void>): void {
    if (!this.#isClosed) {
      this.#timer = setTimeout(() => void work(), ms).unref();
    }
  }
}

/** One connection on which a session listens. */
class Session {
  readonly #pool: Pool;
  readonly #onDue: (shardIds: readonly number[] | null) => void;
  #client: PoolClient | undefined;
  #channel = '';
  #onLost: ((error: Error) => void) | undefined;

  constructor(pool: Pool, onDue: (shardIds: readonly number[] | null) => void) {
    this.#pool = pool;
    this.#onDue = onDue;
  }

  /** @throws Error the session is silent, as one of the pool may be without anybody having noticed, or does not listen. */
  async open(): Promise<void> {
    const client = await checkOut(this.#pool);
    this.#client = client;
    try {
      await answered(this.#listen(client));
    } catch (error) {
      this.end();
      throw error;
    }
  }

  whenLost(onLost: (error: Error) => void): void {
    this.#onLost = onLost;
  }

  /** @throws Error the session is silent, or does not listen. */
  async check(): Promise<void> {
    if (this.#client !== undefined) {
      await answered(this.#checkListening(this.#client));
    }
  }

  async #listen(client: PoolClient): Promise<void> {
    const { rows } = await runQuery(client, readDueChannel, undefined, false);
    this.#channel = rows[0]?.channel ?? '';
    client.on('notification', this.#hear);
    client.on('error', this.#lose);
    client.on('end', this.#lose);
    // LISTEN takes no parameter.
    await client.query(`LISTEN ${escapeIdentifier(this.#channel)}`);
    await this.#checkListening(client);
  }

  async #checkListening(client: PoolClient): Promise<void> {
    const { rows } = await runQuery(client, readIsListening, { channel: this.#channel }, false);
    if (rows[0]?.isListening !== true) {
      throw new Error('The session does not listen any more: a pooler gave another one, or UNLISTEN was run');
    }
  }

  /** Ends the connection: whoever had it next would hear what it listens to. */
  end(): void {
    const client = this.#client;
    if (client === undefined) {
      return;
    }
    this.#client = undefined;
    this.#onLost = undefined;
    client.off('notification', this.#hear);
    client.off('error', this.#lose);
    client.off('end', this.#lose);
    giveBack(client, true);
  }

  readonly #hear = ({ channel, payload = '' }: Notification) => {
    if (channel === this.#channel) {
      this.#onDue(SHARD_IDS.test(payload) ? payload.split(',').map(Number) : null);
    }
  };

  readonly #lose = (error?: Error) =>
    this.#onLost?.(error ?? new Error('The connection that listens was lost'));
}

/** @throws Error nothing came in time. */
async function answered(asking: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The session that listens does not answer')), HEARTBEAT_MS);
  });
  try {
    await Promise.race([asking, silence]);
  } finally {
    clearTimeout(timer);
  }
}

import type { Pool } from 'pg';
import { CallGate } from '../contract/call-gate';
import type { DueListener } from '../contract/due-timers';
import type { UnreadableRowError } from '../contract/errors';
import type { CallOptions, StoreOptions } from '../contract/types';
import { CallDeadline, endlessDeadline } from '../driver/deadline';
import { StatementRunner } from '../driver/statement-runner';
import { instrument, type ServerInfo } from '../telemetry/instrument';
import { DEFAULT_MAX_PAYLOAD_BYTES, parseCallOptions } from '../validation/options';
import { Citus } from './citus';
import { StoreCall } from './store-call';
import type { StoreVitals } from './store-vitals';
import { WriteQueue } from './write-queue';

/** What each kind of call needs of the store that it is made on. */
export class StoreContext {
  readonly pool: Pool;
  readonly runner: StatementRunner;
  readonly maxPayloadBytes: number;
  readonly onUnreadableRow: (error: UnreadableRowError) => void;
  readonly citus: Citus;
  /** Whether single creates go by the queue as well. */
  readonly batchCreates: boolean;
  /** The calls that are each for one timer, and share statements. */
  readonly writes: WriteQueue;
  /** Listeners that hold a connection, and are closed with the store. */
  readonly listeners = new Set<DueListener>();
  readonly #server: ServerInfo;
  readonly #ownsPool: boolean;
  readonly #gate = new CallGate();
  #closing: Promise<void> | undefined;

  /** @param ownsPool whether the pool ends with the store. */
  constructor(pool: Pool, ownsPool: boolean, options: StoreOptions) {
    this.pool = pool;
    this.citus = new Citus(ownsPool);
    this.runner = new StatementRunner(pool, this.citus, options.preparedStatements);
    this.maxPayloadBytes = options.maxPayloadBytes ?? DEFAULT_MAX_PAYLOAD_BYTES;
    this.onUnreadableRow = options.onUnreadableRow ?? warn;
    this.batchCreates = options.batchCreates ?? true;
    this.writes = new WriteQueue(
      (operation, deadline) => new StoreCall(this.runner, operation, deadline),
      this.citus,
    );
    // A pool that a program brings of its own may have none.
    const { host, port, database } = (pool as Partial<Pool>).options ?? {};
    this.#server = { address: host, port, database };
    this.#ownsPool = ownsPool;
  }

  /**
   * Lets a call in, and gives it its time.
   *
   * @throws StoreClosedError
   */
  call<T>(
    operation: string,
    options: CallOptions | undefined,
    run: (call: StoreCall) => Promise<T>,
  ): Promise<T> {
    const instrumented = instrument();
    return instrumented === undefined
      ? this.#call(operation, options, run)
      : instrumented.call({ operation, server: this.#server }, () => this.#call(operation, options, run));
  }

  async #call<T>(
    operation: string,
    options: CallOptions | undefined,
    run: (call: StoreCall) => Promise<T>,
  ): Promise<T> {
    const { client, ...callOptions } = parseCallOptions(options);
    this.#gate.enter();
    const deadline = client === undefined ? new CallDeadline(operation, callOptions) : undefined;
    try {
      return await run(new StoreCall(this.runner, operation, deadline ?? endlessDeadline(operation), client));
    } finally {
      deadline?.dispose();
      this.#gate.leave();
    }
  }

  vitals(): StoreVitals {
    const { totalCount, idleCount, waitingCount } = this.pool;
    return {
      server: this.#server,
      connections: {
        idle: idleCount,
        used: totalCount - idleCount,
        max: this.runner.maxConnections,
      },
      waiting: waitingCount,
      queuedWrites: this.writes.waiting,
    };
  }

  /** Waits for the calls that were let in, and ends what the store has opened. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    await this.#gate.close();
    await Promise.all([...this.listeners].map((listener) => listener.close()));
    if (this.#ownsPool) {
      await this.runner.end();
    }
  }
}

function warn({ message, name, code }: UnreadableRowError): void {
  process.emitWarning(message, { type: name, code });
}

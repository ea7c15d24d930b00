import { channel } from 'node:diagnostics_channel';

/** What is published when a connection of the pool is ended instead of used. */
export interface ConnectionEvent {
  /** The store method that was to use it. It goes on with another one. */
  readonly operation: string;
  /**
   * - `inTransaction`: whoever had it before gave it back without COMMIT or ROLLBACK. What was written there is undone.
   * - `ended`: its session was over, and nobody had noticed.
   * - `silent`: the server does not answer on it.
   */
  readonly reason: 'inTransaction' | 'ended' | 'silent';
}

/** `inTransaction` is a fault of the program around the store: its writes are lost. */
export const connectionChannel = channel('pg-timer-store:connection');

import { InvalidArgumentError } from '../contract/errors';
import type { ServerInfo } from '../telemetry/instrument';

/** How a store does at this moment. */
export interface StoreVitals {
  readonly server: ServerInfo;
  readonly connections: { readonly idle: number; readonly used: number; readonly max: number | undefined };
  /** Callers that wait for a connection. */
  readonly waiting: number;
  /** Calls that wait to share a statement. */
  readonly queuedWrites: number;
}

const vitals = new WeakMap<object, () => StoreVitals>();

/** Lets this library look at the pool and the queue of a store. */
export function shareVitals(store: object, read: () => StoreVitals): void {
  vitals.set(store, read);
}

/** @throws InvalidArgumentError for anything but a `PostgresTimerStore`. */
export function vitalsOf(argument: string, store: unknown): () => StoreVitals {
  const read = typeof store === 'object' && store !== null ? vitals.get(store) : undefined;
  if (read === undefined) {
    throw new InvalidArgumentError(argument, 'must be a PostgresTimerStore');
  }
  return read;
}

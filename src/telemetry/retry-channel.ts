import { channel } from 'node:diagnostics_channel';
import type { StoreUnavailableError } from '../contract/errors';

/** What is published when an attempt is about to be made again. */
export interface RetryEvent {
  /** The store method. */
  readonly operation: string;
  /** Why the last attempt failed. */
  readonly error: StoreUnavailableError;
}

/** A log line for each retry tells, at night, what the callers are waiting for. */
export const retryChannel = channel('pg-timer-store:retry');

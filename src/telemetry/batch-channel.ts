import { channel } from 'node:diagnostics_channel';

/** What is published of each statement that is about many timers at once, or could be. */
export interface BatchEvent {
  /** The store method. */
  readonly operation: string;
  readonly timers: number;
}

/** How well calls gather in statements, and how full pages are. */
const batchChannel = channel('pg-timer-store:batch');

export function publishBatch(operation: string, timers: number): void {
  if (batchChannel.hasSubscribers) {
    batchChannel.publish({ operation, timers } satisfies BatchEvent);
  }
}

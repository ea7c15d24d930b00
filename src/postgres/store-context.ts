import type { DueListener } from '../contract/due-timers';
import type { UnreadableRowError } from '../contract/errors';
import type { CallOptions } from '../contract/types';
import type { CitusQuestion } from './citus-question';
import type { StoreCall } from './store-call';
import type { WriteQueue } from './write-queue';

/** What each kind of call needs of the store that it is made on. */
export interface StoreContext {
  readonly maxPayloadBytes: number;
  readonly onUnreadableRow: (error: UnreadableRowError) => void;
  readonly citus: CitusQuestion;
  /** Whether single creates go by the queue as well. */
  readonly batchCreates: boolean;
  /** Of calls that are each for one timer. */
  readonly writes: WriteQueue;
  /** Listeners that hold a connection, and are closed with the store. */
  readonly listeners: Set<DueListener>;
  /**
   * Lets a call in, and gives it its time.
   *
   * @throws StoreClosedError
   */
  call<T>(
    operation: string,
    options: CallOptions | undefined,
    run: (call: StoreCall) => Promise<T>,
  ): Promise<T>;
}

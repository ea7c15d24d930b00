import type { DueListener } from '../contract/due-timers';
import type { UnreadableRowError } from '../contract/errors';
import type { CallOptions } from '../contract/types';
import type { CitusQuestion } from './citus-question';
import type { CreateQueue } from './create-queue';
import type { StoreCall } from './store-call';

/** What each kind of call needs of the store that it is made on. */
export interface StoreContext {
  readonly maxPayloadBytes: number;
  readonly onUnreadableRow: (error: UnreadableRowError) => void;
  readonly citus: CitusQuestion;
  /** Undefined: creates go out one by one. */
  readonly creates: CreateQueue | undefined;
  /** Those that hold a connection, and are to be closed with the store. */
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

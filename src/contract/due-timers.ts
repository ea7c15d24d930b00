import type { TimerStoreError } from './errors';
import type { Timer, TimerCursor } from './types';

/** A shard, and the place after which it is read. */
export interface DuePlace {
  readonly shardId: number;
  /** Exclusive. */
  readonly after: TimerCursor;
}

/** What is due in some shards. */
export interface DueTimers {
  /** The server's time, in milliseconds since 1970 with a fraction: as near to its answer as it can be had. */
  readonly nowMs: number;
  /** In the order of the places that were asked for, without those of `failures`. */
  readonly shards: readonly DueShard[];
  /** By shard, why it could not be read now while others could: its worker of Citus, or its server of several, is away. */
  readonly failures?: ReadonlyMap<number, TimerStoreError>;
}

/** What is due in one shard. */
export interface DueShard {
  readonly shardId: number;
  /** Of the shard when it was read; null: it was never claimed, or is being moved. */
  readonly shardVersion: number | null;
  readonly ownerAddr: string | null;
  /** In order. */
  readonly timers: readonly Timer[];
  /** The last row that was read, be it one that cannot be read as a timer; null: there was none. */
  readonly last: TimerCursor | null;
  /** Whether as many were read as were asked for at most: there may be more. */
  readonly isCut: boolean;
  /** When the first timer of the shard is due after that; null: there is none, or one that cannot be read. */
  readonly nextExecuteAt: Date | null;
}

/** Ends what `listenForDueTimers` began. */
export interface DueListener {
  /** Resolves once no more is heard. Idempotent. */
  close(): Promise<void>;
}

/** What a listener is told. */
export interface DueEvents {
  /** Timers of these shards were announced; null: any shard may have some. */
  onDue(shardIds: readonly number[] | null): void;
  /**
   * The session that listens was lost, and what was announced since is not known; another one is opened, and then `onDue`
   * is called with null.
   */
  onLoss(error: Error): void;
}

import type { UnreadableRowError } from './errors';
import type { PostgresClient } from './postgres-pool';

/** A value that JSON can carry. -0 is refused: it would be read back as 0. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/**
 * What a payload may be typed as: a {@link JsonValue}, or an object or array of which every part is one, an interface
 * included, which has no index signature. An optional field may be `undefined` by its type, as schema libraries infer it;
 * a payload that has such a field is refused when it is stored.
 */
export type JsonCompatible<T> = JsonValue | (NoFunction & JsonParts<T>);

/** Functions alone have this symbol. */
type NoFunction = object & { readonly [Symbol.hasInstance]?: never };

type JsonParts<T> = { [K in keyof T]: JsonPart<T[K], AbsentField<T, K>> };

type JsonPart<T, Absent> = T extends JsonValue | Absent ? T : T extends NoFunction ? JsonParts<T> : never;

/** What the value of a field may be that is not there: elements of arrays and values of records are. */
type AbsentField<T, Key extends keyof T> = string extends Key
  ? never
  : number extends Key
    ? never
    : Record<never, never> extends Pick<T, Key>
      ? undefined
      : never;

/** What every call can be given. */
export type CallOptions = PoolCallOptions | TransactionCallOptions;

/** Of a call on a connection of the store's pool. */
export interface PoolCallOptions {
  /** Stops the call, on the server too, which then throws `CallAbortedError`. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the whole call, the wait for a connection included; then `CallTimeoutError`. (Default: 10,000) */
  readonly timeoutMs?: number | undefined;
  readonly client?: undefined;
}

/** Of a call in a transaction of the caller, which neither a signal nor a time-out may break. */
export interface TransactionCallOptions {
  /**
   * A connection on which the caller has begun a transaction, on the server that has the shard: the call becomes part of
   * it, and is done or undone with it. Nothing else happens there: no retry, no time-out, no sharing of statements. After
   * an error of the server the transaction can only be rolled back. A fenced write keeps claims of its shard waiting until
   * the transaction ends.
   */
  readonly client: PostgresClient;
  readonly signal?: undefined;
  readonly timeoutMs?: undefined;
}

/** How a store talks to the server. */
export interface StoreOptions {
  /**
   * Whether queries run as named prepared statements, which saves the server parsing and planning each call.
   * False is for a pooler in transaction mode that does not track them. (Default: true)
   */
  readonly preparedStatements?: boolean | undefined;
  /**
   * Whether concurrent `createTimer` calls may share a statement, and `createTimerNoLock` calls another, whatever their
   * shards; on Citus, those of one shard. A call goes out at once while no other is under way; those that arrive
   * meanwhile leave together, in a second statement or the next one. Each fails or succeeds by itself. Of two of the same
   * timer that share a statement, the later call wins; otherwise calls that do not wait for each other may come in any
   * order. A call that times out or is aborted when its statement was sent, and others share it, cannot know whether it was
   * applied. (Default: true)
   */
  readonly batchCreates?: boolean | undefined;
  /**
   * The most bytes that one payload may take as JSON text in UTF-8: 1 to 268,435,455, beyond which jsonb holds
   * nothing. A payload that jsonb could not hold, or whose numbers are written out too long to be read back, is
   * refused below that too. (Default: 102,400, which is 100 KiB)
   */
  readonly maxPayloadBytes?: number | undefined;
  /**
   * Told of each timer that a page cannot contain since another program wrote something that cannot be read; the
   * other timers of the page arrive. A range delete removes such a row with its neighbours, so save what is needed of
   * it. If this throws, so does the call. (Default: `process.emitWarning`, which prints it)
   */
  readonly onUnreadableRow?: ((error: UnreadableRowError) => void) | undefined;
}

/** A place in the order of a shard's timers: by `executeAt`, then by `uuid`. */
export interface TimerCursor {
  readonly executeAt: Date;
  readonly uuid: string;
}

/** The timers after `after` (exclusive) up to `upTo` (inclusive). */
export interface TimerRange {
  readonly after: TimerCursor;
  readonly upTo: TimerCursor;
}

/** State of a shard that outlives its owners. */
export interface ShardMetadata {
  /**
   * How far the shard has been read. A timer that is created behind it is missed by whoever reads on from here, and lost
   * if the range up to here is deleted: it is a hint that saves a way through dead rows, for those who also read from the
   * beginning every so often and delete by key. The engine does without. Absent on a new shard.
   */
  readonly committedOffset?: TimerCursor;
  /** How many shards the data was made with. The engine keeps it with shard 0. */
  readonly shardCount?: number;
}

/** A shard and its owner. */
export interface ShardInfo {
  readonly shardId: number;
  /** What it was claimed by: of an engine, its `address`. */
  readonly ownerAddr: string;
  /** 1 for the first claim, one more for each that follows. */
  readonly shardVersion: number;
  readonly metadata: ShardMetadata;
  /** By the server's clock, in whole milliseconds. */
  readonly claimedAt: Date;
}

/** What a claim changed. */
export interface ShardClaim {
  /** The owner before; null for the first claim of a shard. */
  readonly previous: ShardInfo | null;
  readonly current: ShardInfo;
}

/** When a delivery that failed is tried again, and when it is given up. The store keeps it, the engine goes by it. No number is negative. */
export interface RetryPolicy {
  /** After so many it is given up, the first one counted. A whole number; 0: no limit. (Default: the engine's, then 20) */
  readonly maxAttempts?: number;
  /** From the beginning of the first attempt, over crashes and hand-overs; 0: no limit. (Default: the engine's, then 0) */
  readonly maxAttemptsDurationSeconds?: number;
  /** Between the first two attempts, give or take a tenth. (Default: the engine's, then 1) */
  readonly initialIntervalSeconds?: number;
  /** By which each interval is longer than the one before. (Default: the engine's, then 2) */
  readonly backoffMultiplier?: number;
  /** Which no interval is above. (Default: the engine's, then 300) */
  readonly maxIntervalSeconds?: number;
}

/**
 * A timer to create. A field that is absent takes its default; one that is `undefined` is refused.
 *
 * @typeParam P the payload, which may be left out only if it may be null.
 */
export type NewTimer<P = JsonValue> = NewTimerFields &
  (null extends P ? Partial<PayloadField<P>> : PayloadField<P>);

interface PayloadField<P> {
  /**
   * What is delivered: any JSON value of at most `maxPayloadBytes` of the store as text, and 1,000 levels deep. It is kept as jsonb, which puts the keys
   * of objects in an order of its own: do not sign or compare it by its text. (Default: null)
   */
  readonly payload: P;
}

/** What a new timer has beside its payload. */
export interface NewTimerFields {
  /** 1 to 255 characters, unique within its namespace and shard. Its shard follows from it. */
  readonly id: string;
  /** What ids are unique in, such as a tenant or a kind of timer. 1 to 255 characters. */
  readonly namespace: string;
  /** When it is due, between the years 1 and 9999, in UTC. A time that has passed is due at once. */
  readonly executeAt: Date;
  /**
   * Where `httpDelivery` posts it: an absolute http or https URL of at most 2,048 characters. Kept as it is written.
   * (Default: null, for none)
   */
  readonly callbackUrl?: string | null;
  /** When a failed delivery is tried again; for what it leaves open, the engine's counts. (Default: null) */
  readonly retryPolicy?: RetryPolicy | null;
  /** For a call of `httpDelivery`, from opening a connection to the end of the answer. At least 1, whole. (Default: 30) */
  readonly callbackTimeoutSeconds?: number;
  /**
   * Orders the timers that are due in the same millisecond; not all zeros. Returned in lower case.
   * (Default: `timerUuid(namespace, id)`)
   */
  readonly uuid?: string;
  /** (Default: now, by the clock of this process) */
  readonly createdAt?: Date;
  /** Deliveries that count as failed already. A whole number. (Default: 0) */
  readonly attempts?: number;
  /**
   * The W3C trace context to which deliveries of the timer link: the value of a `traceparent` header. (Default: of the span
   * that is active, where `instrumentTimers` of `pg-timer-store/telemetry` is on and the span is sampled; else null)
   */
  readonly traceparent?: string | null;
}

/** Timers to create in one shard. */
export interface TimerBatch<T extends NewTimerFields = NewTimer> {
  readonly shardId: number;
  /** The version at which the shard is owned. Absent: without a fence. */
  readonly shardVersion?: number;
  /** Each id once in its namespace. */
  readonly timers: readonly T[];
}

/** A timer as it is stored. */
export interface Timer<P = JsonValue> {
  /** Unique within its namespace. */
  readonly id: string;
  readonly namespace: string;
  /** Orders the timers of one millisecond. */
  readonly uuid: string;
  /** When its next delivery is due: `dueAt`, or the time of another attempt. */
  readonly executeAt: Date;
  /** Where `httpDelivery` posts it; null: nowhere. */
  readonly callbackUrl: string | null;
  /** Equal to what was given; the keys of its objects may be in another order. */
  readonly payload: P;
  /** Null, and what it leaves open: the engine's. */
  readonly retryPolicy: RetryPolicy | null;
  readonly callbackTimeoutSeconds: number;
  /** When it was created or replaced, by the clock of the process that did it. */
  readonly createdAt: Date;
  /** When it was last changed, by the server's clock; `createdAt` if it was not. */
  readonly updatedAt: Date;
  /** What it was scheduled for: `executeAt`, unless that is the time of another attempt. */
  readonly dueAt: Date;
  /** When the first of its failed deliveries began; null if none has failed. */
  readonly firstAttemptAt: Date | null;
  /** Deliveries that have failed. */
  readonly attempts: number;
  /** Why the last of them failed, at most 1,000 characters; null if none has. */
  readonly lastError: string | null;
  /** The W3C trace context in which it was created; null if none was active. An update leaves it as it is. */
  readonly traceparent: string | null;
  /** Opaque. Another one after each change of the timer, and never the same again. */
  readonly revision: string;
}

/** A timer that was given up: it is not delivered until it is revived. */
export interface DeadTimer<P = JsonValue> extends Timer<P> {
  readonly lastError: string;
  /** By the server's clock. */
  readonly diedAt: Date;
}

/** Fields to change. Absent: keep what is there. Null: clear it. `undefined` is refused. */
export interface TimerChanges<P = JsonValue> {
  /** Also makes it the time that the timer is due at, so that `firstAttemptAt` and `lastError` are cleared. */
  readonly executeAt?: Date;
  readonly callbackUrl?: string | null;
  /** Within the limits of a new timer's. */
  readonly payload?: P;
  readonly retryPolicy?: RetryPolicy | null;
  readonly callbackTimeoutSeconds?: number;
  /** Deliveries that count as failed from then on. */
  readonly attempts?: number;
}

/** How many timers a range delete removed. */
export interface RangeDeleteResult {
  readonly deletedCount: number;
}

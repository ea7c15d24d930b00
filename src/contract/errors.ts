import { MIGRATE_COMMAND } from './migrate-command';

/** The codes of all errors of this library, {@link TimerStoreError.code}. */
export type TimerStoreErrorCode =
  | 'ACCESS_DENIED'
  | 'CALL_ABORTED'
  | 'CALL_TIMEOUT'
  | 'INVALID_ARGUMENT'
  | 'OUTCOME_UNKNOWN'
  | 'SCHEDULE_FAILED'
  | 'SCHEMA_MISMATCH'
  | 'SHARD_CONDITION_FAILED'
  | 'SHARD_MOVED'
  | 'SHARD_MOVE_FAILED'
  | 'STORE_CLOSED'
  | 'STORE_UNAVAILABLE'
  | 'TIMER_NOT_FOUND'
  | 'UNEXPECTED_SERVER_ERROR'
  | 'UNREADABLE_ROW'
  | 'UNSUPPORTED_SERVER';

/**
 * Base of every error that this library throws. `cause` keeps the error of the driver, where there is one.
 *
 * `retryable` says whether the very same call may simply be made again: nothing of it was applied.
 */
export abstract class TimerStoreError extends Error {
  /** Stable, for programs to switch on; the message is for people and may change. */
  abstract readonly code: TimerStoreErrorCode;
  /** Nothing was applied, and the very same call may be made again. */
  abstract readonly retryable: boolean;
}

/**
 * Thrown when the shard has another version than the caller thinks, or was never claimed: the caller has
 * lost the shard and must stop working on it. Nothing was applied. Also thrown by a claim that lost a race.
 */
export class ShardConditionFailedError extends TimerStoreError {
  readonly code = 'SHARD_CONDITION_FAILED';
  readonly retryable = false;

  constructor(
    readonly shardId: number,
    /** The version the call was made under; of a lost claim, the one that it saw (0: never claimed before). */
    readonly expectedVersion: number,
  ) {
    super(
      `Shard ${shardId} is not at version ${expectedVersion}: another process has claimed it, or it was never claimed`,
    );
  }
}

/**
 * Thrown when the shard is not to be used on this server: it is being moved to or from it, or has moved away. Nothing
 * was applied. A fenced write of a former owner still gets {@link ShardConditionFailedError}.
 */
export class ShardMovedError extends TimerStoreError {
  readonly code = 'SHARD_MOVED';
  readonly retryable = false;

  constructor(readonly shardId: number) {
    super(
      `Shard ${shardId} is being moved to or from this server, or has moved away: ` +
        'look up which server has it now, and ask that one; during the move, later',
    );
  }
}

/** Thrown by `moveShard` when the servers are not as it needs them. Nothing was lost; what to do is in `reason`. */
export class ShardMoveFailedError extends TimerStoreError {
  readonly code = 'SHARD_MOVE_FAILED';
  readonly retryable = false;

  constructor(
    readonly shardId: number,
    readonly reason: string,
  ) {
    super(`Cannot move shard ${shardId}: ${reason}`);
  }
}

/** Thrown by an update or delete of a timer that is not there. */
export class TimerNotFoundError extends TimerStoreError {
  readonly code = 'TIMER_NOT_FOUND';
  readonly retryable = false;

  constructor(
    readonly shardId: number,
    readonly namespace: string,
    readonly timerId: string,
  ) {
    super(
      `No timer ${JSON.stringify(timerId)} in namespace ${JSON.stringify(namespace)} of shard ${shardId}`,
    );
  }
}

/**
 * Thrown for an argument that the store cannot keep exactly, before anything is sent. The one exception
 * only the server can see: a `uuid` that another timer of the shard has at the same `executeAt`.
 */
export class InvalidArgumentError extends TimerStoreError {
  readonly code = 'INVALID_ARGUMENT';
  readonly retryable = false;

  constructor(
    /** Path of the argument, such as `timers[3].callbackUrl`. */
    readonly argument: string,
    /** What it must be, as the message says behind its path. */
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`${argument} ${reason}`, options);
  }
}

/**
 * Thrown when the connection was lost after a write was sent: it may or may not have been applied. Also when somebody
 * cancelled a write's wait for synchronous standbys: it was applied, but a failover may undo it.
 */
export class OutcomeUnknownError extends TimerStoreError {
  readonly code = 'OUTCOME_UNKNOWN';
  readonly retryable = false;

  constructor(
    /** The method that was called. */
    readonly operation: string,
    options?: ErrorOptions,
    reason = `The connection was lost during ${operation}: it may or may not have been applied`,
  ) {
    super(`${reason}. Read the timer or the shard to find out`, options);
  }
}

/**
 * Thrown when the server could not do the call within its time, or cannot at all: no connection, a server that is
 * starting, stopping or out of resources, a full pool, a deadlock. Nothing was applied.
 */
export class StoreUnavailableError extends TimerStoreError {
  readonly code = 'STORE_UNAVAILABLE';
  readonly retryable = true;
}

/**
 * Thrown when the server does not let the role do it: a wrong password or none, no such role or database, or a missing
 * privilege; see `cause`. Nothing was applied.
 */
export class AccessDeniedError extends TimerStoreError {
  readonly code = 'ACCESS_DENIED';
  readonly retryable = false;
}

/**
 * Thrown when `timeoutMs` passed. The server was asked to stop the statement. `retryable` is true when it is known
 * that nothing was applied; false when a write was sent and the server did not say at once that it has stopped it, or
 * what it stopped was the wait for synchronous standbys.
 */
export class CallTimeoutError extends TimerStoreError {
  readonly code = 'CALL_TIMEOUT';

  constructor(
    readonly operation: string,
    readonly timeoutMs: number,
    readonly retryable: boolean,
    options?: ErrorOptions,
  ) {
    super(`${operation} did not finish within ${timeoutMs} ms; ${outcome(retryable)}`, options);
  }
}

/** Thrown when `signal` fired; its reason is the `cause`. Otherwise like {@link CallTimeoutError}. */
export class CallAbortedError extends TimerStoreError {
  readonly code = 'CALL_ABORTED';

  constructor(
    readonly operation: string,
    readonly retryable: boolean,
    options?: ErrorOptions,
  ) {
    super(`${operation} was aborted by its signal; ${outcome(retryable)}`, options);
  }
}

function outcome(nothingApplied: boolean): string {
  return nothingApplied ? 'nothing was applied' : 'it may or may not have been applied';
}

/** Thrown by every call after `close()`, or after the caller has ended the pool of the store. */
export class StoreClosedError extends TimerStoreError {
  readonly code = 'STORE_CLOSED';
  readonly retryable = false;

  constructor(message = 'The store is closed') {
    super(message);
  }
}

/** Thrown when the database has no `timers` table, or not the columns and indexes that this version needs. */
export class SchemaMismatchError extends TimerStoreError {
  readonly code = 'SCHEMA_MISMATCH';
  readonly retryable = false;

  constructor(
    /** What is missing or different, one entry each. */
    readonly faults: readonly string[],
    options?: ErrorOptions,
  ) {
    super(
      `The database's schema is not what this version needs: ${faults.join('; ')}. Migrate it: ${MIGRATE_COMMAND}`,
      options,
    );
  }
}

/**
 * Thrown by `connect` when the promises cannot hold on the server: it is too old, or its encoding is not UTF8. Thrown by
 * any call, before it sends anything, where a session of Citus has another DateStyle than ISO.
 */
export class UnsupportedServerError extends TimerStoreError {
  readonly code = 'UNSUPPORTED_SERVER';
  readonly retryable = false;

  constructor(
    /** What is not supported, one entry each. */
    readonly faults: readonly string[],
    needed = 'PostgreSQL 14 or later with UTF8 is needed',
  ) {
    super(`The server is not supported: ${faults.join('; ')}. ${needed}`);
  }
}

/**
 * Thrown when a stored row cannot be read: another program wrote it, and guessing could lose or repeat timers. In a
 * page, such a row is left out and its error goes to `onUnreadableRow`. A claim, an update or a revival that throws it
 * was applied.
 */
export class UnreadableRowError extends TimerStoreError {
  readonly code = 'UNREADABLE_ROW';
  readonly retryable = false;

  constructor(
    readonly shardId: number,
    /** Which timer it is; undefined: it is the row of the shard itself. */
    readonly timer: UnreadableTimer | undefined,
    /** What is wrong, such as `its callback URL is NULL`. */
    readonly reason: string,
  ) {
    const row =
      timer === undefined
        ? 'the row of the shard itself'
        : `timer ${JSON.stringify(timer.id)} in namespace ${JSON.stringify(timer.namespace)} (uuid ${timer.uuid})`;
    super(`Cannot read ${row} in shard ${shardId}: ${reason}`);
  }
}

/** The key of a timer that cannot be read, as far as it has one. */
export interface UnreadableTimer {
  readonly namespace: string | null;
  readonly id: string | null;
  readonly uuid: string;
  /** Null: outside the years 1 to 9999. */
  readonly executeAt: Date | null;
}

/** Thrown when the server refuses a statement for a reason that none of the other classes stands for; see `cause`. */
export class UnexpectedServerError extends TimerStoreError {
  readonly code = 'UNEXPECTED_SERVER_ERROR';
  readonly retryable = false;
}

// Minifiers rename classes, but no keys. Stack traces look for the name on the prototype.
for (const [name, errorClass] of Object.entries({
  AccessDeniedError,
  CallAbortedError,
  CallTimeoutError,
  InvalidArgumentError,
  OutcomeUnknownError,
  SchemaMismatchError,
  ShardConditionFailedError,
  ShardMoveFailedError,
  ShardMovedError,
  StoreClosedError,
  StoreUnavailableError,
  TimerNotFoundError,
  UnexpectedServerError,
  UnreadableRowError,
  UnsupportedServerError,
})) {
  errorClass.prototype.name = name;
}

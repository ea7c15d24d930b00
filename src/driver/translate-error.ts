import {
  InvalidArgumentError,
  OutcomeUnknownError,
  SchemaMismatchError,
  StoreUnavailableError,
  TimerStoreError,
  UnexpectedServerError,
} from '../contract/errors';
import { FAILED_TRANSACTION } from '../validation/options';
import { SqlState, sqlStateOf } from './sqlstate';

/** What a statement does matters when its connection is lost: a read changed nothing. */
export type StatementKind = 'read' | 'write';

/**
 * The one place where an error of the driver becomes one of this library.
 *
 * A server that goes away in the middle of a write may have committed it, even if it said goodbye: the
 * commit comes before its acknowledgement.
 */
export function translateStatementError(
  error: unknown,
  operation: string,
  kind: StatementKind,
): TimerStoreError {
  if (error instanceof TimerStoreError) {
    return error;
  }
  const options = { cause: error };
  if (isConnectionLoss(error)) {
    return kind === 'write'
      ? new OutcomeUnknownError(operation, options)
      : new StoreUnavailableError(`The connection was lost during ${operation}`, options);
  }
  const reason = messageOf(error);
  switch (sqlStateOf(error)) {
    case SqlState.UNIQUE_VIOLATION:
      return new InvalidArgumentError(
        'uuid',
        'is the one of another timer that is due at the same time',
        options,
      );
    case SqlState.UNDEFINED_TABLE:
    case SqlState.UNDEFINED_COLUMN:
    case SqlState.INVALID_COLUMN_REFERENCE:
      return new SchemaMismatchError([reason], options);
    case SqlState.QUERY_CANCELED:
    case SqlState.LOCK_NOT_AVAILABLE:
    case SqlState.DEADLOCK_DETECTED:
    case SqlState.SERIALIZATION_FAILURE:
    case SqlState.READ_ONLY_TRANSACTION:
      return new StoreUnavailableError(`The server gave up on ${operation}: ${reason}`, options);
  }
  if (
    isOfClass(error, SqlState.INSUFFICIENT_RESOURCES_CLASS) ||
    isOfClass(error, SqlState.SYSTEM_ERROR_CLASS)
  ) {
    return new StoreUnavailableError(`The server could not do ${operation}: ${reason}`, options);
  }
  return new UnexpectedServerError(`${operation} failed: ${reason}`, options);
}

/** In a transaction of the caller nothing is applied before the commit, so a lost connection leaves no doubt. */
export function translateTransactionError(error: unknown, operation: string): TimerStoreError {
  if (sqlStateOf(error) === SqlState.UNIQUE_VIOLATION) {
    const reason =
      'the timer was created elsewhere at the same moment, or another that is due at that time has its uuid';
    return new StoreUnavailableError(`The server gave up on ${operation}: ${reason}`, { cause: error });
  }
  if (sqlStateOf(error) === SqlState.IN_FAILED_TRANSACTION) {
    return new InvalidArgumentError('options.client', FAILED_TRANSACTION, { cause: error });
  }
  return translateStatementError(error, operation, 'read');
}

/** Whatever stands in the way of a connection: nothing was sent over it. */
export function translateConnectError(error: unknown): TimerStoreError {
  if (error instanceof TimerStoreError) {
    return error;
  }
  return new StoreUnavailableError(`Cannot connect to the server: ${messageOf(error)}`, { cause: error });
}

export function isConnectionLoss(error: unknown): boolean {
  switch (sqlStateOf(error)) {
    case undefined:
      // Not from the server: the socket failed. Anything else that is thrown here comes from a parser.
      return !(error instanceof RangeError || error instanceof SyntaxError);
    case SqlState.ADMIN_SHUTDOWN:
    case SqlState.CRASH_SHUTDOWN:
    case SqlState.CANNOT_CONNECT_NOW:
    case SqlState.DATABASE_DROPPED:
    case SqlState.IDLE_SESSION_TIMEOUT:
      return true;
    default:
      return isOfClass(error, SqlState.CONNECTION_EXCEPTION_CLASS);
  }
}

function isOfClass(error: unknown, sqlStateClass: string): boolean {
  return sqlStateOf(error)?.startsWith(sqlStateClass) === true;
}

/** Several addresses of one host fail with an AggregateError, whose own message is empty. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError) {
    return error.errors.map(messageOf).join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}

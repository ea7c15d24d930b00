import {
  AccessDeniedError,
  InvalidArgumentError,
  OutcomeUnknownError,
  SchemaMismatchError,
  StoreUnavailableError,
  TimerStoreError,
  UnexpectedServerError,
} from '../contract/errors';
import { FAILED_TRANSACTION } from '../validation/options';
import { uuidTaken } from '../validation/refusals';
import { isPasswordFailure } from './pg-internals';
import { SqlState, sqlStateOf } from './sqlstate';
import { workerFailureOf } from './worker-failure';

/** Whether a statement may have changed something when its connection is lost. */
export type StatementKind = 'read' | 'write';

/**
 * The one place where an error of the driver becomes one of this library. What neither the server nor the connection
 * has reported is a fault of a program, and stays as it is.
 *
 * A server that goes away in the middle of a write may have committed it, even if it said goodbye: the
 * commit comes before its acknowledgement.
 *
 * @param isLost whether the session has ended.
 */
export function translateStatementError(
  error: unknown,
  operation: string,
  kind: StatementKind,
  isLost: boolean,
): unknown {
  if (error instanceof TimerStoreError) {
    return error;
  }
  const options = { cause: error };
  const workerFailure = workerFailureOf(error);
  if (isLost || workerFailure === 'lost') {
    return kind === 'write'
      ? new OutcomeUnknownError(operation, options)
      : new StoreUnavailableError(`The connection was lost during ${operation}`, options);
  }
  const reason = messageOf(error);
  if (workerFailure === 'unreached') {
    return new StoreUnavailableError(`The server of the shard cannot be reached: ${reason}`, options);
  }
  switch (sqlStateOf(error)) {
    case undefined:
      return error;
    case SqlState.UNIQUE_VIOLATION:
      return uuidTaken(options);
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
  if (isAccessDenied(error)) {
    return new AccessDeniedError(`The server refuses ${operation}: ${reason}`, options);
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
export function translateTransactionError(error: unknown, operation: string, isLost: boolean): unknown {
  if (sqlStateOf(error) === SqlState.UNIQUE_VIOLATION) {
    const reason =
      'the timer was created elsewhere at the same moment, or another that is due at that time has its uuid';
    return new StoreUnavailableError(`The server gave up on ${operation}: ${reason}`, { cause: error });
  }
  if (sqlStateOf(error) === SqlState.IN_FAILED_TRANSACTION) {
    return new InvalidArgumentError('options.client', FAILED_TRANSACTION, { cause: error });
  }
  if (isStaleStatement(error)) {
    const reason = 'its prepared statement was out of date; it is prepared anew the next time';
    return new StoreUnavailableError(`The server gave up on ${operation}: ${reason}`, { cause: error });
  }
  return translateStatementError(error, operation, 'read', isLost);
}

/** Whatever stands in the way of a connection: nothing was sent over it. */
export function translateConnectError(error: unknown): unknown {
  if (error instanceof TimerStoreError || isProgramFault(error)) {
    return error;
  }
  const message = `Cannot connect to the server: ${messageOf(error)}`;
  return isAccessDenied(error) || isPasswordFailure(error)
    ? new AccessDeniedError(message, { cause: error })
    : new StoreUnavailableError(message, { cause: error });
}

/**
 * Whether the server refused a prepared statement before it ran: the types of its columns have changed, or somebody
 * else has dropped it, or made one of its name, on this connection.
 */
export function isStaleStatement(error: unknown): boolean {
  switch (sqlStateOf(error)) {
    case SqlState.INVALID_SQL_STATEMENT_NAME:
    case SqlState.DUPLICATE_PREPARED_STATEMENT:
      return true;
    case SqlState.FEATURE_NOT_SUPPORTED:
      // Other features share the code, and the message is in the server's language.
      return (error as { routine?: string }).routine === 'RevalidateCachedQuery';
    default:
      return false;
  }
}

function isAccessDenied(error: unknown): boolean {
  const state = sqlStateOf(error);
  return (
    state === SqlState.INSUFFICIENT_PRIVILEGE ||
    state === SqlState.INVALID_CATALOG_NAME ||
    isOfClass(error, SqlState.INVALID_AUTHORIZATION_CLASS)
  );
}

/**
 * Whether a program is at fault: errors of the system are of none of these classes, and the driver throws plain ones.
 */
function isProgramFault(error: unknown): boolean {
  return [TypeError, RangeError, ReferenceError, SyntaxError].some((each) => error instanceof each);
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

/** The SQLSTATEs that this library tells apart. Source: PostgreSQL documentation, appendix A. */
export const SqlState = {
  INSUFFICIENT_RESOURCES_CLASS: '53',
  DATA_EXCEPTION_CLASS: '22',
  CONSTRAINT_VIOLATION_CLASS: '23',
  SYSTEM_ERROR_CLASS: '58',
  CONNECTION_FAILURE: '08006',
  PROTOCOL_VIOLATION: '08P01',
  FEATURE_NOT_SUPPORTED: '0A000',
  READ_ONLY_TRANSACTION: '25006',
  IN_FAILED_TRANSACTION: '25P02',
  INVALID_SQL_STATEMENT_NAME: '26000',
  INVALID_AUTHORIZATION_CLASS: '28',
  INVALID_AUTHORIZATION_SPECIFICATION: '28000',
  INVALID_CATALOG_NAME: '3D000',
  UNIQUE_VIOLATION: '23505',
  SERIALIZATION_FAILURE: '40001',
  DEADLOCK_DETECTED: '40P01',
  INSUFFICIENT_PRIVILEGE: '42501',
  INVALID_COLUMN_REFERENCE: '42P10',
  UNDEFINED_COLUMN: '42703',
  UNDEFINED_TABLE: '42P01',
  DUPLICATE_PREPARED_STATEMENT: '42P05',
  LOCK_NOT_AVAILABLE: '55P03',
  QUERY_CANCELED: '57014',
  ADMIN_SHUTDOWN: '57P01',
  CRASH_SHUTDOWN: '57P02',
  CANNOT_CONNECT_NOW: '57P03',
} as const;

/** The SQLSTATE of an error that the server reported; undefined when the error is of another kind. */
export function sqlStateOf(error: unknown): string | undefined {
  // A driver error carries `severity` too; a system error such as ECONNREFUSED has a `code` only.
  if (error instanceof Error && 'severity' in error && 'code' in error && typeof error.code === 'string') {
    return error.code;
  }
  return undefined;
}

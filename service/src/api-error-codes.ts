/** The codes of all errors that a caller gets, with their statuses. */
export const API_ERRORS = {
  INVALID_ARGUMENT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  TIMER_NOT_FOUND: 404,
  NAMESPACE_NOT_FOUND: 404,
  NOT_FOUND: 404,
  PAYLOAD_TOO_LARGE: 413,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  OUTCOME_UNKNOWN: 504,
} as const;

export type ApiErrorCode = keyof typeof API_ERRORS;

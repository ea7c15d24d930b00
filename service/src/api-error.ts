import { API_ERRORS, type ApiErrorCode } from './api-error-codes';

export interface ApiErrorExtras {
  /** What programs need beside the code, such as the argument that is wrong. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** After so many seconds the call may be made again. */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** An error as its caller gets it: nothing of its cause is shown. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly code: ApiErrorCode,
    message: string,
    { details, retryAfterSeconds, cause }: ApiErrorExtras = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = API_ERRORS[code];
    this.details = details;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** The body of the answer. */
  toJSON() {
    return {
      error: this.code,
      message: this.message,
      ...(this.details !== undefined && { details: this.details }),
      timestamp: new Date().toISOString(),
    };
  }
}

export function invalidArgument(argument: string, reason: string): ApiError {
  return new ApiError('INVALID_ARGUMENT', `${argument} ${reason}`, { details: { argument } });
}

import type { components } from './openapi-types';

/** The codes of the errors that the service answers with. */
export type ServiceErrorCode = components['schemas']['Error']['error'];

/** The codes of all errors that a `TimerClient` throws, so that a `switch` over them is exhaustive. */
export type TimerClientErrorCode =
  | ServiceErrorCode
  | 'CALL_TIMEOUT'
  | 'CALL_ABORTED'
  | 'CONNECTION_FAILED'
  | 'UNEXPECTED_ANSWER'
  | 'SIGNATURE_INVALID';

export interface TimerClientErrorExtras {
  /** Of the answer. Absent: there was none. */
  readonly status?: number | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** By which the log of the service knows the call. */
  readonly requestId?: string | undefined;
  /** The call may be made again after so many milliseconds. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** The base of all errors of this module. */
export abstract class TimerClientError extends Error {
  abstract readonly code: TimerClientErrorCode;
  readonly status: number | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, extras: TimerClientErrorExtras = {}) {
    const { status, details, requestId, retryAfterMs, cause } = extras;
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.status = status;
    this.details = details;
    this.requestId = requestId;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The call is wrong, and nothing was done: mend `argument`. */
export class InvalidArgumentError extends TimerClientError {
  readonly code = 'INVALID_ARGUMENT';

  get argument(): string | undefined {
    const argument = this.details?.['argument'];
    return typeof argument === 'string' ? argument : undefined;
  }
}

/** There is no key, or one that is not good. */
export class UnauthenticatedError extends TimerClientError {
  readonly code = 'UNAUTHENTICATED';
}

/** The key is not for this call, or not for this namespace. */
export class ForbiddenError extends TimerClientError {
  readonly code = 'FORBIDDEN';
}

/** There is no such timer. */
export class TimerNotFoundError extends TimerClientError {
  readonly code = 'TIMER_NOT_FOUND';
}

/** The namespace is none of those that the service is configured for. */
export class NamespaceNotFoundError extends TimerClientError {
  readonly code = 'NAMESPACE_NOT_FOUND';
}

/** The service does not have this call: its version is another, or `url` is wrong. */
export class CallNotFoundError extends TimerClientError {
  readonly code = 'NOT_FOUND';
}

/** The payload or the whole call is larger than the service allows. */
export class PayloadTooLargeError extends TimerClientError {
  readonly code = 'PAYLOAD_TOO_LARGE';
}

/** As many calls as may be were made. Nothing was done. */
export class RateLimitedError extends TimerClientError {
  readonly code = 'RATE_LIMITED';
}

/** The service failed; its log says why, under `requestId`. */
export class InternalError extends TimerClientError {
  readonly code = 'INTERNAL';
}

/** The service cannot do the call now. Nothing was done. */
export class UnavailableError extends TimerClientError {
  readonly code = 'UNAVAILABLE';
}

/** The call may or may not have been done. */
export class OutcomeUnknownError extends TimerClientError {
  readonly code = 'OUTCOME_UNKNOWN';
}

/** `timeoutMs` was over. The call may or may not have been done. `cause` is the error of the last attempt, if one ended. */
export class CallTimeoutError extends TimerClientError {
  readonly code = 'CALL_TIMEOUT';
}

/** The `signal` has fired, for the reason that is the `cause`. The call may or may not have been done. */
export class CallAbortedError extends TimerClientError {
  readonly code = 'CALL_ABORTED';
}

/** There was no connection, or it broke before the answer was there. The call may or may not have been done. */
export class ConnectionFailedError extends TimerClientError {
  readonly code = 'CONNECTION_FAILED';
}

/** Who answered was not the service: a proxy, say. The call may or may not have been done. */
export class UnexpectedAnswerError extends TimerClientError {
  readonly code = 'UNEXPECTED_ANSWER';
}

/** The callback is not signed by one of the secrets, or its time is not now. */
export class SignatureInvalidError extends TimerClientError {
  readonly code = 'SIGNATURE_INVALID';
}

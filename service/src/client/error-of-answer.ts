import {
  CallNotFoundError,
  ForbiddenError,
  InternalError,
  InvalidArgumentError,
  NamespaceNotFoundError,
  OutcomeUnknownError,
  PayloadTooLargeError,
  RateLimitedError,
  type ServiceErrorCode,
  type TimerClientError,
  type TimerClientErrorExtras,
  TimerNotFoundError,
  UnauthenticatedError,
  UnavailableError,
  UnexpectedAnswerError,
} from './errors';
import type { components } from './openapi-types';

type ErrorClass = new (message: string, extras?: TimerClientErrorExtras) => TimerClientError;

/** What each code of the service is thrown as. */
const CLASSES: Readonly<Record<ServiceErrorCode, ErrorClass>> = {
  INVALID_ARGUMENT: InvalidArgumentError,
  UNAUTHENTICATED: UnauthenticatedError,
  FORBIDDEN: ForbiddenError,
  TIMER_NOT_FOUND: TimerNotFoundError,
  NAMESPACE_NOT_FOUND: NamespaceNotFoundError,
  NOT_FOUND: CallNotFoundError,
  PAYLOAD_TOO_LARGE: PayloadTooLargeError,
  RATE_LIMITED: RateLimitedError,
  INTERNAL: InternalError,
  UNAVAILABLE: UnavailableError,
  OUTCOME_UNKNOWN: OutcomeUnknownError,
};

/** @param text of an answer that says that the call failed. */
export function errorOfAnswer(status: number, headers: Headers, text: string): TimerClientError {
  const extras = {
    status,
    requestId: headers.get('x-request-id') ?? undefined,
    retryAfterMs: retryAfterMs(headers.get('retry-after')),
  };
  const answer = parse(text);
  const Known = Object.hasOwn(CLASSES, answer.error ?? '')
    ? CLASSES[answer.error as ServiceErrorCode]
    : undefined;
  return Known === undefined
    ? new UnexpectedAnswerError(`The answer has status ${status}, and is none of the service`, extras)
    : new Known(answer.message ?? answer.error ?? '', { ...extras, details: answer.details });
}

function parse(text: string): Partial<components['schemas']['Error']> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** In seconds, or as a date, as proxies may say it. */
function retryAfterMs(header: string | null): number | undefined {
  if (header === null) {
    return undefined;
  }
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

import type { FastifyError, FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify';
import { ApiError, invalidArgument } from '../api-error';
import type { Metrics } from '../metrics';
import { toApiError } from '../to-api-error';

/** Fields of the original's documents that have never been in its API, and what is meant. */
const MEANT: Readonly<Record<string, string>> = {
  maxRetries: 'maxAttempts',
  maxRetryAttemptsDuration: 'maxAttemptsDuration',
};

export function answerError(metrics: Metrics) {
  return async (error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const answer = apiErrorOf(error);
    if (answer.status >= 500) {
      request.log.error({ reqId: request.id, err: answer.cause ?? answer }, answer.code);
    }
    metrics.refusals.inc({ code: answer.code });
    if (answer.retryAfterSeconds !== undefined) {
      reply.header('retry-after', answer.retryAfterSeconds);
    }
    if (answer.code === 'UNAUTHENTICATED') {
      reply.header('www-authenticate', 'Bearer');
    }
    return reply
      .code(answer.status)
      .type('application/json')
      .serializer(JSON.stringify)
      .send(answer.toJSON());
  };
}

export async function answerNotFound({ method }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const answer = new ApiError('NOT_FOUND', `There is no ${method} of this path`);
  return reply.code(answer.status).type('application/json').serializer(JSON.stringify).send(answer.toJSON());
}

/** @param error of a handler, of the store, or of Fastify. */
function apiErrorOf(error: unknown): ApiError {
  const known = toApiError(error);
  if (known instanceof ApiError) {
    return known;
  }
  const { validation, validationContext, statusCode = 500, code, message } = known as FastifyError;
  const [fault] = validation ?? [];
  if (fault !== undefined) {
    return refusal(fault, validationContext ?? 'body');
  }
  if (statusCode === 413) {
    return new ApiError('PAYLOAD_TOO_LARGE', 'The body is larger than the call allows');
  }
  if (statusCode === 415) {
    return invalidArgument('content-type', 'must be application/json');
  }
  if (statusCode >= 400 && statusCode < 500) {
    return invalidArgument(
      'body',
      code === 'FST_ERR_CTP_EMPTY_JSON_BODY' ? 'must not be empty' : `is no JSON: ${short(message)}`,
    );
  }
  return new ApiError('INTERNAL', 'The call failed; the log of the service says why', { cause: error });
}

/** By the name that the caller has for it. Of the value, nothing is shown. */
function refusal(
  { instancePath, keyword, params, message }: FastifySchemaValidationError,
  context: string,
): ApiError {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(
      (name, step) => (/^\d+$/.test(step) ? `${name}[${step}]` : name === '' ? step : `${name}.${step}`),
      '',
    );
  const below = (field: unknown) => (path === '' ? String(field) : `${path}.${field}`);
  if (keyword === 'additionalProperties') {
    const field = String(params['additionalProperty']);
    const meant = MEANT[field];
    return invalidArgument(
      below(short(field)),
      meant === undefined ? 'is no field of this call' : `is no field of this call: ${meant} is meant`,
    );
  }
  if (keyword === 'required') {
    return invalidArgument(below(params['missingProperty']), 'is missing');
  }
  if (keyword === 'format') {
    const reason =
      params['format'] === 'http-url'
        ? 'must be an absolute http or https URL'
        : 'must be a time of RFC 3339 between the years 1 and 9999, such as 2030-01-31T12:00:00Z';
    return invalidArgument(path, reason);
  }
  if (keyword === 'pattern') {
    return invalidArgument(path, 'must be a duration such as 1h30m or 250ms');
  }
  return invalidArgument(path === '' ? context : path, message ?? 'is wrong');
}

function short(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

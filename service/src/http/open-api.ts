import swagger from '@fastify/swagger';
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { API_ERRORS, type ApiErrorCode } from '../api-error-codes';
import type { App } from './app';

const { version } = require('../../package.json') as { version: string };

/** The codes that any call may be answered with. */
const OF_ANY: readonly ApiErrorCode[] = [
  'INVALID_ARGUMENT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'PAYLOAD_TOO_LARGE',
  'RATE_LIMITED',
  'INTERNAL',
  'UNAVAILABLE',
  'OUTCOME_UNKNOWN',
];

export async function addOpenApi(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'pg-timer-service',
        description:
          'Durable timers: call this URL with this payload at this time, at least once, whatever crashes.',
        version,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/', description: 'Each process of the service' }],
      tags: [
        { name: 'timers', description: 'Timers, one by one and many at once' },
        { name: 'lists', description: 'What there is' },
        { name: 'operation', description: 'How the service does' },
      ],
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
    },
    refResolver: {
      buildLocalReference: (json, _base, _fragment, index) => String(json['$id'] ?? `def-${index}`),
    },
  });
}

/** A schema that validator, types and document know by its name. */
export function refTo<T extends TSchema>(schema: T) {
  return Type.Unsafe<Static<T>>(Type.Ref(`${schema.$id}#`));
}

export interface Call<Body extends TSchema, Answer extends TSchema> {
  readonly operationId: string;
  readonly tag: 'timers' | 'lists' | 'operation';
  readonly summary: string;
  readonly body: Body;
  /** Of status 200. */
  readonly answer: Answer;
  /** Beside those of any call. */
  readonly errors?: readonly ApiErrorCode[];
}

/** What checks a call, types it and describes it. */
export function callSchema<Body extends TSchema, Answer extends TSchema>(call: Call<Body, Answer>) {
  const { operationId, tag, summary, body, answer, errors = [] } = call;
  return {
    operationId,
    tags: [tag],
    summary,
    security: [{}, { key: [] }],
    body: refTo(body),
    response: { 200: refTo(answer), ...errorAnswers([...OF_ANY, ...errors]) },
  };
}

/** By their statuses. */
export function errorAnswers(codes: readonly ApiErrorCode[]): Record<string, TSchema> {
  const byStatus = new Map<number, ApiErrorCode[]>();
  for (const code of codes) {
    byStatus.set(API_ERRORS[code], [...(byStatus.get(API_ERRORS[code]) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, of]) => [String(status), Type.Ref('Error#', { description: of.join(', ') })]),
  );
}

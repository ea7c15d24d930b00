import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { API_ERRORS, type ApiErrorCode } from '../api-error-codes';
import { GO_DURATION } from '../config/go-duration';

const strict = { additionalProperties: false };
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const optional = Type.Optional;

const Namespace = Type.String({ minLength: 1, maxLength: 255, description: 'Ids are unique within it.' });
const TimerId = Type.String({ minLength: 1, maxLength: 255 });
const Instant = (description: string) => Type.String({ format: 'date-time', description });
const CallbackUrl = Type.String({
  format: 'http-url',
  maxLength: 2048,
  description: 'An absolute http or https URL, which is posted to.',
});
const Payload = Type.Unknown({ description: 'Any JSON value. It is posted to the callback URL.' });
/** As Go writes it. */
const Duration = (description: string) => Type.String({ pattern: GO_DURATION, description });
const CallbackTimeout = Type.Integer({
  minimum: 1,
  maximum: 2_147_483_647,
  description:
    'For a callback, answer included. Default, and largest: `maxCallbackTimeoutSeconds` of the service.',
});
const ErrorCode = Type.Unsafe<ApiErrorCode>(
  Type.String({ enum: Object.keys(API_ERRORS), description: 'A stable code.' }),
);

export const RetryPolicy = Type.Object(
  {
    maxAttempts: optional(
      Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: '0: no limit. Default: 20.' }),
    ),
    maxAttemptsDuration: optional(Duration('From the first attempt on. `0s`: no limit, the default.')),
    initialInterval: optional(Duration('Between the first two attempts. Default: `1s`.')),
    backoffMultiplier: optional(
      Type.Number({ minimum: 0, description: 'By which each interval is longer than the last. Default: 2.' }),
    ),
    maxInterval: optional(Duration('Which no interval is above. Default: `5m`.')),
  },
  {
    ...strict,
    $id: 'RetryPolicy',
    description:
      'When a callback that failed is made again. Durations are written as in Go: `1h30m`, `250ms`.',
  },
);
const PolicyRef = Type.Unsafe<Static<typeof RetryPolicy>>(Type.Ref('RetryPolicy#'));

export const Timer = Type.Object(
  {
    id: TimerId,
    namespace: Namespace,
    executeAt: Instant('When the next delivery is due.'),
    callbackUrl: nullable(Type.String()),
    payload: Payload,
    retryPolicy: nullable(PolicyRef),
    callbackTimeoutSeconds: Type.Integer(),
    createdAt: Instant('When it was created, or replaced.'),
    updatedAt: Instant('When it was last changed.'),
    executedAt: optional(
      Instant('When the last delivery was settled, if there was one; or, if later, the last change.'),
    ),
    attempts: Type.Integer({ description: 'Deliveries that failed.' }),
    state: Type.Union([Type.Literal('pending'), Type.Literal('dead')]),
    lastError: nullable(Type.String({ description: 'Why the last delivery failed.' })),
  },
  { ...strict, $id: 'Timer' },
);
const TimerRef = Type.Unsafe<Static<typeof Timer>>(Type.Ref('Timer#'));

export const ErrorAnswer = Type.Object(
  {
    error: ErrorCode,
    message: Type.String({ description: 'For people; it may change.' }),
    details: optional(Type.Record(Type.String(), Type.Unknown())),
    timestamp: Instant('When it happened.'),
  },
  { $id: 'Error' },
);

const creation = {
  namespace: Namespace,
  id: TimerId,
  executeAt: Instant('When it is due. What is finer than a millisecond is rounded up.'),
  callbackUrl: CallbackUrl,
  payload: optional(Payload),
  retryPolicy: optional(nullable(PolicyRef)),
  callbackTimeoutSeconds: optional(CallbackTimeout),
};

const exampleTimer = {
  namespace: 'reminders',
  id: 'user-notification-123',
  executeAt: '2030-12-20T15:30:00Z',
  callbackUrl: 'https://api.example.com/webhooks/timer',
  payload: { userId: 'user123', action: 'send_reminder' },
};

export const CreateTimer = Type.Object(creation, {
  ...strict,
  $id: 'CreateTimerRequest',
  examples: [exampleTimer],
});
const CreateRef = Type.Unsafe<Static<typeof CreateTimer>>(Type.Ref('CreateTimerRequest#'));

export const TimerKey = Type.Object(
  { namespace: Namespace, timerId: TimerId },
  { ...strict, $id: 'TimerKey', examples: [{ namespace: 'reminders', timerId: 'user-notification-123' }] },
);

export const UpdateTimer = Type.Object(
  {
    namespace: Namespace,
    timerId: TimerId,
    executeAt: optional(Instant('When it is due instead.')),
    callbackUrl: optional(CallbackUrl),
    payload: optional(Payload),
    retryPolicy: optional(nullable(PolicyRef)),
    callbackTimeoutSeconds: optional(CallbackTimeout),
  },
  {
    ...strict,
    $id: 'UpdateTimerRequest',
    examples: [
      { namespace: 'reminders', timerId: 'user-notification-123', executeAt: '2030-12-21T15:30:00Z' },
    ],
  },
);

export const BatchCreate = Type.Object(
  { timers: Type.Array(CreateRef, { minItems: 1, maxItems: 10_000 }) },
  { ...strict, $id: 'BatchCreateRequest', examples: [{ timers: [exampleTimer] }] },
);

const BatchShard = Type.Object(
  {
    shardId: Type.Integer(),
    count: Type.Integer({ description: 'Timers of the call that belong to it.' }),
    error: nullable(
      Type.Object({
        error: ErrorCode,
        message: Type.String(),
        places: Type.Array(Type.Integer(), { description: 'Of its timers, in `timers` of the call.' }),
      }),
    ),
  },
  { $id: 'BatchShard' },
);

export const BatchAnswer = Type.Object(
  {
    created: Type.Integer({ description: 'Timers that are stored for certain.' }),
    failed: Type.Integer({ description: 'Timers that are not, or may not be.' }),
    shards: Type.Array(Type.Unsafe<Static<typeof BatchShard>>(Type.Ref('BatchShard#'))),
  },
  { $id: 'BatchCreateAnswer' },
);

const filter = {
  namespace: Namespace,
  state: optional(Type.Union([Type.Literal('pending'), Type.Literal('dead')], { default: 'pending' })),
  idPrefix: optional(Type.String({ maxLength: 255 })),
  executeAfter: optional(Instant('Due later than that.')),
  executeBefore: optional(Instant('Due earlier than that.')),
};

export const ListTimers = Type.Object(
  {
    ...filter,
    limit: optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
    pageToken: optional(Type.String({ maxLength: 2000, description: '`nextPageToken` of the page before.' })),
  },
  { ...strict, $id: 'ListTimersRequest', examples: [{ namespace: 'reminders', limit: 10 }] },
);

export const ListAnswer = Type.Object(
  {
    timers: Type.Array(TimerRef),
    nextPageToken: nullable(
      Type.String({ description: 'There may be more. A page may be short or empty before.' }),
    ),
  },
  { ...strict, $id: 'ListTimersAnswer' },
);

export const ExportTimers = Type.Object(
  {
    ...filter,
    format: optional(Type.Union([Type.Literal('jsonl'), Type.Literal('csv')], { default: 'jsonl' })),
  },
  { ...strict, $id: 'ExportTimersRequest', examples: [{ namespace: 'reminders', format: 'csv' }] },
);

export const ReviveTimer = Type.Object(
  {
    namespace: Namespace,
    timerId: TimerId,
    executeAt: optional(Instant('When it is due. Default: now.')),
  },
  {
    ...strict,
    $id: 'ReviveTimerRequest',
    examples: [{ namespace: 'reminders', timerId: 'user-notification-123' }],
  },
);

export const ListNamespaces = Type.Object(
  {
    limit: optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
    pageToken: optional(Type.String({ maxLength: 2000 })),
  },
  { ...strict, $id: 'ListNamespacesRequest', examples: [{ limit: 10 }] },
);

export const NamespacesAnswer = Type.Object(
  {
    namespaces: Type.Array(
      Type.Object({
        namespace: Namespace,
        pending: Type.Integer(),
        dead: Type.Integer(),
        hasMore: Type.Boolean({ description: 'There are more than were counted.' }),
      }),
    ),
    nextPageToken: nullable(Type.String()),
  },
  { ...strict, $id: 'ListNamespacesAnswer' },
);

export const ShardsAnswer = Type.Object(
  {
    members: Type.Array(Type.String(), { description: 'Addresses of the processes that live.' }),
    shards: Type.Array(
      Type.Object({
        shardId: Type.Integer(),
        owner: nullable(Type.String()),
        version: nullable(Type.Integer()),
        backlog: Type.Integer({ description: 'Timers that wait, counted up to 1,000.' }),
        due: Type.Integer({ description: 'Of these, those that are due.' }),
        dead: Type.Integer({ description: 'Dead timers, counted up to 1,000.' }),
        oldestLatenessMs: Type.Integer(),
      }),
    ),
  },
  { $id: 'ShardsAnswer' },
);

export const HealthAnswer = Type.Object(
  {
    status: Type.String(),
    checks: optional(Type.Record(Type.String(), Type.Boolean())),
  },
  { $id: 'Health' },
);

/** What the document and the validator know by name. */
export const SHARED_SCHEMAS = [
  RetryPolicy,
  Timer,
  ErrorAnswer,
  CreateTimer,
  TimerKey,
  UpdateTimer,
  BatchCreate,
  BatchShard,
  BatchAnswer,
  ListTimers,
  ListAnswer,
  ExportTimers,
  ReviveTimer,
  ListNamespaces,
  NamespacesAnswer,
  ShardsAnswer,
  HealthAnswer,
];

import { type Static, Type } from '@sinclair/typebox';
import { GO_DURATION } from './go-duration';

const strict = { additionalProperties: false };

const Duration = (fallback: string, description: string) =>
  Type.String({ pattern: GO_DURATION, default: fallback, description });

export const Right = Type.Union([Type.Literal('read'), Type.Literal('write'), Type.Literal('admin')]);

export type Right = Static<typeof Right>;

const ApiKey = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, description: 'Stands in logs and metrics.' }),
    hash: Type.String({
      pattern: '^sha256:[0-9a-f]{64}$',
      description: 'Of the key, as `pg-timer-service --new-key` prints it.',
    }),
    rights: Type.Array(Right, {
      minItems: 1,
      uniqueItems: true,
      description: 'Of `read`, `write` and `admin`; none of them has another.',
    }),
    namespaces: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 255 }), {
        uniqueItems: true,
        description: 'Those that it is for. Default: all.',
      }),
    ),
    callsPerSecond: Type.Optional(
      Type.Integer({ minimum: 1, description: 'In each process. Default: as many as come.' }),
    ),
  },
  strict,
);

const Namespace = Type.Object(
  {
    callsPerSecond: Type.Optional(
      Type.Integer({ minimum: 1, description: 'In each process, of all keys. Default: as many as come.' }),
    ),
    maxTimerPayloadSizeInBytes: Type.Optional(
      Type.Integer({ minimum: 2, description: 'Default: that of all namespaces.' }),
    ),
    maxCallbackTimeoutSeconds: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Default: that of all namespaces.' }),
    ),
    callbackConcurrency: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: 'Callbacks under way at a time, in each process. Default: that of the process.',
      }),
    ),
  },
  strict,
);

/** What can be configured, and with what defaults: of the file, of the environment, and of the documents. */
export const Settings = Type.Object(
  {
    databaseUrl: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'Where PostgreSQL is: postgres://USER:PASSWORD@HOST/DATABASE. Default: the PG* variables.',
      }),
    ),
    databaseConnections: Type.Integer({
      minimum: 2,
      maximum: 1000,
      default: 20,
      description: 'Open at a time, at most, in this process.',
    }),
    databaseApiTimeout: Duration('10s', 'How long a call to the database may take.'),
    host: Type.String({
      minLength: 1,
      default: '127.0.0.1',
      description: 'Address to listen on. Without apiKeys, only a loopback address is listened on.',
    }),
    port: Type.Integer({
      minimum: 0,
      maximum: 65_535,
      default: 8080,
      description: 'Port to listen on. 0: one that is free.',
    }),
    shardCount: Type.Integer({
      minimum: 1,
      maximum: 100_000,
      default: 64,
      description: 'How many shards the timers are split over: fixed for the life of the data.',
    }),
    address: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 255,
        description: 'Name of this process, unique among those that live. Default: host and port.',
      }),
    ),
    apiKeys: Type.Array(ApiKey, {
      default: [],
      description: 'Who may do what. Without any, everybody may do everything.',
    }),
    webhookSecrets: Type.Array(Type.String({ pattern: '^whsec_[A-Za-z0-9+/=]+$' }), {
      default: [],
      maxItems: 2,
      description:
        'What callbacks are signed with: the new one, and the old one until receivers know the new one.',
    }),
    allowPrivateAddresses: Type.Boolean({
      default: false,
      description: 'Whether callbacks may go to private, loopback and link-local addresses.',
    }),
    namespaces: Type.Record(Type.String({ minLength: 1, maxLength: 255 }), Namespace, {
      default: {},
      description: 'Those that are allowed, with limits of their own. Without any, all are.',
    }),
    minTimerDuration: Duration('0s', 'A timer that is to be due sooner from now is due then.'),
    maxTimerPayloadSizeInBytes: Type.Integer({
      minimum: 2,
      maximum: 10_485_760,
      default: 102_400,
      description: 'Of one payload, as JSON. A larger one is PAYLOAD_TOO_LARGE.',
    }),
    maxBatchSizeInBytes: Type.Integer({
      minimum: 1024,
      maximum: 268_435_456,
      default: 33_554_432,
      description: 'Of the body of a batch-create.',
    }),
    maxCallbackTimeoutSeconds: Type.Integer({
      minimum: 1,
      maximum: 86_400,
      default: 10,
      description: 'Largest callbackTimeoutSeconds of a timer, and its default.',
    }),
    callbackConcurrency: Type.Integer({
      minimum: 1,
      default: 1000,
      description: 'Callbacks under way at a time, in this process.',
    }),
    callbackConcurrencyPerOrigin: Type.Integer({
      minimum: 1,
      maximum: 10_000,
      default: 64,
      description: 'The same, to one scheme, host and port.',
    }),
    drainDelay: Duration(
      '1s',
      'From being told to stop until no more calls are taken, so that load balancers notice.',
    ),
    engineShutdownTimeout: Duration('10s', 'How long callbacks under way may go on when the service stops.'),
    logLevel: Type.Union(
      ['trace', 'debug', 'info', 'warn', 'error', 'silent'].map((level) => Type.Literal(level)),
      { default: 'info', description: 'One of trace, debug, info, warn, error and silent.' },
    ),
  },
  strict,
);

export type Settings = Static<typeof Settings>;

/** What must not be printed. */
export const SECRETS = [
  'databaseUrl',
  'webhookSecrets',
  'apiKeys',
] as const satisfies readonly (keyof Settings)[];

import pino, { type Logger } from 'pino';

/** Whatever is logged by whomever: these are never in it. */
const HIDDEN = [
  'authorization',
  'apiKeys',
  'webhookSecrets',
  'databaseUrl',
  'payload',
  'callbackUrl',
  'body',
];

/** JSON lines on standard output. */
export function makeLogger(level: string): Logger {
  return pino({
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: HIDDEN.flatMap((name) => [name, `*.${name}`, `*.headers.${name}`, `*.*.${name}`]),
      censor: '(hidden)',
    },
    serializers: { err: pino.stdSerializers.errWithCause },
  });
}

import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import rateLimit from '@fastify/rate-limit';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  LogController,
  type RawServerDefault,
} from 'fastify';
import { parseRfc3339 } from 'pg-timer-store/engine';
import { ApiError } from '../api-error';
import type { ServiceContext } from '../context';
import { addAccess } from './access';
import { answerError, answerNotFound } from './answer-error';
import { checkJsonBody } from './json-body';
import { addOpenApi } from './open-api';
import { addEventRoutes } from './routes/events';
import { addListRoutes } from './routes/lists';
import { addOperationRoutes } from './routes/operations';
import { addTimerRoutes } from './routes/timers';
import { addWebPage } from './routes/web-page';
import { SHARED_SCHEMAS } from './schemas';
import { addTraceContext } from './trace-context';
import { dropUnreadBody } from './unread-body';

export type App = FastifyInstance<
  RawServerDefault,
  import('node:http').IncomingMessage,
  import('node:http').ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export const BASE_PATH = '/api/v1';

/** A request that is not there whole after so long is given up. */
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
/** Longer than load balancers keep a connection that is idle, so that it is they who end it. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
const MAX_HEADER_BYTES = 16_384;
const MAX_CONNECTIONS = 20_000;

/** Of calls with one timer: what stands around its payload, and as much again if that is written with escapes. */
const BODY_BEYOND_PAYLOAD = 65_536;
const ESCAPED = 3;

const REQUEST_ID = /^[\w.:-]{1,100}$/;

/** The API, which begins to listen when its caller says so. */
export async function buildApp(context: ServiceContext, logger: FastifyBaseLogger): Promise<App> {
  const { settings, metrics, health } = context;
  const app: App = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    // One of its own for each call takes longer than to check the call's key: the few lines of calls name the call themselves.
    childLoggerFactory: (logger) => logger,
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
    bodyLimit: settings.maxTimerPayloadSizeInBytes * ESCAPED + BODY_BEYOND_PAYLOAD,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    http: { maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: HEADERS_TIMEOUT_MS },
    // Those that come on connections which are still open are answered: to stop is no reason to fail.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: (error, socket) => answerBadRequest(error, socket),
    ajv: {
      customOptions: {
        removeAdditional: false,
        coerceTypes: false,
        useDefaults: true,
        allErrors: false,
      },
      // Not among the options: what Fastify adds would take the place of those.
      onCreate: (ajv) =>
        ajv
          .addFormat('date-time', (text: string) => parseRfc3339(text) !== undefined)
          .addFormat('http-url', (text: string) => /^https?:\/\/[^/]/i.test(text) && URL.canParse(text)),
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.server.maxConnections = MAX_CONNECTIONS;

  for (const schema of SHARED_SCHEMAS) {
    app.addSchema(schema);
  }
  parseJson(app);
  app.setErrorHandler(answerError(metrics));
  app.setNotFoundHandler(answerNotFound);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    if (health.isStopping) {
      reply.header('connection', 'close');
    }
    done();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    // Before Node drops it by itself, and without bounds.
    dropUnreadBody(reply);
    done(null, payload);
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { id, method, routeOptions, log } = request;
    const route = routeOptions.url ?? 'none';
    metrics.calls.observe({ method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    log[reply.statusCode >= 500 ? 'warn' : 'debug'](
      { reqId: id, method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime * 10) / 10 },
      'answered',
    );
    done();
  });
  addTraceContext(app);
  await addOpenApi(app);
  await app.register(rateLimit, { global: false });
  addAccess(app, context);
  addTimerRoutes(app, context);
  addListRoutes(app, context);
  addOperationRoutes(app, context);
  addEventRoutes(app, context);
  await addWebPage(app);
  return app;
}

function parseJson(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    parse(request, body as string, (error, value) => {
      if (error !== null) {
        done(error);
        return;
      }
      try {
        checkJsonBody(body as string, value);
        done(null, value);
      } catch (fault) {
        done(fault as Error);
      }
    });
  });
}

/** What is no HTTP has no request to answer to: the answer is written by hand. */
function answerBadRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request';
  const answer = new ApiError('INVALID_ARGUMENT', 'The request is no whole HTTP request within the limits', {
    details: { argument: 'request' },
  });
  const body = JSON.stringify(answer);
  socket.end(
    `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

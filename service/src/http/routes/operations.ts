import { readBacklogs } from 'pg-timer-store';
import { parseGoDuration } from '../../config/go-duration';
import type { ServiceContext } from '../../context';
import { type App, BASE_PATH } from '../app';
import { callSignal } from '../call-signal';
import { errorAnswers, refTo } from '../open-api';
import { HealthAnswer, ShardsAnswer } from '../schemas';

/** Timers are counted so far in each shard. */
const COUNTED_PER_SHARD = 1000;

export function addOperationRoutes(app: App, context: ServiceContext): void {
  const { settings, store, engineOf, health, metrics } = context;
  const timeoutMs = parseGoDuration(settings.databaseApiTimeout) as number;
  const shardIds = Array.from({ length: settings.shardCount }, (_, shardId) => shardId);
  const security = [{}, { key: [] }];

  // The document of the API has it below the base path; what the contract calls it by stands beside.
  for (const url of [`${BASE_PATH}/shards`, '/shards']) {
    app.get(
      url,
      {
        config: { right: 'admin' },
        schema: {
          operationId: 'listShards',
          tags: ['operation'],
          summary: 'Who owns each shard, and what waits there',
          security,
          hide: url === '/shards',
          response: {
            200: refTo(ShardsAnswer),
            ...errorAnswers([
              'INVALID_ARGUMENT',
              'UNAUTHENTICATED',
              'FORBIDDEN',
              'RATE_LIMITED',
              'INTERNAL',
              'UNAVAILABLE',
            ]),
          },
        },
      },
      async (_request, reply) => {
        const options = { signal: callSignal(reply), timeoutMs };
        const { shards } = await readBacklogs(store, shardIds, COUNTED_PER_SHARD, options);
        return {
          members: [...engineOf().status.members],
          shards: shards.map(
            ({ shardId, ownerAddr, shardVersion, backlog, due, dead, oldestLatenessMs }) => ({
              shardId,
              owner: ownerAddr,
              version: shardVersion,
              backlog,
              due,
              dead,
              oldestLatenessMs,
            }),
          ),
        };
      },
    );
  }

  app.get(
    '/health/live',
    {
      schema: {
        operationId: 'isAlive',
        tags: ['operation'],
        summary: 'Whether the process lives: restart it if not',
        security: [{}],
        response: { 200: refTo(HealthAnswer), ...errorAnswers(['INVALID_ARGUMENT']) },
      },
    },
    async () => ({ status: 'alive' }),
  );
  app.get(
    '/health/ready',
    {
      schema: {
        operationId: 'isReady',
        tags: ['operation'],
        summary: 'Whether the process may be sent calls',
        security: [{}],
        response: {
          200: refTo(HealthAnswer),
          503: refTo(HealthAnswer),
          ...errorAnswers(['INVALID_ARGUMENT']),
        },
      },
    },
    async (_request, reply) => {
      const { isReady, checks } = await health.readiness();
      return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not ready', checks });
    },
  );
  app.get(
    '/metrics',
    {
      config: { right: 'admin' },
      schema: {
        operationId: 'readMetrics',
        tags: ['operation'],
        summary: 'Metrics, as Prometheus reads them',
        security,
        response: {
          200: { description: 'Metrics', content: { 'text/plain': { schema: { type: 'string' } } } },
          ...errorAnswers(['INVALID_ARGUMENT', 'UNAUTHENTICATED', 'FORBIDDEN', 'RATE_LIMITED']),
        },
      },
    },
    async (_request, reply) =>
      reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
  app.get(`${BASE_PATH}/openapi.json`, { schema: { hide: true } }, async () => app.swagger());
}

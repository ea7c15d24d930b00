import type { Change } from '../../changes';
import type { ServiceContext } from '../../context';
import { type App, BASE_PATH } from '../app';
import { errorAnswers } from '../open-api';

/** Between two looks at the engine that those who watch are told of. */
const STATUS_MS = 1000;

/** What one who watches has not taken yet, in bytes: more, and the connection ends. It comes back by itself. */
const MAX_UNSENT = 262_144;

/** Server-sent events: `status` each second, and `change` for each timer that this process changes or delivers. */
export function addEventRoutes(app: App, { engineOf, changes, health, metrics }: ServiceContext): void {
  for (const url of [`${BASE_PATH}/events`, '/events']) {
    app.get(
      url,
      {
        config: { right: 'read' },
        schema: {
          operationId: 'watch',
          tags: ['operation'],
          summary: 'What changes, as server-sent events',
          security: [{}, { key: [] }],
          hide: url === '/events',
          response: {
            200: {
              description: 'Events `status` and `change`',
              content: { 'text/event-stream': { schema: { type: 'string' } } },
            },
            ...errorAnswers(['INVALID_ARGUMENT', 'UNAUTHENTICATED', 'FORBIDDEN', 'RATE_LIMITED']),
          },
        },
      },
      (request, reply) => {
        const { caller } = request;
        reply.hijack();
        const { raw } = reply;
        raw.writeHead(200, {
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
          'x-request-id': request.id,
        });
        const send = (event: string, data: unknown) => {
          raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
          if (raw.writableLength > MAX_UNSENT) {
            raw.destroy();
          }
        };
        const sendStatus = async () => send('status', await statusOf());
        const unsubscribe = changes.subscribe((change: Change) => {
          if (caller?.namespaces?.has(change.namespace) !== false) {
            send('change', change);
          }
        });
        const interval = setInterval(() => {
          if (health.isStopping) {
            raw.end();
          } else {
            void sendStatus();
          }
        }, STATUS_MS);
        raw.on('error', () => {});
        raw.once('close', () => {
          clearInterval(interval);
          unsubscribe();
        });
        void sendStatus();
      },
    );
  }

  async function statusOf() {
    const { members, shards, loaded, underWay, settled, oldestLatenessMs } = engineOf().status;
    const counted = await metrics.deliveries.get();
    const deliveries: Record<string, number> = {};
    for (const { metricName, labels, value } of counted.values) {
      if (metricName?.endsWith('_count') && typeof labels.outcome === 'string') {
        deliveries[labels.outcome] = value;
      }
    }
    return { members, shards: shards.length, loaded, underWay, settled, oldestLatenessMs, deliveries };
  }
}

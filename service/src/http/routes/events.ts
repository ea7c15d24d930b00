import type { ServiceContext } from '../../context';
import { StatusHistory } from '../../status-history';
import type { Change, Status } from '../../watched';
import { type App, BASE_PATH } from '../app';
import { errorAnswers } from '../open-api';

/** What one who watches has not taken yet, in bytes: more, and the connection ends. It comes back by itself. */
const MAX_UNSENT = 262_144;

/**
 * Server-sent events: `history` once, the statuses of the last ten minutes; `status` each second; and `change` for each timer
 * that this process changes or delivers.
 */
export function addEventRoutes(app: App, { engineOf, changes, health, keys, metrics }: ServiceContext): void {
  const history = new StatusHistory(engineOf, metrics);
  app.addHook('onListen', async () => {
    history.start();
    // Not sooner: those who still watch while the service stops are sent away by the next look.
    app.server.once('close', () => history.stop());
  });

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
              description: 'Events `history`, `status` and `change`',
              content: { 'text/event-stream': { schema: { type: 'string' } } },
            },
            ...errorAnswers(['INVALID_ARGUMENT', 'UNAUTHENTICATED', 'FORBIDDEN', 'RATE_LIMITED']),
          },
        },
      },
      (request, reply) => {
        let caller = request.caller ?? undefined;
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
        const sendStatus = (status: Status) => {
          // The key may have been left out since, or be for other namespaces by now.
          caller = keys.find(request.headers.authorization);
          if (health.isStopping || caller?.rights.has('read') !== true) {
            raw.end();
          } else {
            send('status', { members: engineOf().status.members, ...status });
          }
        };
        const stopStatus = history.subscribe(sendStatus);
        const stopChanges = changes.subscribe((change: Change) => {
          if (caller?.namespaces?.has(change.namespace) !== false) {
            send('change', change);
          }
        });
        raw.on('error', () => {});
        raw.once('close', () => {
          stopStatus();
          stopChanges();
        });
        send('history', history.kept);
        void history.read().then(sendStatus);
      },
    );
  }
}

import type { FastifyReply } from 'fastify';

/** Fires when the client has gone before it was answered. */
export function callSignal({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) {
      controller.abort(new Error('The client closed the connection'));
    }
  });
  return controller.signal;
}

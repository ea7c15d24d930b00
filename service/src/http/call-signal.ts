import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';

const signals = new WeakMap<Socket, AbortSignal>();

/** Fires when the client's connection ends: one signal for all calls that come on it, since to make one takes long. */
export function callSignal({ request: { socket } }: FastifyReply): AbortSignal {
  let signal = signals.get(socket);
  if (signal === undefined) {
    const controller = new AbortController();
    socket.once('close', () => controller.abort(new Error('The client closed the connection')));
    signal = controller.signal;
    signals.set(socket, signal);
  }
  return signal;
}

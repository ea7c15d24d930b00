import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** As much as is on its way when the answer goes out, by those who send all before they read. */
const MAX_UNREAD_BYTES = 1024 ** 2;
/** So many bytes take as long to read as one small piece, of which a chunked body may have one for each of its bytes. */
const BYTES_OF_A_PIECE = 1024;
/** So long they have, then, to read the answer. */
const MAX_UNREAD_MS = 2000;

/** Those of which what is left is dropped already. */
const dropped = new WeakSet<IncomingMessage>();

/**
 * Takes what is left of a body whose call is refused before it was there, but not more than a bound, and ends the
 * connection if it is not there whole after a while. Ended at once, it would be reset by what is still on its way, and its
 * sender might not get to the answer; without bounds, whoever has no key could keep this process reading.
 */
export function dropUnreadBody(reply: FastifyReply): void {
  const request = reply.request.raw;
  if (request.complete || dropped.has(request)) {
    return;
  }
  dropped.add(request);
  const { socket } = request;
  const timeout = setTimeout(() => socket.destroy(), MAX_UNREAD_MS).unref();
  request.once('close', () => clearTimeout(timeout));
  let left = MAX_UNREAD_BYTES;
  if (Number(request.headers['content-length']) > left) {
    reply.header('connection', 'close');
    left = 0;
  }
  request.on('data', ({ length }: Buffer) => {
    left -= Math.max(length, BYTES_OF_A_PIECE);
    if (left < 0) {
      // To pause the request instead would keep what the socket has read: memory for as many as connect.
      request._read = () => {};
      socket.pause();
    }
  });
  // So Node ends a connection after its last answer.
  socket.destroySoon = () => {
    socket.end(() => finished(request, () => socket.destroy()));
  };
}

import type { IncomingMessage } from 'node:http';

/** As much as is on its way when the answer goes out, by those who send all before they read. */
const MAX_UNREAD_BYTES = 1024 ** 2;
const MAX_UNREAD_MS = 2000;

/**
 * Takes what is left of a body whose call has been answered before it was there. Cut off at once, its sender might not
 * get to the answer; without bounds, whoever has no key could keep this process reading.
 */
export function dropUnreadBody(request: IncomingMessage): void {
  if (request.complete) {
    return;
  }
  let left = MAX_UNREAD_BYTES;
  const cutOff = () => request.socket.destroy();
  const timeout = setTimeout(cutOff, MAX_UNREAD_MS);
  request.on('data', ({ length }: Buffer) => {
    left -= length;
    if (left < 0) {
      cutOff();
    }
  });
  request.once('close', () => clearTimeout(timeout));
}

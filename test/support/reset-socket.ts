import type net from 'node:net';

/**
 * Cuts a connection. Node refuses to reset one that is being ended, and then never closes it: at its end, the process would
 * wait for that for ever.
 */
export function resetSocket(socket: net.Socket): void {
  if (socket.writableEnded) {
    socket.destroy();
  } else {
    socket.resetAndDestroy();
  }
}

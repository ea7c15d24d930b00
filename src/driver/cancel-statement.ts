import net from 'node:net';
import type { ClientConfig, PoolClient } from 'pg';
import { bareConnection, type Session, sessionOf } from './pg-internals';

/** How long a cancel request may take to be delivered. */
const DELIVERY_MS = 2000;

/**
 * Asks the server to stop what it is doing for a client, by the protocol's CancelRequest: on a connection of its own,
 * so it works when the pool is exhausted, and through poolers. Best effort: the caller learns how it went from the
 * statement itself. `client.cancel()` of pg does the same, but never sends it under TLS.
 *
 * @param stream how the pool opens its connections, if it has a way of its own.
 */
export function cancelStatement(client: PoolClient, stream: ClientConfig['stream'] | undefined): void {
  if (stream !== undefined && typeof stream !== 'function') {
    // The one stream that the pool was given carries the session itself.
    return;
  }
  const session = sessionOf(client);
  const { processId, secretKey, sslNegotiation } = session;
  const peer = stream === undefined ? session.peer : undefined;
  const ssl = peer === undefined ? session.ssl : tlsToPeer(session);
  const connection = bareConnection({ ssl, sslNegotiation, stream });
  const end = () => {
    clearTimeout(limit);
    connection.stream.destroy();
  };
  const limit = setTimeout(end, DELIVERY_MS);
  connection.on('error', end);
  connection.once('end', end);
  const sendCancel = () => connection.cancel(processId, secretKey);
  // No answer comes: the server closes the connection when it has taken the request.
  connection.once('sslconnect', sendCancel);
  if (!ssl) {
    connection.once('connect', sendCancel);
  } else if (sslNegotiation === 'postgres') {
    connection.once('connect', () => connection.requestSsl());
  }
  const { host, port } = session;
  if (host.startsWith('/')) {
    connection.connect(`${host}/.s.PGSQL.${port}`);
  } else {
    connection.connect(peer?.port ?? port, peer?.address ?? host);
  }
}

/** TLS to the very server of the session: its certificate is for the host that was asked for, not for the address. */
function tlsToPeer({ ssl, host }: Session): Session['ssl'] {
  if (ssl === false) {
    return false;
  }
  return { host, ...(typeof ssl === 'object' && ssl), ...(net.isIP(host) === 0 && { servername: host }) };
}

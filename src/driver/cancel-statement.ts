import { Connection, type PoolClient } from 'pg';

/** What `pg` keeps on a client and its types leave out. */
interface ClientInternals {
  readonly host: string;
  readonly port: number;
  readonly ssl: boolean | object;
  readonly processID: number;
  readonly secretKey: number;
}

interface CancelConnection extends Connection {
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
}

/**
 * Asks the server to stop what it is doing for a client, by the protocol's CancelRequest: on a connection of
 * its own, so it works when the pool is exhausted, and through poolers. Best effort: the caller learns how
 * it went from the statement itself. `client.cancel()` of pg does the same, but never sends it under TLS.
 */
export function cancelStatement(client: PoolClient): void {
  const { host, port, ssl, processID, secretKey } = client as unknown as ClientInternals;
  const connection = new Connection({ ssl } as object) as CancelConnection;
  const sendCancel = () => connection.cancel(processID, secretKey);
  // No answer comes: the server closes the connection when it has taken the request.
  connection.once('connect', ssl ? () => connection.requestSsl() : sendCancel);
  connection.once('sslconnect', sendCancel);
  connection.on('error', () => connection.stream.destroy());
  connection.once('end', () => connection.stream.destroy());
  if (host.startsWith('/')) {
    connection.connect(`${host}/.s.PGSQL.${port}`);
  } else {
    connection.connect(port, host);
  }
}

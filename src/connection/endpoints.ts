import { TimerStoreError } from '../contract/errors';
import { SqlState, sqlStateOf } from '../driver/sqlstate';
import { type Address, isSocket } from './addresses';
import type { Tls } from './tls-options';

/** One way to connect to one server. */
export interface Endpoint extends Address {
  readonly ssl: Tls;
}

interface Server {
  readonly endpoints: readonly Endpoint[];
  /** The place of the endpoint that the next connection takes. */
  chosen: number;
}

/** Thrown where a server answers, but its sessions are not of the kind that was asked for. */
export class UnwantedSessionError extends Error {}

/**
 * The servers that the configuration names, and with sslMode allow or prefer the ways to each. What worked last is
 * taken again, until it does not.
 */
export class Endpoints {
  readonly #servers: readonly Server[];
  #current = 0;

  constructor(addresses: readonly Address[], tlsToTry: readonly Tls[]) {
    this.#servers = addresses.map((address) => {
      const ways = isSocket(address) ? [false as const] : tlsToTry;
      return { endpoints: ways.map((ssl) => ({ ...address, ssl })), chosen: 0 };
    });
  }

  get current(): Endpoint {
    const server = this.#servers[this.#current] as Server;
    return server.endpoints[server.chosen] as Endpoint;
  }

  /**
   * Takes the next way if one has failed, but for errors that are the same on all of them. Of several connections that
   * fail on one way, the first moves on.
   */
  leave(endpoint: Endpoint, error: unknown): void {
    if (endpoint !== this.current) {
      return;
    }
    const server = this.#servers[this.#current] as Server;
    if (isAboutTls(error)) {
      server.chosen = (server.chosen + 1) % server.endpoints.length;
    } else if (isAboutServer(error)) {
      this.#current = (this.#current + 1) % this.#servers.length;
    }
  }
}

/**
 * Whether the server has no TLS, for which the driver has no code, or a rule of its pg_hba.conf demands or forbids it.
 */
function isAboutTls(error: unknown): boolean {
  return (
    sqlStateOf(error) === SqlState.INVALID_AUTHORIZATION_SPECIFICATION ||
    (error instanceof Error && error.message === 'The server does not support SSL connections')
  );
}

/** Whether the server is not there, takes no connections for now, or has no session of the kind that was asked for. */
export function isAboutServer(error: unknown): boolean {
  switch (sqlStateOf(error)) {
    case undefined:
      // Errors of this library are about the password, which is the same for every server.
      return !(error instanceof TimerStoreError);
    case SqlState.ADMIN_SHUTDOWN:
    case SqlState.CRASH_SHUTDOWN:
    case SqlState.CANNOT_CONNECT_NOW:
      return true;
    default:
      return false;
  }
}

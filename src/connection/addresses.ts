import { InvalidArgumentError } from '../contract/errors';
import type { ConnectionUrl } from './connection-url';
import { parseChoice, parseWholeNumber } from './parse-text';

/** Where a server listens. */
export interface Address {
  /** Name, address, or directory of a Unix socket. */
  readonly host: string;
  readonly port: number;
}

/** A Unix socket has no TLS, whatever the mode, as with libpq. */
export function isSocket({ host }: Address): boolean {
  return host.startsWith('/');
}

/** The fields of the configuration that say where the servers are. */
interface AddressFields {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
}

const DEFAULT_PORT = 5432;

/** Reads hosts and ports as libpq does: one host or several, and a port for each or one for all. */
export function parseAddresses({ host, port }: AddressFields, url: ConnectionUrl): readonly Address[] {
  const { PGHOST, PGPORT } = process.env;
  const { texts: hosts } = firstGiven([
    { argument: 'config.host', texts: host?.split(',') ?? [] },
    { argument: 'connectionString: host', texts: url.hosts },
    { argument: 'PGHOST', texts: PGHOST?.split(',') ?? [] },
  ]);
  const { argument, texts: ports } = firstGiven([
    { argument: 'config.port', texts: port === undefined ? [] : [String(port)] },
    { argument: 'connectionString: port', texts: url.ports },
    { argument: 'PGPORT', texts: PGPORT?.split(',') ?? [] },
  ]);
  if (ports.length !== 1 && ports.length !== hosts.length) {
    throw new InvalidArgumentError(
      argument,
      `must be one for all hosts or one for each, but there are ${ports.length} for ${hosts.length}`,
    );
  }
  return hosts.map((each, index) => ({
    // In a URL, brackets set an IPv6 address apart from its port.
    host: each.replace(/^\[(.*)\]$/s, '$1') || 'localhost',
    port: parseWholeNumber(argument, ports[ports.length === 1 ? 0 : index], 1, 65_535) ?? DEFAULT_PORT,
  }));
}

interface Texts {
  readonly argument: string;
  readonly texts: readonly string[];
}

function firstGiven(sources: readonly Texts[]): Texts {
  return sources.find(({ texts }) => texts.some((text) => text !== '')) ?? { argument: '', texts: [''] };
}

const SESSIONS = ['any', 'read-write', 'primary'] as const;

/**
 * The kinds of session that one can ask for:
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-TARGET-SESSION-ATTRS
 */
export type SessionKind = (typeof SESSIONS)[number];

export function parseSessionKind({ parameters }: ConnectionUrl): SessionKind {
  return (
    parseChoice('connectionString: target_session_attrs', parameters['target_session_attrs'], SESSIONS) ??
    parseChoice('PGTARGETSESSIONATTRS', process.env['PGTARGETSESSIONATTRS'], SESSIONS) ??
    'any'
  );
}

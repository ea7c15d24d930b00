import { parse } from 'pg-connection-string';
import { InvalidArgumentError } from '../contract/errors';

/** What a connection string says. */
export interface ConnectionUrl {
  /** Of one server or several; empty where it names none. */
  readonly hosts: readonly string[];
  /** One for each host, or one for all; empty where it names none. */
  readonly ports: readonly string[];
  readonly database?: string | null | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** As they are written, those above included. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Not for the parser: it knows one host only, and has ideas of its own about TLS. */
const OWN_PARAMETERS = /^(?:host|port|ssl.*)$/;

/** @throws InvalidArgumentError which never shows the string: it holds the password. */
export function parseConnectionString(connectionString: string | undefined): ConnectionUrl {
  if (connectionString === undefined) {
    return { hosts: [], ports: [], parameters: {} };
  }
  const [address, query = ''] = connectionString.split(/\?(.*)/s) as [string, string?];
  const parts = /^(postgres(?:ql)?:\/\/)([^/]*@)?([^/]*)(.*)$/is.exec(address);
  if (parts === null) {
    throw new InvalidArgumentError('connectionString', 'must start with postgres:// or postgresql://');
  }
  if (connectionString.includes('#')) {
    // The parser leaves out what follows: most often, half of a password.
    throw new InvalidArgumentError('connectionString', 'has a # that is not encoded as %23');
  }
  const [, scheme, login = '', servers = '', path] = parts;
  const parameters: Record<string, string> = Object.fromEntries(new URLSearchParams(query));
  const others = query.split('&').filter((each) => !OWN_PARAMETERS.test(nameOf(each)));
  try {
    const { database, user, password } = parse(`${scheme}${login}host${path}?${others.join('&')}`);
    return {
      ...parseServers(servers, parameters),
      database,
      user: user ?? '',
      password: password ?? '',
      parameters,
    };
  } catch {
    // No cause: the error of the URL parser can carry the URL, password and all.
    throw new InvalidArgumentError('connectionString', 'is not a valid URL');
  }
}

/** `host:port`, several of them with commas, which is no URL to others than libpq. Its parameters count more. */
function parseServers(
  servers: string,
  { host, port }: Readonly<Record<string, string>>,
): Pick<ConnectionUrl, 'hosts' | 'ports'> {
  const each = servers.split(',').map((server) => {
    const [, address, name = '', ofPort = ''] = /^(\[.*\])?([^:]*)(?::(.*))?$/s.exec(server) ?? [];
    return { host: decodeURIComponent(address ?? name), port: ofPort };
  });
  return {
    hosts: host?.split(',') ?? each.map((server) => server.host),
    ports: port?.split(',') ?? each.map((server) => server.port),
  };
}

/** As it is meant: `%73sl` is `ssl`. */
function nameOf(parameter: string): string {
  return new URLSearchParams(parameter).keys().next().value ?? '';
}

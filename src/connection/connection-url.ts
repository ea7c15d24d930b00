import { parse } from 'pg-connection-string';
import { InvalidArgumentError } from '../contract/errors';

/** What a connection string says, before the environment and the defaults complete it. */
export interface ConnectionUrl {
  /** The hosts of one server or several. Empty: the string names none. */
  readonly hosts: readonly string[];
  /** One port for each host, or one for all. Empty: the string names none. */
  readonly ports: readonly string[];
  readonly database?: string | null | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** All parameters as they are written, `host` and `port` included. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Parameters that the parser must not see: it knows one host only, and has ideas of its own about TLS. */
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
    // The parser would leave out what follows the #: most often, half of a password.
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

/** Reads `host:port`, or several with commas, which only libpq takes for a URL. The parameters count more. */
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

/** The name of a parameter as it is meant: `%73sl` stands for `ssl`. */
function nameOf(parameter: string): string {
  return new URLSearchParams(parameter).keys().next().value ?? '';
}

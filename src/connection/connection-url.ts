import { parse } from 'pg-connection-string';
import { InvalidArgumentError } from '../contract/errors';

/** What a connection string says. */
export interface ConnectionUrl {
  readonly host?: string | null;
  readonly port?: string | null | undefined;
  readonly database?: string | null | undefined;
  readonly user?: string;
  readonly password?: string;
  /** The contents of the files that it names. */
  readonly tlsFiles?: TlsFiles;
  /** As they are written, those above included. */
  readonly parameters: Readonly<Record<string, string>>;
}

interface TlsFiles {
  readonly ca?: string | null;
  readonly cert?: string | null;
  readonly key?: string | null;
}

/** @throws InvalidArgumentError which never shows the string: it holds the password. */
export function parseConnectionString(connectionString: string | undefined): ConnectionUrl {
  if (connectionString === undefined) {
    return { parameters: {} };
  }
  // Anything else, the parser takes as the path of a URL on a host named `base`.
  if (!/^postgres(?:ql)?:\/\//i.test(connectionString)) {
    throw new InvalidArgumentError('connectionString', 'must start with postgres:// or postgresql://');
  }
  if (connectionString.includes('#')) {
    // The parser leaves out what follows: most often, half of a password.
    throw new InvalidArgumentError('connectionString', 'has a # that is not encoded as %23');
  }
  const [address, query = ''] = connectionString.split(/\?(.*)/s) as [string, string?];
  const parameters: Record<string, string> = Object.fromEntries(new URLSearchParams(query));
  // The parser has its own, deprecated, ideas of what sslmode and ssl mean.
  const others = query.split('&').filter((each) => !/^ssl(?:mode)?$/.test(nameOf(each)));
  try {
    const { ssl, ...url } = parse(`${address}?${others.join('&')}`);
    return { ...url, tlsFiles: typeof ssl === 'object' ? ssl : {}, parameters };
  } catch (error) {
    if (isFileError(error)) {
      throw new InvalidArgumentError(
        'connectionString',
        `names a file that cannot be read: ${error.message}`,
      );
    }
    // No cause: the error of the URL parser can carry the URL, password and all.
    throw new InvalidArgumentError('connectionString', 'is not a valid URL');
  }
}

/** As it is meant: `%73sl` is `ssl`. */
function nameOf(parameter: string): string {
  return new URLSearchParams(parameter).keys().next().value ?? '';
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === 'object' && error !== null && 'syscall' in error;
}

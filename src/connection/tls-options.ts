import { readFileSync } from 'node:fs';
import tls, { type ConnectionOptions } from 'node:tls';
import { InvalidArgumentError } from '../contract/errors';
import { show } from '../contract/scalars';
import { isObjectWithFields } from '../validation/objects';
import type { ConnectionUrl } from './connection-url';

const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'no-verify', 'verify-ca', 'verify-full'] as const;

/**
 * The modes of libpq: https://www.postgresql.org/docs/current/libpq-ssl.html. `no-verify` is of node-postgres: it is
 * require, which checks no certificate even if there is a CA to check it by.
 */
export type SslMode = (typeof SSL_MODES)[number];

/** The modes that a connection without TLS satisfies. */
const WEAK_MODES: readonly SslMode[] = ['disable', 'allow', 'prefer'];

/** How TLS is set up; false: not at all. */
export type Tls = ConnectionOptions | false;

/** The fields of the configuration that are about TLS. */
interface TlsFields {
  readonly sslMode?: SslMode | undefined;
  readonly ssl?: ConnectionOptions | undefined;
}

interface ChosenMode {
  readonly sslMode: SslMode;
  /** The argument that names the mode. Undefined: it is the default. */
  readonly argument: string | undefined;
}

/** Returns the ways that a connection tries with a server, in this order. */
export function parseTls(fields: TlsFields, url: ConnectionUrl): readonly Tls[] {
  if (fields.ssl !== undefined) {
    const sslMode = fields.sslMode ?? 'verify-full';
    const options = parseSslField(fields.ssl, fields.sslMode);
    return tlsToTry({ sslMode, argument: 'config.sslMode' }, options);
  }
  const ca = loadFile('sslrootcert', 'PGSSLROOTCERT', url);
  const chosen = parseSslMode(fields, url);
  const files = {
    ca: ca === 'system' ? systemCertificates() : ca,
    cert: loadFile('sslcert', 'PGSSLCERT', url),
    key: loadFile('sslkey', 'PGSSLKEY', url),
  };
  return tlsToTry(chosen, Object.fromEntries(Object.entries(files).filter(([, content]) => content)));
}

function tlsToTry({ sslMode, argument }: ChosenMode, options: ConnectionOptions): readonly Tls[] {
  const unverified = { ...options, rejectUnauthorized: false };
  const ofKnownCa = { ...options, rejectUnauthorized: true, checkServerIdentity: () => undefined };
  switch (sslMode) {
    case 'disable':
      return [false];
    case 'allow':
      return [false, unverified];
    case 'prefer':
      return [unverified, false];
    case 'require':
      // As with libpq: whoever names a CA wants certificates to be checked by it.
      return [options.ca ? ofKnownCa : unverified];
    case 'no-verify':
      return [unverified];
    case 'verify-ca':
      if (!options.ca) {
        // A public CA signs certificates for everybody, so without the host's name it vouches for nothing.
        throw new InvalidArgumentError(
          argument ?? '',
          'is verify-ca, which needs the CA: sslrootcert, PGSSLROOTCERT or ssl.ca',
        );
      }
      return [ofKnownCa];
    case 'verify-full':
      // What `ssl` itself says of the host stands behind, and counts more.
      return [{ rejectUnauthorized: true, ...options }];
    default:
      return sslMode satisfies never;
  }
}

/** @throws InvalidArgumentError which shows nothing of the value: it holds a key. */
function parseSslField(value: unknown, sslMode: SslMode | undefined): ConnectionOptions {
  if (!isObjectWithFields(value)) {
    throw new InvalidArgumentError('config.ssl', 'must be an object as tls.connect takes it');
  }
  const options: ConnectionOptions = { ...value };
  if (sslMode !== undefined) {
    if (WEAK_MODES.includes(sslMode)) {
      throw new InvalidArgumentError('config.ssl', `is not for sslMode ${sslMode}, which can go without TLS`);
    }
    for (const field of ['rejectUnauthorized', 'checkServerIdentity'] as const) {
      if (options[field] !== undefined) {
        throw new InvalidArgumentError(
          `config.ssl.${field}`,
          'says what sslMode says as well: leave one out',
        );
      }
    }
  }
  try {
    tls.createSecureContext(options);
  } catch (error) {
    // Without a cause: the error of Node quotes what it does not take.
    const code = (error as { code?: unknown } | null)?.code;
    throw new InvalidArgumentError('config.ssl', `is refused by tls.createSecureContext: ${code}`);
  }
  return options;
}

function parseSslMode(fields: TlsFields, { parameters }: ConnectionUrl): ChosenMode {
  const { PGSSLMODE, PGSSLROOTCERT, PGSSLNEGOTIATION } = process.env;
  const isDirect = (parameters['sslnegotiation'] || PGSSLNEGOTIATION) === 'direct';
  const isSystem = (parameters['sslrootcert'] || PGSSLROOTCERT) === 'system';
  const candidates: [argument: string, value: string | undefined][] = [
    ['config.sslMode', fields.sslMode],
    ['connectionString: sslmode', parameters['sslmode']],
    ['connectionString: ssl', parseSslFlag(parameters['ssl'])],
    ['PGSSLMODE', PGSSLMODE || undefined],
  ];
  const given = candidates.find(([, value]) => value !== undefined);
  if (given === undefined) {
    return { sslMode: isSystem ? 'verify-full' : isDirect ? 'require' : 'prefer', argument: undefined };
  }
  const [argument, sslMode] = given;
  checkSslMode(argument, sslMode);
  if (isSystem && sslMode !== 'verify-full') {
    throw new InvalidArgumentError(argument, 'must be verify-full with sslrootcert=system');
  }
  if (isDirect && WEAK_MODES.includes(sslMode)) {
    throw new InvalidArgumentError(argument, 'must demand TLS with sslnegotiation=direct');
  }
  return { sslMode, argument };
}

/** node-postgres takes the spelling of JDBC, too. */
function parseSslFlag(flag: string | undefined): SslMode | undefined {
  switch (flag) {
    case undefined:
      return undefined;
    case 'true':
    case '1':
      return 'require';
    case 'false':
    case '0':
      return 'disable';
    default:
      throw new InvalidArgumentError('connectionString: ssl', 'must be true or false; sslmode says more');
  }
}

export function checkSslMode(argument: string, mode: unknown): asserts mode is SslMode {
  if (!(SSL_MODES as readonly unknown[]).includes(mode)) {
    // The text is not shown: what looks like a parameter can be a piece of a password with a question mark.
    const shown = argument.startsWith('connectionString') ? '' : `, not ${show(mode)}`;
    throw new InvalidArgumentError(argument, `must be one of ${SSL_MODES.join(', ')}${shown}`);
  }
}

function loadFile(parameter: string, variable: string, { parameters }: ConnectionUrl): string | undefined {
  const ofUrl = parameters[parameter];
  const path = ofUrl || process.env[variable];
  if (!path || (parameter === 'sslrootcert' && path === 'system')) {
    return path;
  }
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const argument = ofUrl ? `connectionString: ${parameter}` : variable;
    throw new InvalidArgumentError(argument, 'names a file that cannot be read', { cause: error });
  }
}

/** The CAs that the operating system trusts. Node before 22.15 knows only those that it brings along. */
function systemCertificates(): string[] | undefined {
  const { getCACertificates } = tls as { getCACertificates?: (of: 'system') => string[] };
  return getCACertificates?.('system');
}

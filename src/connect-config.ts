import { readFileSync } from 'node:fs';
import type { PoolConfig } from 'pg';
import { type ConnectionOptions, parse } from 'pg-connection-string';
import { checkStoreOptions, definedFields } from './arguments/check-options';
import { checkInteger, MAX_INT4, show } from './arguments/check-scalar';
import { InvalidArgumentError } from './errors';
import type { StoreOptions } from './timer-store-types';

const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;

/** As libpq has it: https://www.postgresql.org/docs/current/libpq-ssl.html */
export type SslMode = (typeof SSL_MODES)[number];

/** Where the server is, and how many connections to it. Precedence: field, connection string, `PG*` environment, default. */
export interface PostgresConnectConfig extends StoreOptions {
  /** `postgres://user:password@host:port/database?sslmode=…`; more parameters as node-postgres takes them. */
  readonly connectionString?: string | undefined;
  /** Name, address, or directory of a Unix socket. `PGHOST`. (Default: localhost) */
  readonly host?: string | undefined;
  /** `PGPORT`. (Default: 5432) */
  readonly port?: number | undefined;
  /** `PGDATABASE`. (Default: the user's name) */
  readonly database?: string | undefined;
  /** `PGUSER`. (Default: the user of this process) */
  readonly username?: string | undefined;
  /** `PGPASSWORD`, then the password file. Never printed. */
  readonly password?: string | undefined;
  /**
   * `PGSSLMODE`. The CA comes from `sslrootcert` of the connection string or `PGSSLROOTCERT`; verify-ca needs
   * it, verify-full takes Node's own without it. (Default: prefer)
   */
  readonly sslMode?: SslMode | undefined;
  /** Connections at the most; further calls wait. (Default: 10) */
  readonly maxOpenConns?: number | undefined;
  /** Connections that stay open while unused. (Default: 5) */
  readonly maxIdleConns?: number | undefined;
  /** Milliseconds after which a connection is closed, as soon as it is unused; 0 = never. (Default: 300,000) */
  readonly connMaxLifetimeMs?: number | undefined;
}

const FIELDS = [
  'connectionString',
  'host',
  'port',
  'database',
  'username',
  'password',
  'sslMode',
  'maxOpenConns',
  'maxIdleConns',
  'connMaxLifetimeMs',
  'preparedStatements',
  'batchCreates',
] as const satisfies readonly (keyof PostgresConnectConfig)[];

export interface ConnectSettings {
  readonly poolConfig: PoolConfig;
  readonly sslMode: SslMode;
  readonly maxIdleConns: number;
  readonly preparedStatements: boolean;
  readonly batchCreates: boolean;
}

/** @throws InvalidArgumentError for each field that is unknown or wrong; no message contains the password. */
export function readConnectConfig(config: string | PostgresConnectConfig): ConnectSettings {
  const fields: PostgresConnectConfig =
    typeof config === 'string' ? { connectionString: config } : checkConfig(config);
  const url = parseConnectionString(fields.connectionString);
  const { env } = process;

  const host = fields.host || url.host || env['PGHOST'] || 'localhost';
  const sslMode = readSslMode(fields, url, host);
  const poolConfig: PoolConfig = {
    // The parameters that have no field here, such as application_name or options, as node-postgres takes them.
    ...(url as object),
    host,
    port: fields.port ?? readPort('connectionString', url.port) ?? readPort('PGPORT', env['PGPORT']) ?? 5432,
    ssl: sslMode === 'disable' ? false : tlsOptions(sslMode, url),
    max: fields.maxOpenConns ?? 10,
    maxLifetimeSeconds: (fields.connMaxLifetimeMs ?? 300_000) / 1000,
    // What limits unused connections is maxIdleConns.
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: readConnectTimeout(url.connect_timeout ?? env['PGCONNECT_TIMEOUT']),
    // A half-open connection is noticed even while nothing is sent on it.
    keepAlive: true,
    fallback_application_name: 'pg-timer-store',
  };
  // Without these, node-postgres looks at the environment, the password file and the user of this process.
  assignGiven(poolConfig, 'database', fields.database || url.database);
  assignGiven(poolConfig, 'user', fields.username || url.user);
  assignGiven(poolConfig, 'password', fields.password || url.password);
  return {
    poolConfig,
    sslMode,
    maxIdleConns: fields.maxIdleConns ?? 5,
    preparedStatements: fields.preparedStatements ?? true,
    batchCreates: fields.batchCreates ?? true,
  };
}

function assignGiven(
  poolConfig: PoolConfig,
  field: 'database' | 'user' | 'password',
  value: string | null | undefined,
) {
  if (value) {
    poolConfig[field] = value;
  } else {
    delete poolConfig[field];
  }
}

function checkConfig(config: PostgresConnectConfig): PostgresConnectConfig {
  const given = definedFields('config', config, FIELDS);
  for (const field of ['connectionString', 'host', 'database', 'username', 'password'] as const) {
    const value = given[field];
    if (value !== undefined && typeof value !== 'string') {
      // The value may be a secret.
      throw new InvalidArgumentError(`config.${field}`, `must be a string, not of type ${typeof value}`);
    }
  }
  if (given['port'] !== undefined) {
    checkInteger('config.port', given['port'], 1, 65_535);
  }
  if (given['sslMode'] !== undefined) {
    checkSslMode('config.sslMode', given['sslMode']);
  }
  for (const [field, min] of [
    ['maxOpenConns', 1],
    ['maxIdleConns', 0],
    ['connMaxLifetimeMs', 0],
  ] as const) {
    if (given[field] !== undefined) {
      checkInteger(`config.${field}`, given[field], min, MAX_INT4);
    }
  }
  const { preparedStatements, batchCreates } = given;
  checkStoreOptions({ preparedStatements, batchCreates });
  return given;
}

const SSL_MODE_PARAMETER = /(?<=[?&])sslmode=([^&#]*)&?/;

/** What a connection string says; its sslmode as it is written, for `readSslMode` to judge. */
interface ConnectionUrl extends Partial<ConnectionOptions> {
  readonly sslmode?: string | undefined;
  readonly connect_timeout?: string;
}

function parseConnectionString(connectionString: string | undefined): ConnectionUrl {
  if (connectionString === undefined) {
    return {};
  }
  // Anything else, the parser takes as the path of a URL on a host named `base`.
  if (!/^postgres(?:ql)?:\/\//i.test(connectionString)) {
    throw new InvalidArgumentError('connectionString', 'must start with postgres:// or postgresql://');
  }
  const sslmode = SSL_MODE_PARAMETER.exec(connectionString)?.[1];
  try {
    // The parser has its own, deprecated, ideas of what an sslmode means.
    return { ...parse(connectionString.replace(SSL_MODE_PARAMETER, '')), sslmode };
  } catch (error) {
    if (isMissingFile(error)) {
      throw new InvalidArgumentError('connectionString', `names a file that cannot be read: ${error.path}`);
    }
    // No cause: the error of the URL parser can carry the URL, password and all.
    throw new InvalidArgumentError('connectionString', 'is not a valid URL');
  }
}

function isMissingFile(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}

function readSslMode(fields: PostgresConnectConfig, url: ConnectionUrl, host: string): SslMode {
  const candidates: [argument: string, value: string | undefined][] = [
    ['config.sslMode', fields.sslMode],
    ['connectionString: sslmode', url.sslmode],
    // As libpq reads the spelling of JDBC.
    ['connectionString: ssl', url.ssl === true ? 'require' : undefined],
    ['PGSSLMODE', process.env['PGSSLMODE'] || undefined],
  ];
  const [argument, mode] = candidates.find(([, value]) => value !== undefined) ?? ['', 'prefer'];
  checkSslMode(argument, mode);
  // A Unix socket has no TLS, whatever the mode, as with libpq.
  return host.startsWith('/') ? 'disable' : mode;
}

function checkSslMode(argument: string, mode: unknown): asserts mode is SslMode {
  if (!(SSL_MODES as readonly unknown[]).includes(mode)) {
    throw new InvalidArgumentError(argument, `must be one of ${SSL_MODES.join(', ')}, not ${show(mode)}`);
  }
}

function tlsOptions(
  sslMode: Exclude<SslMode, 'disable'>,
  url: ConnectionUrl,
): NonNullable<PoolConfig['ssl']> {
  const { ca, cert, key } = {
    ca: readEnvFile('PGSSLROOTCERT'),
    cert: readEnvFile('PGSSLCERT'),
    key: readEnvFile('PGSSLKEY'),
    ...(typeof url.ssl === 'object' ? url.ssl : {}),
  };
  const files = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
  switch (sslMode) {
    case 'prefer':
    case 'require':
      return { ...files, rejectUnauthorized: false };
    case 'verify-ca':
      if (!ca) {
        // A public CA signs certificates for everybody, so without the host's name it vouches for nothing.
        throw new InvalidArgumentError('sslMode', 'verify-ca needs the CA: sslrootcert or PGSSLROOTCERT');
      }
      return { ...files, rejectUnauthorized: true, checkServerIdentity: () => undefined };
    case 'verify-full':
      return { ...files, rejectUnauthorized: true };
    default:
      return sslMode satisfies never;
  }
}

function readEnvFile(name: string): string | undefined {
  const path = process.env[name];
  if (!path) {
    return undefined;
  }
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new InvalidArgumentError(name, 'names a file that cannot be read', { cause: error });
  }
}

function readPort(argument: string, text: string | null | undefined): number | undefined {
  if (!text) {
    return undefined;
  }
  const port = Number(text);
  checkInteger(argument, port, 1, 65_535);
  return port;
}

/** As libpq: seconds; 0 or absent means the default here, not for ever. */
function readConnectTimeout(text: string | undefined): number {
  const seconds = Number(text ?? 0);
  checkInteger('connect_timeout', seconds, 0, (MAX_INT4 / 1000) | 0);
  return (seconds || 10) * 1000;
}

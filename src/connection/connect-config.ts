import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { PoolConfig } from 'pg';
import { InvalidArgumentError } from '../contract/errors';
import { checkInteger, MAX_INT4, show } from '../contract/scalars';
import type { StoreOptions } from '../contract/types';
import { isObjectWithFields, parseOptions } from '../validation/objects';
import { parseStoreOptions, STORE_OPTION_FIELDS } from '../validation/options';
import { type ConnectionUrl, parseConnectionString } from './connection-url';
import { withPlanSettings } from './plan-settings';

const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;

/** As libpq has it: https://www.postgresql.org/docs/current/libpq-ssl.html */
export type SslMode = (typeof SSL_MODES)[number];

/** Where the server is, and how many connections to it. Precedence: field, connection string, `PG*` environment, default. */
export interface PostgresConnectConfig extends StoreOptions {
  /**
   * `postgres://user:password@host:port/database?sslmode=…`; more parameters as node-postgres takes them:
   * `sslrootcert`, `sslcert`, `sslkey`, `sslnegotiation`, `application_name`, `options`, `client_encoding`,
   * `statement_timeout` and its like, and `connect_timeout`. Others, such as drivers have of their own, are left out.
   */
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
   * it, require with it is verify-ca, and verify-full takes Node's own without it. (Default: prefer)
   */
  readonly sslMode?: SslMode | undefined;
  /** Connections at the most; further calls wait. (Default: 10) */
  readonly maxOpenConns?: number | undefined;
  /** Connections that stay open while unused; others end after 10 seconds. (Default: 5) */
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
  ...STORE_OPTION_FIELDS,
] as const satisfies readonly (keyof PostgresConnectConfig)[];

/** The system's own is two hours, longer than a connection lives. */
const KEEP_ALIVE_DELAY_MS = 10_000;

/** node-postgres' own. Bursts that come more often find their connections open. */
const IDLE_TIMEOUT_MS = 10_000;

export interface ConnectSettings {
  readonly poolConfig: PoolConfig;
  readonly sslMode: SslMode;
  readonly storeOptions: StoreOptions;
}

/**
 * The whole environment is read here, once: connections that are opened later are to the same database.
 *
 * @throws InvalidArgumentError for each field that is unknown or wrong; no message contains the password.
 */
export function parseConnectConfig(config: string | PostgresConnectConfig): ConnectSettings {
  const fields: PostgresConnectConfig =
    typeof config === 'string' ? { connectionString: config } : checkConfig(config);
  const url = parseConnectionString(fields.connectionString);
  const { env } = process;

  const host = fields.host || url.host || env['PGHOST'] || 'localhost';
  const sslMode = parseSslMode(fields, url, host);
  const poolConfig: PoolConfig = {
    fallback_application_name: 'pg-timer-store',
    ...passedOn(url.parameters),
    ...(fields.preparedStatements !== false && {
      options: withPlanSettings(url.parameters['options'] || env['PGOPTIONS']),
    }),
    host,
    port:
      fields.port ??
      parsePort('connectionString: port', url.port) ??
      parsePort('PGPORT', env['PGPORT']) ??
      5432,
    ssl: sslMode === 'disable' ? false : tlsOptions(sslMode, url),
    max: fields.maxOpenConns ?? 10,
    maxLifetimeSeconds: (fields.connMaxLifetimeMs ?? 300_000) / 1000,
    // As many stay open unused; those above end after a while, so that a burst finds those of the one before.
    min: fields.maxIdleConns ?? 5,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    connectionTimeoutMillis: parseConnectTimeout(url.parameters['connect_timeout'], env['PGCONNECT_TIMEOUT']),
    // A connection that is dead is noticed, and one that is not stays known to firewalls, while nothing is sent on it.
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
  };
  const user = fields.username || url.user || env['PGUSER'] || processUser();
  assignGiven(poolConfig, 'user', user);
  assignGiven(poolConfig, 'database', fields.database || url.database || env['PGDATABASE'] || user);
  // Without one, node-postgres looks into the password file.
  assignGiven(poolConfig, 'password', fields.password || url.password || env['PGPASSWORD']);
  return {
    poolConfig,
    sslMode,
    storeOptions: pickStoreOptions(fields),
  };
}

function assignGiven(
  poolConfig: PoolConfig,
  field: 'database' | 'user' | 'password',
  value: string | null | undefined,
) {
  if (value) {
    poolConfig[field] = value;
  }
}

/** Not $USER, which containers leave out. */
function processUser(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    // A user id without a name. The server asks for one.
    return undefined;
  }
}

function checkConfig(config: PostgresConnectConfig): PostgresConnectConfig {
  if (!isObjectWithFields(config)) {
    // The value may hold a secret: a URL object does.
    const kind = Object.prototype.toString.call(config).slice('[object '.length, -1);
    throw new InvalidArgumentError(
      'config',
      `must be a string or an object with fields, not of type ${kind}`,
    );
  }
  const given = parseOptions('config', config, FIELDS);
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
  parseStoreOptions(pickStoreOptions(given), 'config');
  return given;
}

function pickStoreOptions(fields: PostgresConnectConfig): StoreOptions {
  return Object.fromEntries(STORE_OPTION_FIELDS.map((field) => [field, fields[field]]));
}

const TEXT_PARAMETERS = [
  'application_name',
  'fallback_application_name',
  'options',
  'client_encoding',
  'sslnegotiation',
];
const MILLISECOND_PARAMETERS = [
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
  'query_timeout',
];

/** The parameters that have no field here. No others: node-postgres would take `log` or `Client` as its own options. */
function passedOn(parameters: Readonly<Record<string, string>>): PoolConfig {
  const given: [string, string | number | undefined][] = [
    ...TEXT_PARAMETERS.map((name): [string, string | undefined] => [name, parameters[name]]),
    ...MILLISECOND_PARAMETERS.map((name): [string, number | undefined] => [
      name,
      // node-postgres would read `5s` as 5 milliseconds.
      parseWholeNumber(`connectionString: ${name}`, parameters[name], 0, MAX_INT4),
    ]),
  ];
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function parseSslMode(fields: PostgresConnectConfig, url: ConnectionUrl, host: string): SslMode {
  const candidates: [argument: string, value: string | undefined][] = [
    ['config.sslMode', fields.sslMode],
    ['connectionString: sslmode', url.parameters['sslmode']],
    ['connectionString: ssl', parseSslFlag(url.parameters['ssl'])],
    // libpq takes it with no weaker mode.
    [
      'connectionString: sslnegotiation',
      url.parameters['sslnegotiation'] === 'direct' ? 'require' : undefined,
    ],
    ['PGSSLMODE', process.env['PGSSLMODE'] || undefined],
  ];
  const [argument, mode] = candidates.find(([, value]) => value !== undefined) ?? ['', 'prefer'];
  checkSslMode(argument, mode);
  // A Unix socket has no TLS, whatever the mode, as with libpq.
  if (host.startsWith('/')) {
    return 'disable';
  }
  if (mode === 'verify-ca' && !url.tlsFiles?.ca && !process.env['PGSSLROOTCERT']) {
    // A public CA signs certificates for everybody, so without the host's name it vouches for nothing.
    throw new InvalidArgumentError(
      argument,
      'is verify-ca, which needs the CA: sslrootcert or PGSSLROOTCERT',
    );
  }
  return mode;
}

/** As node-postgres takes the spelling of JDBC. */
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

function checkSslMode(argument: string, mode: unknown): asserts mode is SslMode {
  if (!(SSL_MODES as readonly unknown[]).includes(mode)) {
    // What looks like a parameter of the connection string can be a piece of a password with a question mark.
    const shown = argument.startsWith('connectionString') ? '' : `, not ${show(mode)}`;
    throw new InvalidArgumentError(argument, `must be one of ${SSL_MODES.join(', ')}${shown}`);
  }
}

function tlsOptions(
  sslMode: Exclude<SslMode, 'disable'>,
  url: ConnectionUrl,
): NonNullable<PoolConfig['ssl']> {
  const { ca, cert, key } = {
    ca: loadEnvFile('PGSSLROOTCERT'),
    cert: loadEnvFile('PGSSLCERT'),
    key: loadEnvFile('PGSSLKEY'),
    ...url.tlsFiles,
  };
  const files = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
  switch (sslMode) {
    case 'prefer':
      return { ...files, rejectUnauthorized: false };
    case 'require':
      // As libpq: who names a CA means it.
      return ca ? tlsOptions('verify-ca', url) : { ...files, rejectUnauthorized: false };
    case 'verify-ca':
      return { ...files, rejectUnauthorized: true, checkServerIdentity: () => undefined };
    case 'verify-full':
      return { ...files, rejectUnauthorized: true };
    default:
      return sslMode satisfies never;
  }
}

function loadEnvFile(name: string): string | undefined {
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

function parsePort(argument: string, text: string | null | undefined): number | undefined {
  return parseWholeNumber(argument, text, 1, 65_535);
}

/** Milliseconds. As libpq: given in seconds; 0 means the default here, not for ever. */
function parseConnectTimeout(ofUrl: string | undefined, ofEnvironment: string | undefined): number {
  const max = Math.trunc(MAX_INT4 / 1000);
  const seconds =
    parseWholeNumber('connectionString: connect_timeout', ofUrl, 0, max) ??
    parseWholeNumber('PGCONNECT_TIMEOUT', ofEnvironment, 0, max);
  return (seconds || 10) * 1000;
}

/** Absent and empty are the same, as they are in the environment. */
function parseWholeNumber(
  argument: string,
  text: string | null | undefined,
  min: number,
  max: number,
): number | undefined {
  if (!text) {
    return undefined;
  }
  const value = Number(text);
  checkInteger(argument, value, min, max);
  return value;
}

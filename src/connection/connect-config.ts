import { userInfo } from 'node:os';
import type { ConnectionOptions } from 'node:tls';
import type { PoolConfig } from 'pg';
import { InvalidArgumentError } from '../contract/errors';
import { checkInteger, MAX_INT4 } from '../contract/scalars';
import type { StoreOptions } from '../contract/types';
import { isObjectWithFields, parseOptions } from '../validation/objects';
import { parseStoreOptions, STORE_OPTION_FIELDS } from '../validation/options';
import { isSocket, parseAddresses, parseSessionKind } from './addresses';
import { parseConnectionString } from './connection-url';
import { Endpoints } from './endpoints';
import { checkedPassword, type PasswordSource } from './password';
import { withPlanSettings } from './plan-settings';
import { poolClientTo } from './pool-client';
import { parseSearchPath, type SearchPath, searchPathOption } from './search-path';
import { parseConnectTimeout, parsePassedOn } from './session-parameters';
import { checkSslMode, parseTls, type SslMode } from './tls-options';

/** Where the server is, and how many connections to it. Precedence: field, connection string, `PG*` environment, default. */
export interface PostgresConnectConfig extends StoreOptions {
  /**
   * `postgres://user:password@host:port/database?sslmode=…`, with commas between several `host:port`. More parameters:
   * as libpq, `sslrootcert`, `sslcert`, `sslkey`, `sslnegotiation`, `target_session_attrs`, `application_name`,
   * `options`, `client_encoding`, `connect_timeout`; the schema as `search_path`, `schema` or `currentSchema`;
   * `statement_timeout` and its like in milliseconds. Others, such as drivers have of their own, are left out.
   */
  readonly connectionString?: string | undefined;
  /** Name, address, or directory of a Unix socket; several with commas. `PGHOST`. (Default: localhost) */
  readonly host?: string | undefined;
  /** Of each host. `PGPORT`. (Default: 5432) */
  readonly port?: number | undefined;
  /** `PGDATABASE`. (Default: the user's name) */
  readonly database?: string | undefined;
  /** `PGUSER`. (Default: the user of this process) */
  readonly username?: string | undefined;
  /** A function is asked at each new connection. `PGPASSWORD`, then the password file. Never printed. */
  readonly password?: string | PasswordSource | undefined;
  /** Of the table `timers`, by its name as it is, without quotes. (Default: the first of the session's search_path) */
  readonly schema?: string | undefined;
  /**
   * `PGSSLMODE`. The CA comes from `sslrootcert` of the connection string or `PGSSLROOTCERT`; verify-ca needs
   * it, require with it is verify-ca, and verify-full takes Node's own without it. (Default: prefer)
   */
  readonly sslMode?: SslMode | undefined;
  /**
   * CA, certificate and key in memory, and what else `tls.connect` takes. It takes the place of all that connection
   * string and environment say of TLS: TLS is demanded, and verified in full unless it says otherwise, by
   * `rejectUnauthorized` or `checkServerIdentity`, or by an `sslMode` beside it.
   */
  readonly ssl?: ConnectionOptions | undefined;
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
  'schema',
  'sslMode',
  'ssl',
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
  readonly endpoints: Endpoints;
  /** Undefined: as the server has it. */
  readonly searchPath: SearchPath | undefined;
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

  const addresses = parseAddresses(fields, url);
  const endpoints = new Endpoints(addresses, addresses.every(isSocket) ? [false] : parseTls(fields, url));
  const searchPath = parseSearchPath(fields.schema, url);
  const options = url.parameters['options'] || env['PGOPTIONS'];
  const user = fields.username || url.user || env['PGUSER'] || processUser();
  const database = fields.database || url.database || env['PGDATABASE'] || user;
  const password = fields.password || url.password || env['PGPASSWORD'];
  const poolConfig: PoolConfig = {
    fallback_application_name: 'pg-timer-store',
    ...parsePassedOn(url),
    options: [
      fields.preparedStatements === false ? options : withPlanSettings(options),
      searchPath && searchPathOption(searchPath),
    ]
      .filter(Boolean)
      .join(' '),
    ...(user && { user }),
    ...(database && { database }),
    // Without one, node-postgres looks into the password file.
    ...(password && { password: typeof password === 'function' ? checkedPassword(password) : password }),
    Client: poolClientTo(endpoints, parseSessionKind(url)),
    max: fields.maxOpenConns ?? 10,
    maxLifetimeSeconds: (fields.connMaxLifetimeMs ?? 300_000) / 1000,
    // As many stay open unused; those above end after a while, so that a burst finds those of the one before.
    min: fields.maxIdleConns ?? 5,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    connectionTimeoutMillis: parseConnectTimeout(url),
    // A connection that is dead is noticed, and one that is not stays known to firewalls, while nothing is sent on it.
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
  };
  return { poolConfig, endpoints, searchPath, storeOptions: pickStoreOptions(fields) };
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
  for (const field of ['connectionString', 'host', 'database', 'username', 'schema'] as const) {
    checkType(`config.${field}`, given[field], ['string']);
  }
  checkType('config.password', given['password'], ['string', 'function']);
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

/** Shows nothing of the value, which may be a secret. */
function checkType(argument: string, value: unknown, types: readonly string[]): void {
  if (value !== undefined && !types.includes(typeof value)) {
    throw new InvalidArgumentError(
      argument,
      `must be a ${types.join(' or a ')}, not of type ${typeof value}`,
    );
  }
}

function pickStoreOptions(fields: PostgresConnectConfig): StoreOptions {
  return Object.fromEntries(STORE_OPTION_FIELDS.map((field) => [field, fields[field]]));
}

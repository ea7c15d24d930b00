import { userInfo } from 'node:os';
import type { PoolConfig } from 'pg';
import { InvalidArgumentError } from '../contract/errors';
import { checkInteger, MAX_INT4 } from '../contract/scalars';
import type { StoreOptions } from '../contract/types';
import { isObjectWithFields, parseOptions } from '../validation/objects';
import { parseStoreOptions, STORE_OPTION_FIELDS } from '../validation/options';
import { isSocket, parseAddresses, parseSessionKind } from './addresses';
import type { PostgresConnectConfig } from './connect-config';
import { parseConnectionString } from './connection-url';
import { Endpoints } from './endpoints';
import { checkedPassword } from './password';
import { withPlanSettings } from './plan-settings';
import { poolClientTo } from './pool-client';
import { parseSearchPath, type SearchPath, searchPathOption } from './search-path';
import { parseConnectTimeout, parsePassedOn } from './session-parameters';
import { checkSslMode, parseTls } from './tls-options';

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

/** The delay of the operating system is two hours, longer than a connection lives. */
const KEEP_ALIVE_DELAY_MS = 10_000;

/** The default of node-postgres. Bursts that come more often than this find their connections open. */
const IDLE_TIMEOUT_MS = 10_000;

export interface ConnectSettings {
  readonly poolConfig: PoolConfig;
  readonly endpoints: Endpoints;
  /** Undefined: the server decides. */
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
    // As many stay open unused. Others end after a while, so that a burst finds the connections of the burst before.
    min: fields.maxIdleConns ?? 5,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    connectionTimeoutMillis: parseConnectTimeout(url),
    // So a connection on which nothing is sent is noticed when it dies, and stays known to firewalls until then.
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
  };
  return { poolConfig, endpoints, searchPath, storeOptions: pickStoreOptions(fields) };
}

/** The name of the user whose process this is. $USER may say another, and containers leave it out. */
function processUser(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    // The id of the user has no name. The server will ask for one.
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

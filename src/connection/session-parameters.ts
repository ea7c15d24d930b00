import type { PoolConfig } from 'pg';
import { MAX_INT4 } from '../contract/scalars';
import type { ConnectionUrl } from './connection-url';
import { parseWholeNumber } from './parse-text';

const TEXT_PARAMETERS = [
  'application_name',
  'fallback_application_name',
  'client_encoding',
  'sslnegotiation',
];
const MILLISECOND_PARAMETERS = [
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
  'query_timeout',
];

/**
 * The parameters that node-postgres takes as they are. No others: it would take `log` or `Client` as its own options.
 */
export function parsePassedOn({ parameters }: ConnectionUrl): PoolConfig {
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

/** Returns milliseconds. As with libpq the text gives seconds; but 0 means the default here, not for ever. */
export function parseConnectTimeout({ parameters }: ConnectionUrl): number {
  const max = Math.trunc(MAX_INT4 / 1000);
  const seconds =
    parseWholeNumber('connectionString: connect_timeout', parameters['connect_timeout'], 0, max) ??
    parseWholeNumber('PGCONNECT_TIMEOUT', process.env['PGCONNECT_TIMEOUT'], 0, max);
  return (seconds || 10) * 1000;
}

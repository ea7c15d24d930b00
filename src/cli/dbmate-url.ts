import type { PoolConfig } from 'pg';
import type { Endpoint } from '../connection/endpoints';
import { type SearchPath, searchPathOption } from '../connection/search-path';

/**
 * Where a connection was made to, as dbmate takes it: one host, TLS or none, and the schema as a start-up option, since it
 * takes a `search_path` apart without regard to quotes.
 *
 * @param files Parameters of the connection string that name certificates.
 */
export function dbmateUrl(
  { user, database, password }: PoolConfig,
  { host, port, ssl }: Endpoint,
  searchPath: SearchPath | undefined,
  files: Readonly<Record<string, string>>,
): string {
  const isSocket = host.startsWith('/');
  const url = new URL('postgres://localhost');
  url.username = encodeURIComponent(user ?? '');
  url.password = typeof password === 'string' ? encodeURIComponent(password) : '';
  if (!isSocket) {
    url.hostname = host.includes(':') ? `[${host}]` : host;
  }
  url.port = String(port);
  url.pathname = `/${encodeURIComponent(database ?? '')}`;
  if (isSocket) {
    url.searchParams.set('socket', host);
  }
  url.searchParams.set('sslmode', sslModeOf(ssl));
  for (const name of ['sslrootcert', 'sslcert', 'sslkey']) {
    if (ssl && files[name]) {
      url.searchParams.set(name, files[name]);
    }
  }
  if (searchPath !== undefined) {
    url.searchParams.set('options', searchPathOption(searchPath));
  }
  return url.href;
}

/** As it was set up for the connection that worked. */
function sslModeOf(ssl: Endpoint['ssl']): string {
  if (ssl === false) {
    return 'disable';
  }
  if (!ssl.rejectUnauthorized) {
    return 'require';
  }
  return ssl.checkServerIdentity === undefined ? 'verify-full' : 'verify-ca';
}

import type { ConnectionOptions } from 'node:tls';
import type { StoreOptions } from '../contract/types';
import type { PasswordSource } from './password';
import type { SslMode } from './tls-options';

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

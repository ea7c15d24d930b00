import { Pool, type PoolConfig } from 'pg';
import { checkOut, giveBack } from '../driver/check-out';
import { checkResultsFormat } from '../driver/check-results-format';
import { SqlState, sqlStateOf } from '../driver/sqlstate';
import { translateConnectError } from '../driver/translate-error';
import { type Endpoint, type Endpoints, isAboutServer } from './endpoints';
import { withoutOwnSettings } from './plan-settings';

/**
 * Opens a pool, and one connection to see that it works, to the first endpoint that takes it. Whether the server takes
 * start-up options is decided here, once: a pooler may refuse them.
 *
 * @throws StoreUnavailableError
 */
export async function openPool(poolConfig: PoolConfig, endpoints: Endpoints): Promise<Pool> {
  const tried = new Set<Endpoint>();
  /** The last error of each server, by the address of the server. */
  const failures = new Map<string, unknown>();
  for (;;) {
    const endpoint = endpoints.current;
    tried.add(endpoint);
    try {
      return await openCheckedPool(poolConfig);
    } catch (error) {
      const options = withoutOwnSettings(poolConfig.options);
      if (options !== (poolConfig.options ?? '') && refusesOptions(error)) {
        return openPool({ ...poolConfig, options }, endpoints);
      }
      failures.set(`${endpoint.host}:${endpoint.port}`, error);
      if (tried.has(endpoints.current)) {
        throw translateConnectError(
          isAboutServer(error) && failures.size > 1 ? new AggregateError(failures.values()) : error,
        );
      }
    }
  }
}

async function openCheckedPool(poolConfig: PoolConfig): Promise<Pool> {
  const pool = new Pool(poolConfig);
  checkResultsFormat('pg', pool);
  // The pool tells of an unused connection that was lost. It has dropped the connection already, and opens another for
  // the next call; but an error event that nobody listens to ends the process.
  pool.on('error', () => {});
  try {
    giveBack(await checkOut(pool), false);
    return pool;
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/** Whether a pooler refused the start-up options: PgBouncer answers with the one code, RDS Proxy with the other. */
function refusesOptions(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === SqlState.PROTOCOL_VIOLATION || state === SqlState.FEATURE_NOT_SUPPORTED;
}

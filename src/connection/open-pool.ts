import { Pool, type PoolConfig } from 'pg';
import { checkOut, giveBack } from '../driver/check-out';
import { checkResultsFormat } from '../driver/check-results-format';
import { SqlState, sqlStateOf } from '../driver/sqlstate';
import { translateConnectError } from '../driver/translate-error';
import type { SslMode } from './connect-config';
import { withoutPlanSettings } from './plan-settings';

/**
 * Opens a pool, and one connection to see that it works.
 *
 * `prefer` is decided here, once: node-postgres either demands TLS or does without. So is whether the server takes
 * start-up options: a pooler may refuse them.
 *
 * @throws StoreUnavailableError
 */
export async function openPool(poolConfig: PoolConfig, sslMode: SslMode): Promise<Pool> {
  try {
    return await openCheckedPool(poolConfig);
  } catch (error) {
    if (sslMode === 'prefer' && hasNoTls(error)) {
      return openPool({ ...poolConfig, ssl: false }, 'disable');
    }
    const options = withoutPlanSettings(poolConfig.options);
    if (options !== (poolConfig.options ?? '') && refusesOptions(error)) {
      return openPool({ ...poolConfig, options }, sslMode);
    }
    throw translateConnectError(error);
  }
}

async function openCheckedPool(poolConfig: PoolConfig): Promise<Pool> {
  const pool = new Pool(poolConfig);
  checkResultsFormat('pg', pool);
  // An unused connection was lost. The pool has dropped it already, and opens another for the next call; but
  // an error event that nobody listens to ends the process.
  pool.on('error', () => {});
  try {
    giveBack(await checkOut(pool), false);
    return pool;
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/** PgBouncer has the one code, RDS Proxy the other. */
function refusesOptions(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === SqlState.PROTOCOL_VIOLATION || state === SqlState.FEATURE_NOT_SUPPORTED;
}

/** The driver has no code for it. */
function hasNoTls(error: unknown): boolean {
  return error instanceof Error && error.message === 'The server does not support SSL connections';
}

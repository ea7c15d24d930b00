import { judgeReadOnly } from '../diagnostics/judge-settings';
import { readServerSettings } from '../generated/server-check.queries';
import type { PostgresTimerStore } from '../postgres/postgres-timer-store';
import { statementsOf } from '../postgres/store-statements';
import { CommandError, ExitCode } from './exit-code';

/**
 * Before a write, which has to be tried again for seconds, as over a failover: whoever begins on a server that takes none
 * hears of it at once.
 *
 * @throws CommandError
 */
export async function requireWrites(store: PostgresTimerStore, signal: AbortSignal): Promise<void> {
  const run = statementsOf('store', store);
  const { rows } = await run('read', 'checkServer', readServerSettings, undefined, { signal });
  for (const { status, found, advice } of rows.map(judgeReadOnly)) {
    if (status === 'fault') {
      throw new CommandError(ExitCode.UNUSABLE_DATABASE, `${found}; nothing was done. ${advice}`);
    }
  }
}

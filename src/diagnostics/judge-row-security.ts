import type { ReadRowSecurityResult } from '../generated/server-check.queries';
import { fault, ok, type ServerCheck, warning } from './server-report';

const EVERY_ROW = 'CREATE POLICY timer_store ON timers TO the role USING (true)';

/** Row-level security hides rows without an error: a hidden shard looks like one that was never claimed. */
export function judgeRowSecurity(commands: readonly ReadRowSecurityResult[]): ServerCheck {
  const without = (key: 'hasPolicy' | 'hasEveryRow') =>
    commands
      .filter((command) => !command[key])
      .map(({ command }) => command)
      .join(', ');
  if (without('hasPolicy') !== '') {
    return fault(
      'rowSecurity',
      `no policy lets the role ${without('hasPolicy')} on timers: it has no row to it`,
      `${EVERY_ROW}, or ALTER TABLE timers DISABLE ROW LEVEL SECURITY.`,
    );
  }
  return without('hasEveryRow') === ''
    ? ok('rowSecurity', commands.length === 0 ? 'does not apply to the role' : 'the role has every row')
    : warning(
        'rowSecurity',
        `policies decide what rows the role may ${without('hasEveryRow')}: others are missing in silence`,
        `${EVERY_ROW}, and no policy AS RESTRICTIVE, unless each of its shards is wholly within the policies.`,
      );
}

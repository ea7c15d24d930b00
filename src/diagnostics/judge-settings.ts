import { PLAN_SETTINGS } from '../connection/plan-settings';
import { MIGRATE_COMMAND } from '../contract/migrate-command';
import { DEFAULT_TIMEOUT_MS } from '../driver/deadline';
import type { ReadServerSettingsResult } from '../generated/server-check.queries';
import { fault, ok, type ServerCheck, warning } from './server-report';

type Settings = ReadServerSettingsResult;

export function judgeClientEncoding({ clientEncoding }: Settings): readonly ServerCheck[] {
  return clientEncoding === 'UTF8'
    ? []
    : [
        fault(
          'encoding',
          `client_encoding is ${clientEncoding}`,
          'The driver speaks UTF8: leave client_encoding to it.',
        ),
      ];
}

export function missingPrivileges(settings: Settings): readonly string[] {
  return (['Select', 'Insert', 'Update', 'Delete'] as const)
    .filter((privilege) => settings[`may${privilege}`] !== true)
    .map((privilege) => privilege.toUpperCase());
}

export function judgePrivileges(settings: Settings): readonly ServerCheck[] {
  if (settings.maySelect === null) {
    return [
      fault(
        'privileges',
        'there is no table timers that this role can see',
        'Grant USAGE on its schema, or migrate.',
      ),
    ];
  }
  const findings = [...judgeTimersPrivileges(settings), ...judgeMembersPrivileges(settings)];
  return findings.length > 0
    ? findings
    : [ok('privileges', 'SELECT, INSERT, UPDATE, DELETE on timers and timer_members')];
}

function judgeTimersPrivileges(settings: Settings): readonly ServerCheck[] {
  const missing = missingPrivileges(settings).join(', ');
  if (missing !== '') {
    return [
      fault('privileges', `the role lacks ${missing} on timers`, `GRANT ${missing} ON timers TO the role.`),
    ];
  }
  const excess = settings.isSuperuser
    ? 'the role is a superuser'
    : settings.ownsTable
      ? 'the role owns timers'
      : settings.mayTruncate
        ? 'the role may TRUNCATE timers'
        : undefined;
  return excess === undefined
    ? []
    : [
        warning(
          'privileges',
          excess,
          'Give the service a role of its own, with the rights of grants.sql alone.',
        ),
      ];
}

/** No faults: a store without a PostgresMembership never asks for that table. */
function judgeMembersPrivileges({ lackingOnMembers }: Settings): readonly ServerCheck[] {
  if (lackingOnMembers === null) {
    return [
      warning(
        'privileges',
        'there is no table timer_members, which PostgresMembership needs',
        `Migrate: ${MIGRATE_COMMAND}`,
      ),
    ];
  }
  return lackingOnMembers === ''
    ? []
    : [
        warning(
          'privileges',
          `the role lacks ${lackingOnMembers} on timer_members, which PostgresMembership needs`,
          `GRANT ${lackingOnMembers} ON timer_members TO the role, as grants.sql does.`,
        ),
      ];
}

export function judgeReadOnly({ isInRecovery, isReadOnly }: Settings): ServerCheck {
  if (isInRecovery) {
    return fault('readOnly', 'the server is a standby: writes will fail', 'Connect to the primary.');
  }
  return isReadOnly
    ? fault(
        'readOnly',
        'default_transaction_read_only is on: writes will fail',
        'Set it to off for this role and database.',
      )
    : ok('readOnly', 'takes writes');
}

export function judgeIsolation({ isolation }: Settings): ServerCheck {
  return isolation === 'read committed'
    ? ok('isolation', isolation)
    : warning(
        'isolation',
        isolation,
        'Set default_transaction_isolation to read committed: statements that meet will fail and be run again.',
      );
}

/** See PLAN_SETTINGS. */
export function judgePlanSettings(
  { planCacheMode, mayScanTables }: Settings,
  hasCitus: boolean,
): ServerCheck {
  const found = `plan_cache_mode is ${planCacheMode}, enable_seqscan is ${mayScanTables ? 'on' : 'off'}`;
  if (hasCitus) {
    return planCacheMode === 'force_generic_plan'
      ? fault(
          'planSettings',
          `${found}: Citus cannot plan without parameters`,
          'Set plan_cache_mode to auto.',
        )
      : ok('planSettings', found);
  }
  return planCacheMode === 'force_generic_plan' && !mayScanTables
    ? ok('planSettings', found)
    : warning(
        'planSettings',
        `${found}: queries may be planned for each call, or for the table as small as it was once`,
        `Let PostgresTimerStore.connect open the connections, or open them with the options ${PLAN_SETTINGS}`,
      );
}

/** No time zone does harm: the store keeps and sends times with their zone, and reads them as numbers. */
export function judgeTimeZone({ timeZone }: Settings): ServerCheck {
  return ok('timeZone', `${timeZone}; nothing depends on it`);
}

export function judgeDurability({
  fsync,
  fullPageWrites,
  synchronousCommit,
}: Settings): readonly ServerCheck[] {
  const findings: ServerCheck[] = [];
  if (!fsync) {
    findings.push(
      warning(
        'durability',
        'fsync is off: a crash of the machine can lose or spoil all data',
        'Set fsync to on.',
      ),
    );
  }
  if (!fullPageWrites) {
    findings.push(
      warning(
        'durability',
        'full_page_writes is off: a crash of the machine can spoil data',
        'Set full_page_writes to on, unless the file system never tears a page.',
      ),
    );
  }
  if (synchronousCommit === 'off') {
    findings.push(
      warning(
        'durability',
        'synchronous_commit is off: a crash can lose the last writes that were acknowledged',
        'Set synchronous_commit to on for this role and database.',
      ),
    );
  }
  return findings.length > 0 ? findings : [ok('durability', 'acknowledged writes survive a crash')];
}

/** Judges the server's time-outs: some end a call, or its connection, before the call's own does. */
export function judgeTimeouts(settings: Settings): readonly ServerCheck[] {
  const timeouts = {
    statement_timeout: settings.statementTimeoutMs,
    transaction_timeout: settings.transactionTimeoutMs,
    lock_timeout: settings.lockTimeoutMs,
    idle_session_timeout: settings.idleSessionTimeoutMs,
  };
  const findings = Object.entries(timeouts)
    .filter(([, timeoutMs]) => timeoutMs !== null && timeoutMs > 0 && timeoutMs < DEFAULT_TIMEOUT_MS)
    .map(([name, timeoutMs]) =>
      warning(
        'timeouts',
        `${name} is ${timeoutMs} ms, less than the ${DEFAULT_TIMEOUT_MS} ms of a call`,
        `Set ${name} to 0 for this role and database; each call has its own timeoutMs.`,
      ),
    );
  return findings.length > 0 ? findings : [ok('timeouts', 'none is shorter than that of a call')];
}

/** @param poolMax how many connections the pool may open. Other clients of the server need some too. */
export function judgeConnections(settings: Settings, poolMax: number | undefined): ServerCheck {
  const { maxConnections, reservedConnections, databaseConnectionLimit, roleConnectionLimit } = settings;
  // A superuser may use the reserved connections, and the limits of role and database do not bind it.
  const limits: [limit: number, name: string][] = settings.loginIsSuperuser
    ? [[maxConnections, 'max_connections']]
    : [
        [maxConnections - reservedConnections, 'max_connections less those reserved'],
        [databaseConnectionLimit, 'the CONNECTION LIMIT of the database'],
        [roleConnectionLimit, 'the CONNECTION LIMIT of the role'],
      ];
  const [limit, name] = limits
    .filter(([each]) => each >= 0)
    .reduce((least, each) => (each[0] < least[0] ? each : least));
  if (poolMax === undefined) {
    return ok('connections', `the pool does not tell how many it opens, of ${limit} (${name})`);
  }
  const found = `the pool opens up to ${poolMax} of ${limit} (${name})`;
  return poolMax <= limit
    ? ok('connections', found)
    : warning('connections', found, 'Lower the size of the pool, or raise that limit.');
}

/**
 * Judges how old the oldest multixact is that the database may still need. The ids are used again after 2 billion: before
 * that, the server stops taking writes. Autovacuum removes those older than its setting says.
 */
export function judgeMultixacts({ multixactAge, multixactFreezeMaxAge }: Settings): ServerCheck {
  const found = `the oldest is ${multixactAge} multixacts old; autovacuum is to begin at ${multixactFreezeMaxAge}`;
  return multixactAge <= multixactFreezeMaxAge
    ? ok('multixacts', found)
    : warning(
        'multixacts',
        found,
        'Autovacuum does not keep up. End what holds it up, such as old or prepared transactions, then VACUUM (FREEZE) ' +
          'the tables with the oldest relminmxid.',
      );
}

/** Judges whether the indexes fit into the server's buffers: a create changes a page of each at a random place. */
export function judgeMemory({ indexBytes, sharedBuffersBytes }: Settings): ServerCheck {
  const found = `the indexes of timers take ${mebibytes(indexBytes ?? 0)}, shared_buffers ${mebibytes(sharedBuffersBytes)}`;
  return (indexBytes ?? 0) <= sharedBuffersBytes
    ? ok('memory', found)
    : warning(
        'memory',
        found,
        'Creates may wait for index pages. Raise shared_buffers towards the size of the indexes, as far as the memory allows.',
      );
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}

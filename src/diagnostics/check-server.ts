import type { PreparedQuery } from '@pgtyped/runtime';
import type { ClientBase, PoolClient } from 'pg';
import type { Deadline } from '../driver/deadline';
import { runQuery } from '../driver/run-query';
import type { StatementRunner } from '../driver/statement-runner';
import { readRequirements } from '../generated/schema-check.queries';
import {
  readDatabaseCollation,
  readKeyCollations,
  readRowSecurity,
  readServerClock,
  readServerSettings,
} from '../generated/server-check.queries';
import { checkCluster } from './check-cluster';
import { checkDistributedPlans, checkPlans } from './check-plans';
import { judgeClockSkew, measureClockSkew } from './clock-skew';
import { judgeKeyCollations } from './judge-key-collations';
import { judgeEncoding, judgeSchema, judgeVersion, schemaFaults, unknownColumns } from './judge-requirements';
import { judgeRowSecurity } from './judge-row-security';
import {
  judgeClientEncoding,
  judgeConnections,
  judgeDurability,
  judgeIsolation,
  judgeMemory,
  judgeMultixacts,
  judgePlanSettings,
  judgePrivileges,
  judgeReadOnly,
  judgeTimeouts,
  judgeTimeZone,
  missingPrivileges,
} from './judge-settings';
import { judgePreparedStatements, probePreparedStatements } from './probe-prepared-statements';
import { ok, type ServerCheck, type ServerReport, warning } from './server-report';

/** A version as `server_version_num` writes it. */
const FIRST_WITH_DATABASE_COLLATION_VERSION = 150_000;

/**
 * Looks at the server, and writes nothing.
 *
 * @param now this process's clock, in milliseconds since 1970.
 */
export async function checkServer(
  runner: StatementRunner,
  deadline: Deadline,
  now: () => number = Date.now,
): Promise<ServerReport> {
  const use = { operation: 'checkServer', kind: 'read', deadline } as const;
  return await runner.useConnections(use, async ([client, other]) => {
    const requirements = await readRow(client, readRequirements);
    const settings = await readRow(client, readServerSettings);
    const keyCollations = await readRows(client, readKeyCollations);
    const hasDatabaseCollationChanged =
      requirements.versionNumber >= FIRST_WITH_DATABASE_COLLATION_VERSION &&
      (await readRow(client, readDatabaseCollation)).hasChanged;
    const missingFromSchema = schemaFaults(requirements);
    const readClock = async () => (await readRow(client, readServerClock)).nowMs;
    // EXPLAIN needs the table, and the same privileges as the query itself.
    const canExplain = missingFromSchema.length === 0 && missingPrivileges(settings).length === 0;
    const checkTablePlans = async () => {
      if (requirements.hasCitus) {
        return canExplain
          ? await checkDistributedPlans(client, deadline)
          : [warning('plans', 'not checked', 'Mend schema and privileges first.')];
      }
      return canExplain
        ? await checkPlans(client, settings.tableBytes ?? 0, runner.preparedStatements, deadline)
        : [warning('plans', 'not checked', 'Mend schema and privileges first.')];
    };
    const checks: ServerCheck[] = [
      judgeVersion(requirements.version, requirements.versionNumber),
      judgeEncoding(requirements.encoding),
      ...judgeClientEncoding(settings),
      ...judgeSchema(missingFromSchema, unknownColumns(requirements)),
      ...judgeKeyCollations(keyCollations, hasDatabaseCollationChanged),
      ...judgePrivileges(settings),
      judgeRowSecurity(await readRows(client, readRowSecurity)),
      judgeReadOnly(settings),
      judgeIsolation(settings),
      judgeTimeZone(settings),
      ...judgeDurability(settings),
      ...judgeTimeouts(settings),
      judgeConnections(settings, runner.maxConnections),
      judgeMultixacts(settings),
      judgeMemory(settings),
      judgeClockSkew(await measureClockSkew(readClock, now)),
      await checkPreparedStatements(runner, client, other),
      runner.preparedStatements
        ? judgePlanSettings(settings, requirements.hasCitus)
        : ok('planSettings', 'each call is planned'),
      ...(await checkTablePlans()),
      ...(requirements.hasCitus ? await checkCluster(client, settings.dateStyle) : []),
    ];
    return { ok: checks.every(({ status }) => status !== 'fault'), checks };
  });
}

async function checkPreparedStatements(
  runner: StatementRunner,
  client: PoolClient,
  other: PoolClient | undefined,
): Promise<ServerCheck> {
  return runner.preparedStatements
    ? judgePreparedStatements(await probePreparedStatements(client, other))
    : ok('preparedStatements', 'not used');
}

async function readRow<TRow>(client: ClientBase, query: PreparedQuery<void, TRow>): Promise<TRow> {
  const [row] = await readRows(client, query);
  if (row === undefined) {
    throw new TypeError('A query that always has one row returned none');
  }
  return row;
}

async function readRows<TRow>(
  client: ClientBase,
  query: PreparedQuery<void, TRow>,
): Promise<readonly TRow[]> {
  return (await runQuery(client, query, undefined, false)).rows;
}

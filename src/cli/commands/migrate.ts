import { parseConnectionString } from '../../connection/connection-url';
import { AccessDeniedError, UnsupportedServerError } from '../../contract/errors';
import { schemaFaults, serverFaults, unknownColumns } from '../../diagnostics/judge-requirements';
import { type ReadRequirementsResult, readRequirements } from '../../generated/schema-check.queries';
import type { PostgresTimerStore } from '../../postgres/postgres-timer-store';
import { statementsOf } from '../../postgres/store-statements';
import { readAppliedVersions } from '../applied-migrations';
import { type ConnectionOptions, connectConfig, withUncheckedStore } from '../connect';
import { appliedOf, type DbmateTarget, runDbmate } from '../dbmate';
import { dbmateUrl } from '../dbmate-url';
import { CommandError, ExitCode } from '../exit-code';
import { GRANTS, knownVersions, MIGRATIONS_DIR, readMigrations } from '../migrations';
import type { Terminal } from '../terminal';

export interface MigrateOptions extends ConnectionOptions {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Applies what the database does not have yet, by dbmate; with `--dry-run`, prints it. */
export async function migrate(terminal: Terminal, options: MigrateOptions): Promise<void> {
  const config = connectConfig(options);
  await withUncheckedStore(terminal, config, async (store, { poolConfig, endpoints, searchPath }) => {
    try {
      checkTarget(await readState(terminal, store));
      await checkVersions(terminal, store);
    } catch (error) {
      if (error instanceof AccessDeniedError) {
        throw terminal.failure(error, 'nothing was applied: migrate as the owner of the tables');
      }
      throw terminal.signal.aborted ? terminal.failure(error, 'nothing was applied') : error;
    }
    const { parameters } = parseConnectionString(config.connectionString);
    // Where this connection was made to, so that dbmate need not find a host, or whether there is TLS.
    const target = {
      url: dbmateUrl(poolConfig, endpoints.current, searchPath, parameters),
      password: typeof poolConfig.password === 'string' ? poolConfig.password : '',
      migrationsDir: MIGRATIONS_DIR,
    };
    await (options.dryRun
      ? printPending(terminal, target, options)
      : apply(terminal, store, target, options));
  });
}

async function apply(
  terminal: Terminal,
  store: PostgresTimerStore,
  target: DbmateTarget,
  { json }: MigrateOptions,
): Promise<void> {
  const said = await runDbmate(terminal, target, 'migrate');
  const applied = appliedOf(said);
  const lines = applied.map((name) => `applied ${name}`);
  const text = json ? JSON.stringify({ applied }) : lines.join('\n') || 'nothing to apply';
  await terminal.writeDone(`${text}\n`, lines.join(', ') || 'nothing to apply');
  const state = await readState(terminal, store);
  const faults = schemaFaults(state);
  const unknown = unknownColumns(state);
  if (unknown.length > 0) {
    terminal.say(`timers has columns of another program, or of a newer version: ${unknown.join(', ')}`);
  }
  if (faults.length > 0) {
    terminal.find(`the schema is not what this version needs: ${faults.join('; ')}`);
  } else if (applied.length > 0) {
    terminal.say(`the rights that the role of a service needs are in ${GRANTS}`);
  }
}

async function printPending(
  terminal: Terminal,
  target: DbmateTarget,
  { json }: MigrateOptions,
): Promise<void> {
  const said = await runDbmate(terminal, target, 'status');
  const names = [...said.matchAll(/^\[ \] (\S+)\.sql/gm)].map(([, name]) => name);
  const pending = readMigrations().filter(({ name }) => names.includes(name));
  if (json) {
    await terminal.writeJson({ pending: pending.map(({ name, up }) => ({ name, sql: up })) });
  } else {
    const none = '-- nothing to apply\n';
    await terminal.write(pending.map(({ name, up }) => `-- ${name}\n\n${up}\n\n`).join('') || none);
  }
}

async function readState(terminal: Terminal, store: PostgresTimerStore): Promise<ReadRequirementsResult> {
  const options = { signal: terminal.signal };
  const { rows } = await statementsOf('store', store)(
    'read',
    'migrate',
    readRequirements,
    undefined,
    options,
  );
  return rows[0] as ReadRequirementsResult;
}

function checkTarget(state: ReadRequirementsResult): void {
  const unsupported = serverFaults(state);
  if (unsupported.length > 0) {
    throw new UnsupportedServerError(unsupported);
  }
  // As sql/schema-check.sql says it.
  if (schemaFaults(state).includes('column shard_id should be integer, but is missing')) {
    const message =
      'there is a table timers already, of another program: give these a schema of their own by --schema';
    throw new CommandError(ExitCode.UNUSABLE_DATABASE, message);
  }
  if (schemaFaults(state).some((fault) => fault.endsWith('in any schema of search_path'))) {
    const message = 'no schema of the search_path exists, or the role must not use it: CREATE SCHEMA first';
    throw new CommandError(ExitCode.UNUSABLE_DATABASE, message);
  }
}

/** @throws CommandError a later version of this package has migrated the database. */
async function checkVersions({ signal }: Terminal, store: PostgresTimerStore): Promise<void> {
  const known = knownVersions();
  const unknown = (await readAppliedVersions(store, signal)).filter((version) => !known.has(version));
  if (unknown.length > 0) {
    const message =
      `the database was migrated by a newer version of pg-timer-store, and nothing was applied: this one has no ` +
      `migration ${unknown.join(', ')}. Migrate by that version; all other commands of this one work`;
    throw new CommandError(ExitCode.UNUSABLE_DATABASE, message);
  }
}

import type { PostgresConnectConfig } from '../connection/connect-config';
import { parseConnectionString } from '../connection/connection-url';
import { openPool } from '../connection/open-pool';
import { type ConnectSettings, parseConnectConfig } from '../connection/parse-connect-config';
import { StoreUnavailableError } from '../contract/errors';
import { PostgresTimerStore } from '../postgres/postgres-timer-store';
import { CommandError, ExitCode } from './exit-code';
import { messageOf } from './message-of';
import { namedAs } from './named-as';
import type { Terminal } from './terminal';

/** Of every command that needs the database. */
export interface ConnectionOptions {
  readonly databaseUrl?: string;
  readonly schema?: string;
}

/** @throws CommandError for a password on the command line, which other users of the machine can read. */
export function connectConfig({ databaseUrl, schema }: ConnectionOptions): PostgresConnectConfig {
  const connectionString = databaseUrl ?? (process.env['DATABASE_URL'] || undefined);
  const source = databaseUrl === undefined ? 'DATABASE_URL' : '--database-url';
  const { password } = namedAs(source, 'connectionString', () => parseConnectionString(connectionString));
  if (databaseUrl !== undefined && password) {
    throw new CommandError(
      ExitCode.USAGE,
      '--database-url must not have a password, which every user of this machine could read in the list of processes: ' +
        'give it by PGPASSWORD or the password file, or the whole URL by DATABASE_URL',
    );
  }
  return { connectionString, schema };
}

/** What a command does on a store, which is closed afterwards. */
export async function withStore(
  terminal: Terminal,
  config: PostgresConnectConfig,
  work: (store: PostgresTimerStore) => Promise<void>,
): Promise<void> {
  const store = await opened(
    terminal,
    config,
    PostgresTimerStore.connect({ ...config, onUnreadableRow: ({ message }) => terminal.find(message) }),
  );
  try {
    await work(store);
  } finally {
    await closed(terminal, store.close());
  }
}

/** The same on whatever there is: a database may be not migrated yet, or its server too old. */
export async function withUncheckedStore<T>(
  terminal: Terminal,
  config: PostgresConnectConfig,
  work: (store: PostgresTimerStore, settings: ConnectSettings) => Promise<T>,
): Promise<T> {
  const settings = parseConnectConfig(config);
  const pool = await opened(terminal, config, openPool(settings.poolConfig, settings.endpoints));
  try {
    return await work(PostgresTimerStore.fromPool(pool, settings.storeOptions), settings);
  } finally {
    await closed(terminal, pool.end());
  }
}

/** Where nothing says which database is meant and none answers at the default, that is what is wrong. */
async function opened<T>(
  terminal: Terminal,
  { connectionString }: PostgresConnectConfig,
  opening: Promise<T>,
): Promise<T> {
  try {
    return await terminal.orEnd(opening);
  } catch (error) {
    if (
      !(error instanceof StoreUnavailableError) ||
      connectionString !== undefined ||
      process.env['PGHOST']
    ) {
      throw error;
    }
    throw new CommandError(
      ExitCode.UNUSABLE_DATABASE,
      `DATABASE_URL is not set, as in postgres://USER:PASSWORD@HOST/DATABASE, nor is PGHOST. ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/** Once a command was told to end, a server that does not answer keeps nobody waiting. */
async function closed({ signal }: Terminal, closing: Promise<void>): Promise<void> {
  if (signal.aborted) {
    closing.catch(() => {});
  } else {
    await closing;
  }
}

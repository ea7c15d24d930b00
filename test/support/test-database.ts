import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { cloneDatabase, dropDatabase, OBJECT_IN_USE } from '../../src/testing/clone-database';
import { endMaintenance, onEachNode } from './cluster-nodes';
import { checkTheirTable, createTestSchema, inTestSchema } from './test-schema';

const TEMPLATE = 'pg_timer_store_template';

export interface TestDatabase {
  /** Of a superuser. */
  readonly url: string;
  /** Of the role with the rights of db/grants.sql. */
  readonly storeUrl: string;
  readonly name: string;
  drop(): Promise<void>;
}

function newName(): string {
  return `pg_timer_store_test_${randomBytes(6).toString('hex')}`;
}

/**
 * A database that is not migrated, for the test to drop.
 *
 * @param settings Of CREATE DATABASE.
 * @returns its name
 */
export async function createEmptyDatabase(settings = 'TEMPLATE template0'): Promise<string> {
  const name = newName();
  await onServer(async (admin) => void (await admin.query(`CREATE DATABASE ${name} ${settings}`)));
  const admin = new Client({ connectionString: databaseUrl(name) });
  await admin.connect();
  await createTestSchema(admin);
  await admin.end();
  return name;
}

/** A migrated database for one test file alone. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = newName();
  await onEachNode(async (admin) => {
    await endMaintenance(admin, TEMPLATE);
    await cloneDatabase(admin, TEMPLATE, name);
  });
  return {
    url: databaseUrl(name),
    storeUrl: storeUrl(name),
    name,
    async drop() {
      try {
        await checkTheirTable(databaseUrl(name));
      } finally {
        await onEachNode((admin) => dropMaintained(admin, name));
      }
    },
  };
}

/** Every few seconds Citus begins the maintenance of a database again, also while that is dropped. */
async function dropMaintained(admin: Client, name: string): Promise<void> {
  for (let triesLeft = 5; ; triesLeft--) {
    await endMaintenance(admin, name);
    try {
      await dropDatabase(admin, name);
      return;
    } catch (error) {
      if (triesLeft === 0 || (error as { code?: string }).code !== OBJECT_IN_USE) {
        throw error;
      }
    }
  }
}

/** Of a superuser. */
export function databaseUrl(name: string): string {
  return inTestSchema(urlOf('TEST_SERVER_URL', name)).href;
}

/** Of the role with the rights of db/grants.sql. */
export function storeUrl(name: string): string {
  return inTestSchema(urlOf('TEST_STORE_URL', name)).href;
}

function urlOf(variable: 'TEST_SERVER_URL' | 'TEST_STORE_URL', database: string): URL {
  const server = process.env[variable];
  if (server === undefined) {
    throw new Error(`${variable} is not set: these tests are run by jest with the config of this project`);
  }
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url;
}

export async function onServer(work: (admin: Client) => Promise<void>): Promise<void> {
  const admin = new Client({ connectionString: databaseUrl('postgres') });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

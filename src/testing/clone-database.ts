import type { Client } from 'pg';

export const OBJECT_IN_USE = '55006';
const MAX_TRIES = 20;

/**
 * Copies a template database. Two that copy it at the same moment are in each other's way, so that there is one at a time, over all processes.
 *
 * @param admin of a superuser, in another database.
 */
export async function cloneDatabase(admin: Client, template: string, name: string): Promise<void> {
  await withTemplates(admin, async () => {
    for (let attempt = 1; ; attempt++) {
      try {
        await admin.query(
          `CREATE DATABASE ${admin.escapeIdentifier(name)} TEMPLATE ${admin.escapeIdentifier(template)}`,
        );
        return;
      } catch (error) {
        if ((error as { code?: string }).code !== OBJECT_IN_USE || attempt === MAX_TRIES) {
          throw error;
        }
      }
    }
  });
}

/** Lets no other process do anything with templates meanwhile. */
export async function withTemplates<T>(admin: Client, work: () => Promise<T>): Promise<T> {
  await admin.query("SELECT pg_advisory_lock(hashtext('pg_timer_store_template'))");
  try {
    return await work();
  } finally {
    await admin.query("SELECT pg_advisory_unlock(hashtext('pg_timer_store_template'))");
  }
}

/** The server waits some seconds for connections that are closing. Ended by force, they would hear of it as an error. */
export async function dropDatabase(admin: Client, name: string): Promise<void> {
  const database = admin.escapeIdentifier(name);
  try {
    await admin.query(`DROP DATABASE IF EXISTS ${database}`);
  } catch (error) {
    if ((error as { code?: string }).code !== OBJECT_IN_USE) {
      throw error;
    }
    await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  }
}

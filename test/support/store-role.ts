import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Client } from 'pg';

const ROLE = 'store_of_pg_timer_store_tests';
const ROOT = path.join(__dirname, '../..');

/**
 * Creates the role that the stores of the tests connect as, with the rights of db/grants.sql in this database.
 *
 * @param admin Of a superuser, in a migrated database.
 */
export async function createStoreRole(
  admin: Client,
  root = ROOT,
): Promise<{ username: string; password: string }> {
  const password = randomBytes(24).toString('hex');
  // The statement contains the password.
  await admin.query(`SET log_statement = 'none'`);
  await admin.query(`CREATE ROLE ${ROLE} LOGIN PASSWORD '${password}'`);
  await admin.query('RESET log_statement');
  // As PostgreSQL has it since 15, and more: nothing comes from PUBLIC.
  await admin.query('REVOKE ALL ON SCHEMA public FROM PUBLIC');
  await grantStoreRights(admin, root);
  return { username: ROLE, password };
}

/** What grants.sql of the version below this folder gives. */
export async function grantStoreRights(admin: Client, root = ROOT): Promise<void> {
  const grants = fs.readFileSync(path.join(root, 'db/grants.sql'), 'utf8');
  await admin.query(grants.replaceAll('timer_user', ROLE));
}

/** Drops the role, and the tests' databases in which it has rights: those of this run, or of one that was killed. */
export async function dropStoreRole(admin: Client): Promise<void> {
  const { rows } = await admin.query(
    `SELECT DISTINCT datname AS name FROM pg_shdepend JOIN pg_database ON pg_database.oid = dbid
     WHERE refclassid = 'pg_authid'::regclass AND refobjid = (SELECT oid FROM pg_roles WHERE rolname = $1)
       AND datname ~ '^pg_timer_store_te(mplate$|st_)'`,
    [ROLE],
  );
  for (const { name } of rows) {
    await admin.query(`DROP DATABASE ${admin.escapeIdentifier(name)} WITH (FORCE)`);
  }
  await admin.query(`DROP ROLE IF EXISTS ${ROLE}`);
}

/** CommonJS: both jest, which does not import ES modules, and the ES modules around it take it. */
const { randomBytes } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const ROLE = 'store_of_pg_timer_store_tests';
const GRANTS = path.join(__dirname, '../../db/grants.sql');

/**
 * Creates the role that the stores of the tests connect as, with the rights of db/grants.sql in this database.
 *
 * @param {import('pg').Client} admin Of a superuser, in a migrated database.
 * @returns {Promise<{ username: string, password: string }>}
 */
async function createStoreRole(admin) {
  const password = randomBytes(24).toString('hex');
  // The statement contains the password.
  await admin.query(`SET log_statement = 'none'`);
  await admin.query(`CREATE ROLE ${ROLE} LOGIN PASSWORD '${password}'`);
  await admin.query('RESET log_statement');
  // As PostgreSQL has it since 15, and more: nothing comes from PUBLIC.
  await admin.query('REVOKE ALL ON SCHEMA public FROM PUBLIC');
  await admin.query(fs.readFileSync(GRANTS, 'utf8').replaceAll('timer_user', ROLE));
  return { username: ROLE, password };
}

/**
 * Drops the role, and the tests' databases in which it has rights: those of this run, or of one that was killed.
 *
 * @param {import('pg').Client} admin
 */
async function dropStoreRole(admin) {
  const { rows } = await admin.query(
    `SELECT DISTINCT datname AS name FROM pg_shdepend JOIN pg_database ON pg_database.oid = dbid
     WHERE refclassid = 'pg_authid'::regclass AND refobjid = (SELECT oid FROM pg_roles WHERE rolname = $1)
       AND datname ~ '^pg_timer_store_te(mplate$|st_)'`,
    [ROLE],
  );
  for (const { name } of rows)
    await admin.query(`DROP DATABASE ${admin.escapeIdentifier(name)} WITH (FORCE)`);
  await admin.query(`DROP ROLE IF EXISTS ${ROLE}`);
}

module.exports = { createStoreRole, dropStoreRole };

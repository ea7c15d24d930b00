import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { runDbmate } from '../../scripts/run-dbmate.mjs';
import { chooseTestServer } from './choose-test-server.mjs';
import { createStoreRole, dropStoreRole } from './store-role.cjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TEMPLATE = 'pg_timer_store_template';

/** Starts the server that the tests share, with a migrated database for each of them to copy. */
export default async function startTestServer() {
  // The workers take it over: a zone in which a time that was read as local shows.
  process.env['TZ'] = 'America/St_Johns';
  const server = await chooseTestServer();
  /** @type {any} */ (globalThis).testServer = server;
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  const { rows } = await admin.query('SHOW server_version');
  await dropStoreRole(admin);
  await admin.query(`DROP DATABASE IF EXISTS ${TEMPLATE}`);
  await admin.query(`CREATE DATABASE ${TEMPLATE}`);
  await admin.end();
  const url = new URL(server.url);
  url.pathname = `/${TEMPLATE}`;
  if (!url.searchParams.has('sslmode')) {
    url.searchParams.set('sslmode', 'disable');
  }
  await runDbmate(ROOT, url.href, 'up');
  process.env['TEST_SERVER_URL'] = server.url;
  process.env['TEST_STORE_URL'] = await storeUrl(url);
  console.log(`\nTests run on PostgreSQL ${rows[0].server_version}: ${server.description}`);
}

/**
 * The server's URL for the stores of the tests, which are no superusers.
 *
 * @param {URL} template
 */
async function storeUrl(template) {
  const admin = new pg.Client({ connectionString: template.href });
  await admin.connect();
  const url = new URL(process.env['TEST_SERVER_URL'] ?? '');
  Object.assign(url, await createStoreRole(admin));
  await admin.end();
  return url.href;
}

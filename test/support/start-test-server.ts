import path from 'node:path';
import { Client } from 'pg';
import { chooseTestServer, type TestServer } from './choose-test-server';
import { findNodes, joinNodes, onEachNode } from './cluster-nodes';
import type { Pooler } from './start-pooler.mjs' with { 'resolution-mode': 'import' };
import { createStoreRole, dropStoreRole } from './store-role';
import { createTestSchema, inTestSchema } from './test-schema';

const ROOT = path.join(__dirname, '../..');
const TEMPLATE = 'pg_timer_store_template';

/** What `stopTestServer` finds in `globalThis`. */
export interface TestServers {
  testServer?: TestServer;
  testPooler?: Pooler;
}

/** Starts the server that the tests share, with a migrated database for each of them to copy. */
export default async function startTestServer(): Promise<void> {
  const { dbmateOptions, parseLayout } = await import('../../scripts/layouts.mjs');
  const { runDbmate } = await import('../../scripts/run-dbmate.mjs');
  // The workers take it over: a zone in which a time that was read as local shows.
  process.env['TZ'] = 'America/St_Johns';
  const layout = parseLayout(process.env['TEST_LAYOUT'] || 'plain', 'TEST_LAYOUT');
  const server = await chooseTestServer(layout);
  (globalThis as TestServers).testServer = server;
  const admin = new Client({ connectionString: server.url });
  await admin.connect();
  const { rows } = await admin.query('SHOW server_version');
  // For tests of what only some versions can do.
  process.env['TEST_SERVER_VERSION'] = rows[0].server_version;
  await admin.end();
  process.env['TEST_SERVER_URL'] = server.url;
  if (layout === 'citus') {
    await findNodes(server.url);
  }
  await onEachNode(async (node) => {
    await dropStoreRole(node);
    await node.query(`DROP DATABASE IF EXISTS ${TEMPLATE} WITH (FORCE)`);
    await node.query(`CREATE DATABASE ${TEMPLATE}`);
  });
  const url = new URL(server.url);
  url.pathname = `/${TEMPLATE}`;
  if (!url.searchParams.has('sslmode')) {
    url.searchParams.set('sslmode', 'disable');
  }
  if (layout === 'citus') {
    await joinNodes(TEMPLATE);
  }
  const template = new Client({ connectionString: url.href });
  await template.connect();
  await createTestSchema(template);
  await template.end();
  inTestSchema(url);
  await runDbmate(ROOT, url.href, 'up', layout);
  // For the workers, which cannot import ES modules.
  process.env['TEST_DBMATE_OPTIONS'] = JSON.stringify(dbmateOptions(layout));
  process.env['TEST_STORE_URL'] = await storeUrl(url);
  const pooler = await startTestPooler(process.env['TEST_STORE_URL']);
  const where = [server.description, ...(pooler === undefined ? [] : [pooler.description])].join(
    ', through ',
  );
  console.log(`\nTests run on PostgreSQL ${rows[0].server_version}, ${layout} table: ${where}`);
}

/**
 * The pooler of TEST_POOLER, which is `session`, `transaction`, or `transaction:200` for one that tracks so many
 * prepared statements. The stores of the tests connect through it.
 */
async function startTestPooler(url: string): Promise<Pooler | undefined> {
  const [mode, tracked = '0'] = (process.env['TEST_POOLER'] || '').split(':');
  if (mode !== 'session' && mode !== 'transaction') {
    return undefined;
  }
  const { startPooler } = await import('./start-pooler.mjs');
  const pooler = await startPooler(url, mode, Number(tracked));
  (globalThis as TestServers).testPooler = pooler;
  process.env['TEST_STORE_URL'] = pooler.url;
  return pooler;
}

/** The server's URL for the stores of the tests, which are no superusers. */
async function storeUrl(template: URL): Promise<string> {
  const admin = new Client({ connectionString: template.href });
  await admin.connect();
  const url = new URL(process.env['TEST_SERVER_URL'] ?? '');
  Object.assign(url, await createStoreRole(admin));
  await admin.end();
  return url.href;
}

import pg from 'pg';
import { dropStoreRole } from './store-role.cjs';

/** The counterpart of start-test-server.mjs. */
export default async function stopTestServer() {
  const { testServer, testPooler } = /** @type {any} */ (globalThis);
  if (testServer === undefined) return;
  await testPooler?.stop();
  try {
    const admin = new pg.Client({ connectionString: testServer.url });
    await admin.connect();
    await dropStoreRole(admin);
    await admin.end();
  } finally {
    await testServer.stop();
  }
}

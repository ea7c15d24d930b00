import { Client } from 'pg';
import type { TestServers } from './start-test-server';
import { dropStoreRole } from './store-role';

/** The counterpart of start-test-server.ts. */
export default async function stopTestServer(): Promise<void> {
  const { testServer, testPooler } = globalThis as TestServers;
  if (testServer === undefined) {
    return;
  }
  await testPooler?.stop();
  try {
    const admin = new Client({ connectionString: testServer.url });
    await admin.connect();
    await dropStoreRole(admin);
    await admin.end();
  } finally {
    await testServer.stop();
  }
}

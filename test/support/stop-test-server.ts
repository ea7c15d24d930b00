import { onEachNode } from './cluster-nodes';
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
    await onEachNode(dropStoreRole);
  } finally {
    await testServer.stop();
  }
}

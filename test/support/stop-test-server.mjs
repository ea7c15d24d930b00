/** The counterpart of start-test-server.mjs. */
export default async function stopTestServer() {
  await /** @type {any} */ (globalThis).testServer?.stop();
}

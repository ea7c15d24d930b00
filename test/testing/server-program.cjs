/**
 * A program with an embedded server, as one that uses the built package is: started by plain node. Reports where the
 * server is in one line of JSON, and ends when the server does, or its standard input.
 */
const { startEmbeddedServer } = require('../../dist/testing.js');

/** @param {import('../../src/testing').EmbeddedServerOptions} options */
async function run(options) {
  const server = await startEmbeddedServer(options);
  console.log(JSON.stringify({ url: server.url(), pid: server.pid, dataDir: server.dataDir }));
  process.stdin.resume().on('end', server.stop);
  await server.whenEnded();
  process.exit();
}

run(JSON.parse(process.argv[2] ?? '{}'));

/**
 * An embedded server as a program, for whoever cannot import it: jest does not import ES modules. Reports where the
 * server is in one line of JSON, and ends when its standard input or the server does.
 */
import { startEmbeddedServer } from '../../scripts/embedded-server.mjs';

try {
  const server = await startEmbeddedServer(JSON.parse(process.argv[2] ?? '{}'));
  console.log(JSON.stringify({ url: server.url(), port: server.port, pid: server.pid }));
  process.stdin.resume().on('end', server.stop);
  await server.whenEnded();
  process.exit();
} catch (error) {
  console.log(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
  process.exitCode = 1;
}

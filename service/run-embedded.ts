/**
 * `npm run service`: the service on an embedded server, whose data are gone when it ends.
 *
 *   curl -H 'content-type: application/json' http://127.0.0.1:8080/api/v1/timers/create -d '{"namespace":"n","id":"tea",
 *     "executeAt":"2030-01-31T12:00:00Z","callbackUrl":"http://127.0.0.1:9000/"}'
 */
import { startEmbeddedServer, startTestPostgres } from 'pg-timer-store/testing';
import { runProgram } from './src/program';

async function main(): Promise<void> {
  const server = await startEmbeddedServer();
  const { url } = await (await startTestPostgres({ url: server.url() })).createDatabase();
  await runProgram(process.argv.slice(2), { databaseUrl: url, allowPrivateAddresses: true });
}

void main();

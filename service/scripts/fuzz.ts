/**
 * Sends 10,000 calls, or as many as `--runs` says, made of the OpenAPI document, to a service on an embedded server.
 *
 *   npx tsx service/scripts/fuzz.ts [--runs N] [--seed N]
 */
import { parseArgs } from 'node:util';
import { startTestPostgres } from 'pg-timer-store/testing';
import pino from 'pino';
import { loadSettings } from '../src/config/load-settings';
import { TimerService } from '../src/service';
import { type Document, fuzzDocument } from '../test/fuzz-document';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' } } });
  const postgres = await startTestPostgres();
  const { url: databaseUrl } = await postgres.createDatabase();
  const settings = loadSettings(undefined, {}, { databaseUrl, port: 0, drainDelay: '0s' });
  const service = await TimerService.start(settings, pino({ level: 'fatal' }));
  try {
    const document = (await (await fetch(`${service.url}/api/v1/openapi.json`)).json()) as Document;
    const statuses = await fuzzDocument(service.url, document, {
      numRuns: Number(values.runs ?? 10_000),
      ...(values.seed !== undefined && { seed: Number(values.seed) }),
    });
    console.log('answers by their statuses:', statuses);
  } finally {
    await service.stop();
    await postgres.stop();
  }
}

void main();

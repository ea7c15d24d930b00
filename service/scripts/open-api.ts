/**
 * Writes the OpenAPI document, `service/openapi.json`, of the schemas that calls are checked by. With --check, writes
 * nothing, and fails if it is not what would be written, or the linter finds anything.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import pino from 'pino';
import { ApiKeys } from '../src/access/api-keys';
import { Changes } from '../src/changes';
import { loadSettings } from '../src/config/load-settings';
import type { ServiceContext } from '../src/context';
import { buildApp } from '../src/http/app';
import { Metrics } from '../src/metrics';

const DOCUMENT = path.join(__dirname, '../openapi.json');
const ROOT = path.join(__dirname, '../..');

async function main(): Promise<void> {
  const written = fs.existsSync(DOCUMENT) ? fs.readFileSync(DOCUMENT, 'utf8') : '';
  const text = `${JSON.stringify(await describe(), null, 2)}\n`;
  if (!process.argv.includes('--check')) {
    fs.writeFileSync(DOCUMENT, text);
    return;
  }
  if (text !== written) {
    console.error('service/openapi.json is not that of the schemas: npx tsx service/scripts/open-api.ts');
    process.exitCode = 1;
  }
  const lint = spawnSync(
    'node_modules/.bin/redocly',
    ['lint', '--config', 'service/redocly.yaml', DOCUMENT],
    {
      cwd: ROOT,
      encoding: 'utf8',
      // It looks for newer versions, and counts its runs, otherwise.
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    },
  );
  if (lint.status !== 0) {
    console.error(lint.stdout, lint.stderr);
    process.exitCode = 1;
  }
}

/** The calls of an API that nobody calls: no store and no engine is behind it. */
async function describe(): Promise<unknown> {
  const context = {
    settings: loadSettings(undefined, {}),
    keys: new ApiKeys([]),
    metrics: new Metrics(),
    changes: new Changes(),
  };
  const app = await buildApp(context as unknown as ServiceContext, pino({ level: 'silent' }));
  await app.ready();
  return app.swagger();
}

void main();

/**
 * Writes the OpenAPI document, `service/openapi.json`, of the schemas that calls are checked by, and of it the types of
 * the client and the API reference; and of the schema of the settings their page. With --check, writes nothing, and fails if anything is not what would be written, or
 * the linter finds anything.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import pino from 'pino';
import { ApiKeys } from '../src/access/api-keys';
import { Changes } from '../src/changes';
import { loadSettings } from '../src/config/load-settings';
import type { ServiceContext } from '../src/context';
import { buildApp } from '../src/http/app';
import { Metrics } from '../src/metrics';
import { referenceOf } from './reference';
import { settingsPage } from './settings-page';

const DOCUMENT = path.join(__dirname, '../openapi.json');
const ROOT = path.join(__dirname, '../..');

async function main(): Promise<void> {
  const document = await describe();
  const files = {
    'service/openapi.json': `${JSON.stringify(document, null, 2)}\n`,
    'service/src/client/openapi-types.ts': await typesOf(document),
    'docs/service/api.md': referenceOf(document),
    'docs/service/configuration.md': settingsPage(),
  };
  for (const [file, text] of Object.entries(files)) {
    const place = path.join(ROOT, file);
    if (!process.argv.includes('--check')) {
      fs.writeFileSync(place, text);
    } else if (!fs.existsSync(place) || fs.readFileSync(place, 'utf8') !== text) {
      console.error(`${file} is not that of the schemas: npx tsx service/scripts/open-api.ts`);
      process.exitCode = 1;
    }
  }
  if (process.argv.includes('--check')) {
    lint();
  }
}

/** What callers send may leave out what has a default. */
async function typesOf(document: OpenAPI3): Promise<string> {
  const nodes = await openapiTS(document, { defaultNonNullable: false });
  return `/** Generated of service/openapi.json by service/scripts/open-api.ts. Do not edit. */\n\n${astToString(nodes)}`;
}

function lint(): void {
  const { status, stdout, stderr } = spawnSync(
    'node_modules/.bin/redocly',
    ['lint', '--config', 'service/redocly.yaml', DOCUMENT],
    {
      cwd: ROOT,
      encoding: 'utf8',
      // It looks for newer versions, and counts its runs, otherwise.
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    },
  );
  if (status !== 0) {
    console.error(stdout, stderr);
    process.exitCode = 1;
  }
}

/** The calls of an API that nobody calls: no store and no engine is behind it. */
async function describe(): Promise<OpenAPI3> {
  const context = {
    settings: loadSettings(undefined, {}),
    keys: new ApiKeys([]),
    metrics: new Metrics(),
    changes: new Changes(),
  };
  const app = await buildApp(context as unknown as ServiceContext, pino({ level: 'silent' }));
  await app.ready();
  return JSON.parse(JSON.stringify(app.swagger()));
}

void main();

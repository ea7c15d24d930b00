/** What pages say in numbers and names that the code has, too. */
import fs from 'node:fs';
import path from 'node:path';
import { ExitCode } from '../../src/cli/exit-code';
import { parseConnectConfig } from '../../src/connection/parse-connect-config';
import { serverFaults } from '../../src/diagnostics/judge-requirements';
import { TIMER_QUERIES } from '../../src/diagnostics/timer-queries';
import { parseEngineOptions } from '../../src/engine/engine-options';
import { parseHttpOptions } from '../../src/engine/http-options';
import { InMemoryTimerStore } from '../../src/testing';
import { DEFAULT_MAX_PAYLOAD_BYTES } from '../../src/validation/options';
import { PAGES, ROOT, readPage } from './pages';

const manifest = require('../../package.json');

/** The cells of a page's tables, by the code that their first cell begins with. */
function rowsOf(page: string): Map<string, readonly string[]> {
  const rows = [...readPage(page).matchAll(/^\| `(\w+)`.*$/gm)];
  return new Map(rows.map(([row, name = '']) => [name, row.split('|').map((cell) => cell.trim())]));
}

/** Of `1,000` or `1,000 ms`. */
function numberOf(cell: string | undefined): number {
  return Number.parseInt((cell ?? '').replaceAll(',', ''), 10);
}

test('the exit codes of the command line are those that its page and its help tell of', () => {
  const codes = Object.values(ExitCode).sort((one, other) => one - other);
  const [, table = ''] = /## Exit codes\n(.*?)\n## /s.exec(readPage('docs/cli.md')) ?? [];
  const told = [...table.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, cell = '']) =>
    cell.split(', ').map(Number),
  );
  expect(told.sort((one, other) => one - other)).toEqual(codes);
  const [, help = ''] = /Exit codes: (.*?)`/s.exec(readPage('src/cli/program.ts')) ?? [];
  const helped = [...help.matchAll(/\b\d+\b/g)].map(([code]) => Number(code));
  expect(helped.sort((one, other) => one - other)).toEqual(codes);
});

test('the page of the command line has every command, and the migrations and queries that there are', () => {
  const page = readPage('docs/cli.md');
  const [, table = ''] = /^(\| command .*?)\n\n/ms.exec(page) ?? [];
  const told = new Set([...table.matchAll(/`(\w+)/g)].map(([, name]) => name));
  // The other one is what the scripts of completion ask.
  const commands = [
    ...readPage('src/cli/program.ts').matchAll(
      /(?:add\(\s*program,\s*|program\.command\()'(?!complete')(\w+)/g,
    ),
  ];
  expect(commands.map(([, name]) => name).filter((name) => !told.has(name))).toEqual([]);
  expect(commands.length).toBeGreaterThan(8);
  const migrations = fs
    .readdirSync(path.join(ROOT, 'db/migrations'))
    .map((file) => path.basename(file, '.sql'));
  expect([...page.matchAll(/^applied (\w+)$/gm)].map(([, name]) => name)).toEqual(migrations.sort());
  expect(page).toContain(`each of ${TIMER_QUERIES.length} queries`);
});

test('the defaults of options are those that pages tell of', () => {
  const engine = rowsOf('docs/engine.md');
  const settings = parseEngineOptions({
    store: new InMemoryTimerStore(),
    shardCount: 1,
    address: 'a',
    deliver: async () => {},
  });
  for (const name of ['maxDeliveries', 'maxLoaded', 'lookAheadMs', 'longestPauseMs'] as const) {
    expect({ name, value: numberOf(engine.get(name)?.[2]) }).toEqual({ name, value: settings[name] });
  }
  expect(engine.get('wakeUp')?.[2]).toBe(String(settings.wakeUp));
  const connection = rowsOf('docs/configuration.md');
  const { poolConfig } = parseConnectConfig({});
  expect(numberOf(connection.get('maxOpenConns')?.[3])).toBe(poolConfig.max);
  expect(numberOf(connection.get('maxPayloadBytes')?.[3])).toBe(DEFAULT_MAX_PAYLOAD_BYTES);
  const sizing = readPage('docs/sizing.md');
  expect(sizing).toContain(`\`maxDeliveries\` (${settings.maxDeliveries.toLocaleString('en')})`);
  expect(sizing).toContain(`\`maxPerOrigin\` (${parseHttpOptions({}).maxPerOrigin})`);
  expect(sizing).toContain(`\`maxOpenConns\` (${poolConfig.max})`);
  expect(sizing).toContain(`\`maxPayloadBytes\` (${DEFAULT_MAX_PAYLOAD_BYTES / 1024} KiB)`);
  const [migration = ''] = fs
    .readdirSync(path.join(ROOT, 'db/migrations'))
    .filter((file) => file.endsWith('set_storage_parameters.sql'));
  const [, factor] =
    /autovacuum_vacuum_scale_factor = ([\d.]+)/.exec(readPage(path.join('db/migrations', migration))) ?? [];
  expect(sizing).toContain(`autovacuum_vacuum_scale_factor = ${factor}`);
});

test('the oldest versions are those that pages tell of', () => {
  const node = manifest.engines.node.replace('>=', '');
  const pg = manifest.peerDependencies.pg.replace(/^\^|\.0$/g, '');
  for (const page of ['README.md', 'docs/upgrades.md', 'docs/development.md']) {
    expect({ page, text: readPage(page) }).toEqual({ page, text: expect.stringContaining(`Node ${node}`) });
  }
  expect(readPage('docs/upgrades.md')).toContain(`\`pg\` ${pg} or later`);
  expect(readPage('docs/configuration.md')).toContain(`the \`pg\` of your project, ${pg} or later`);
  const told = PAGES.flatMap((page) => [...readPage(page).matchAll(/PostgreSQL (\d+) (?:to \d+|or later)/g)]);
  expect(told.length).toBeGreaterThan(0);
  for (const [text, version] of told) {
    const faults = (number: number) =>
      serverFaults({ version: '', versionNumber: number, encoding: 'UTF8' }).length;
    expect({
      text,
      oldest: faults(Number(version) * 10_000),
      older: faults(Number(version) * 10_000 - 1),
    }).toEqual({
      text,
      oldest: 0,
      older: 1,
    });
  }
});

test('the page of the engine has every event', () => {
  const [, table = ''] = /## Events\n(.*?)\n## /s.exec(readPage('docs/engine.md')) ?? [];
  const told = new Set([...table.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name));
  const events = [...readPage('src/telemetry/engine-channel.ts').matchAll(/type: '([a-z-]+)'/g)];
  expect(events.map(([, name]) => name).filter((name) => !told.has(name))).toEqual([]);
  expect(events.length).toBeGreaterThan(10);
});

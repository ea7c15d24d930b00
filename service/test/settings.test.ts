import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { formatGoDuration, parseGoDuration } from '../src/config/go-duration';
import { loadSettings } from '../src/config/load-settings';
import { printSettings } from '../src/config/print-settings';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'service-settings-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

function file(text: string, name = 'service.yaml'): string {
  const at = path.join(folder, name);
  fs.writeFileSync(at, text);
  return at;
}

test('without anything, there are defaults', () => {
  expect(loadSettings(undefined, {})).toMatchObject({
    host: '127.0.0.1',
    port: 8080,
    shardCount: 64,
    allowPrivateAddresses: false,
    apiKeys: [],
    minTimerDuration: '0s',
    maxTimerPayloadSizeInBytes: 102_400,
    maxCallbackTimeoutSeconds: 10,
    engineShutdownTimeout: '10s',
    databaseApiTimeout: '10s',
    callbackConcurrency: 1000,
  });
});

test('the environment goes before the file, YAML or JSON', () => {
  const yaml = file('port: 1\nhost: ::1\nallowPrivateAddresses: true\n');
  expect(loadSettings(yaml, { PG_TIMER_PORT: '2' })).toMatchObject({
    port: 2,
    host: '::1',
    allowPrivateAddresses: true,
  });
  const json = file('{"port": 3, "namespaces": {"a": {"callsPerSecond": 1}}}', 'service.json');
  expect(loadSettings(json, {})).toMatchObject({ port: 3, namespaces: { a: { callsPerSecond: 1 } } });
  const keys = `[{"name": "a", "hash": "sha256:${'0'.repeat(64)}", "rights": ["read"]}]`;
  expect(loadSettings(undefined, { PG_TIMER_API_KEYS: keys }).apiKeys).toHaveLength(1);
  expect(loadSettings(undefined, { PG_TIMER_HOST: '8' }).host).toBe('8');
});

test('what Kubernetes says to each container of a Service by the name of the program is none of it', () => {
  const environment = {
    PG_TIMER_SERVICE_PORT: 'tcp://10.0.0.1:80',
    PG_TIMER_SERVICE_SERVICE_HOST: '10.0.0.1',
  };
  expect(loadSettings(undefined, environment)).toEqual(loadSettings(undefined, {}));
  expect(() => loadSettings(undefined, { PG_TIMER_SERVICES: '1' })).toThrow(
    /PG_TIMER_SERVICES: is no variable/,
  );
});

test.each([
  ['port: 1\nprot: 2\n', /service\.yaml:2: prot is unknown; there are databaseUrl, /],
  ['port: 1\nport: 2\n', /service\.yaml:2: .*unique/],
  ['a: [\n', /service\.yaml:\d: /],
  ['- a\n', /service\.yaml:1: must be a mapping/],
  ['host: a\nport: 70000\n', /service\.yaml:2: port: /],
  ['engineShutdownTimeout: 10\n', /service\.yaml:1: engineShutdownTimeout: /],
  // Node's timers count no further, and would be over at once.
  ['port: 1\nengineShutdownTimeout: 600h\n', /service\.yaml:2: engineShutdownTimeout: /],
  ['drainDelay: 1h600h\n', /service\.yaml:1: drainDelay: /],
  ['databaseApiTimeout: 0s\n', /service\.yaml:1: databaseApiTimeout: /],
  ['apiKeys:\n  - name: a\n    hash: secret\n    rights: [read]\n', /service\.yaml:3: apiKeys\.0\.hash: /],
  ['namespaces:\n  a:\n    speed: 1\n', /service\.yaml:3: namespaces\.a\.speed is unknown/],
  [
    'maxCallbackTimeoutSeconds: 5\nnamespaces: {a: {maxCallbackTimeoutSeconds: 6}}\n',
    /namespaces\.a\.maxCallbackTimeoutSeconds/,
  ],
])('a wrong file (%#) is refused by key and line', (text, message) => {
  expect(() => loadSettings(file(text), {})).toThrow(message);
  expect(() => loadSettings(file(text), {})).not.toThrow(/secret/);
});

test('a wrong variable is refused by its name', () => {
  expect(() => loadSettings(undefined, { PG_TIMER_PROT: '1' })).toThrow(/^PG_TIMER_PROT: /);
  expect(() => loadSettings(undefined, { PG_TIMER_PORT: 'x' })).toThrow(/^PG_TIMER_PORT: port/);
});

test('what is printed has no secrets, and can be read again', () => {
  const hash = `sha256:${'ab'.repeat(32)}`;
  const settings = loadSettings(undefined, {
    PG_TIMER_DATABASE_URL: 'postgres://me:pass-word@db/timers?sslpassword=also-secret',
    PG_TIMER_WEBHOOK_SECRETS: '[whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=]',
    PG_TIMER_API_KEYS: `[{name: a, hash: "${hash}", rights: [read]}]`,
  });
  const printed = printSettings(settings);
  expect(printed).not.toMatch(/pass-word|also-secret|whsec_|abab/);
  expect(printed).toContain('port: 8080');
});

test('durations of Go are exact both ways', () => {
  for (const [text, ms] of [
    ['1h30m', 5_400_000],
    ['250ms', 250],
    ['1.1s', 1100],
    ['0', 0],
    ['1µs', 0.001],
    ['.5h', 1_800_000],
  ] as const) {
    expect([text, parseGoDuration(text)]).toEqual([text, ms]);
  }
  for (const text of ['', '1', '1 s', '-1s', '1d', 's', '1h ', 'NaNs', '1e3s']) {
    expect([text, parseGoDuration(text)]).toEqual([text, undefined]);
  }
  for (const ms of [0, 1, 250, 1500, 61_000, 3_600_000, 5_400_001, 86_400_000]) {
    expect(parseGoDuration(formatGoDuration(ms))).toBe(ms);
  }
});

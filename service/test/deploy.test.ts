/** What runs the service elsewhere: each file as its linter has it, and beside what the program takes. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { parse, parseAllDocuments } from 'yaml';
import { parseGoDuration } from '../src/config/go-duration';
import { loadSettings } from '../src/config/load-settings';
import { Services } from './services';

const SERVICE = path.join(__dirname, '..');
const ROOT = path.join(SERVICE, '..');
const read = (file: string) => fs.readFileSync(path.join(SERVICE, file), 'utf8');

interface Diagnostic {
  readonly message: string;
  readonly range: { readonly start: { readonly line: number } };
}
const { validate } = require('dockerfile-utils') as { validate(content: string): Diagnostic[] };

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  // biome-ignore lint/suspicious/noExplicitAny: it is compiled as what it is.
  readonly spec: any;
}

const dockerfile = read('Dockerfile');
const compose = parse(read('deploy/compose.yaml'));
const manifests = parseAllDocuments(read('deploy/kubernetes/service.yaml')).map(
  (each) => each.toJS() as Manifest,
);
const pod = manifests.find(({ kind }) => kind === 'Deployment')?.spec.template.spec;
const [container] = pod.containers;

/** Said elsewhere: in a secret, or by whoever starts it. */
const GIVEN: Readonly<Record<string, string>> = {
  PG_TIMER_DATABASE_URL: 'postgres://database/timers',
  PG_TIMER_API_KEYS: `[{"name": "a", "hash": "sha256:${'0'.repeat(64)}", "rights": ["admin"]}]`,
};

/** What TypeScript has against the manifests as values of the types of their kinds: unknown fields, too, at any depth. */
function compileManifests(texts: readonly Manifest[]): string[] {
  const name = path.join(SERVICE, 'manifests.mts');
  const text = texts
    .map(
      (each, index) =>
        `import type { I${each.kind} as Kind${index} } from 'kubernetes-models/${each.apiVersion}';\n` +
        `export const manifest${index}: Kind${index} = ${JSON.stringify(each)};\n`,
    )
    .join('');
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.Node16,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (file) => file === name || fileExists(file);
  host.getSourceFile = (file, ...rest) =>
    file === name
      ? ts.createSourceFile(file, text, options.target as ts.ScriptTarget)
      : getSourceFile(file, ...rest);
  return ts
    .getPreEmitDiagnostics(ts.createProgram([name], options, host))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

test('the Dockerfile has no fault', () => {
  expect(validate(dockerfile).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
  expect(validate('FROM a\nCOPPY b c\n')).toHaveLength(1);
});

test('the Dockerfile copies what is there, or is built', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?:--from=build )?(.*) \S+$/gm)].flatMap(([, paths = '']) =>
    paths.split(' ').map((each) => each.replace(/^\/build\//, '')),
  );
  expect(copied.length).toBeGreaterThan(5);
  const built = /(^|\/)(dist|node_modules)$/;
  expect(copied.filter((each) => !built.test(each) && !fs.existsSync(path.join(ROOT, each)))).toEqual([]);
});

test('the health check of the image tells whether the process lives', async () => {
  const [, command = ''] = /^HEALTHCHECK .*\\\n {2}CMD (.*)$/m.exec(dockerfile) ?? [];
  const [program, ...args] = JSON.parse(command) as [string, ...string[]];
  const services = await Services.open();
  const { port } = new URL((await services.start()).url);
  const env = { PATH: process.env['PATH'], PG_TIMER_PORT: port };
  const check = async () => await once(spawn(program, args, { env }), 'exit');
  expect(await check()).toEqual([0, null]);
  await services.close();
  expect(await check()).toEqual([1, null]);
});

test('compose.yaml is of the Compose specification', () => {
  const dclint = path.join(ROOT, 'node_modules/.bin/dclint');
  execFileSync(dclint, ['--quiet', path.join(SERVICE, 'deploy/compose.yaml')], { encoding: 'utf8' });
});

test('the manifests are of the types of their kinds', () => {
  expect(compileManifests(manifests)).toEqual([]);
  for (const fault of [{ livenessprobe: {} }, { workingDir: 1 }]) {
    const wrong = structuredClone(manifests);
    wrong[0]?.spec.template.spec.containers.push({ ...container, ...fault });
    expect(compileManifests(wrong)).toHaveLength(1);
  }
}, 60_000);

test.each([
  ['compose.yaml', () => Object.entries<string>(compose.services.service.environment)],
  [
    'the manifests',
    () =>
      container.env.map(({ name, value }: { name: string; value?: string }) => [name, value ?? GIVEN[name]]),
  ],
])('the variables of %s are those of the program', (_, variables) => {
  const environment = Object.fromEntries(variables());
  const { databaseUrl, host } = loadSettings(undefined, {
    ...environment,
    ...Object.fromEntries(Object.entries(GIVEN).filter(([name]) => name in environment)),
  });
  expect({ databaseUrl, host }).toEqual({ databaseUrl: GIVEN['PG_TIMER_DATABASE_URL'], host: '0.0.0.0' });
});

test('a pod has the time that a stop takes, and the ports and paths that there are', () => {
  const { value } = container.env.find(({ name }: { name: string }) => name === 'PG_TIMER_DRAIN_DELAY');
  const { databaseApiTimeout, engineShutdownTimeout, port } = loadSettings(undefined, {});
  const stopMs = [value, databaseApiTimeout, engineShutdownTimeout].reduce(
    (sum, each) => sum + (parseGoDuration(each) as number),
    0,
  );
  expect(pod.terminationGracePeriodSeconds * 1000).toBeGreaterThan(stopMs);
  expect(container.ports).toEqual([{ name: 'http', containerPort: port }]);
  const paths = Object.keys(JSON.parse(read('openapi.json')).paths);
  for (const { httpGet } of [container.livenessProbe, container.readinessProbe]) {
    expect(paths).toContain(httpGet.path);
  }
});

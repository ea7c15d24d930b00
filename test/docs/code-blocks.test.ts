import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import ts from 'typescript';
import { openStoreFixture } from '../support/store-fixture';
import { createTestDatabase } from '../support/test-database';
import { type CodeBlock, ROOT, readCodeBlocks, readExamples } from './pages';

jest.setTimeout(120_000);

const manifest = require('../../package.json');
/** Such as `pg-timer-store/engine`. */
const ENTRIES = Object.keys(manifest.exports)
  .filter((each) => !each.endsWith('.json'))
  .map((each) => path.posix.join(manifest.name, each));

/** What the text around a block has introduced. What a block declares itself counts before it. */
const INTRODUCED = `
import type { ClientBase } from 'pg';
import type { JsonValue, NewTimer, PostgresTimerStore } from 'pg-timer-store';
import type { TimerEngine } from 'pg-timer-store/engine';

declare global {
  const store: PostgresTimerStore;
  const engine: TimerEngine;
  const client: ClientBase;
  const timers: readonly NewTimer[];
  const inAnHour: Date;
  function sendReport(payload: JsonValue): Promise<void>;
  const first: PostgresTimerStore;
  const second: PostgresTimerStore;
  const homes: Map<number, PostgresTimerStore>;
  const secret: string;
  const rawBody: string;
  const headers: Record<string, string>;
}`;

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node16,
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  types: ['node'],
  noEmit: true,
};

test('every code block type-checks, and every function and class has one, in the strict project of a user', () => {
  const blocks = [...readCodeBlocks(), ...readExamples().map(importing)];
  expect(blocks.map(({ place }) => place.replace(/:.*/, ''))).toEqual(
    expect.arrayContaining(['README.md', 'docs/engine.md']),
  );
  const files = new Map([[path.join(ROOT, 'introduced.mts'), INTRODUCED]]);
  const places = new Map<string, string>();
  for (const [index, { place, code }] of blocks.entries()) {
    const file = path.join(ROOT, `block-${index}.mts`);
    // A module, so that blocks do not see each other's names.
    files.set(file, `${code}\nexport {};`);
    places.set(file, place);
  }
  const program = ts.createProgram([...files.keys()], OPTIONS, hostWith(files));
  const faults = ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file?.getLineAndCharacterOfPosition(start).line ?? 0;
    const place = places.get(file?.fileName ?? '') ?? file?.fileName;
    return `${place}, its line ${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
  expect(faults).toEqual([]);
  expect(withoutExample(program)).toEqual([]);
});

test('every code block runs', async () => {
  const databases = await Promise.all([1, 2, 3].map(() => createTestDatabase()));
  try {
    const [DATABASE_URL, FIRST_URL, SECOND_URL] = databases.map(
      ({ url }) => `${url}${url.includes('?') ? '&' : '?'}sslmode=disable`,
    );
    const child = spawn(process.execPath, ['--import', 'tsx', path.join(__dirname, 'run-blocks.mts')], {
      cwd: ROOT,
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL,
        FIRST_URL,
        SECOND_URL,
        TEST_DATABASE_URL: process.env['TEST_SERVER_URL'],
        PORT: '0',
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const closed = once(child, 'close');
    const output = Promise.all([text(child.stdout), text(child.stderr)]);
    child.stdin.end(
      JSON.stringify([...readCodeBlocks().filter(ends), ...readExamples().map(importing)].map(asScript)),
    );
    const [exitCode] = await closed;
    const [stdout, stderr] = await output;
    // One block is the suite of a store, of which the failed tests count.
    const failed = [...stderr.matchAll(/^FAILED .*$/gm), ...stdout.matchAll(/^ *not ok .*$/gm)].map(String);
    expect(failed).toEqual([]);
    expect(exitCode).toBe(0);
  } finally {
    await Promise.all(databases.map((database) => database.drop()));
  }
});

test('the complete program of the README fires its timer, and ends by SIGTERM', async () => {
  const program = readCodeBlocks().find(({ place }) => place.startsWith('README.md'));
  const fixture = await openStoreFixture();
  try {
    const child = spawn(process.execPath, ['--input-type=module'], {
      // Here, the package's own name is that of what was built.
      cwd: ROOT,
      env: { DATABASE_URL: fixture.database.storeUrl },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const closed = once(child, 'close');
    child.stdin.end(program?.code);
    const lines = createInterface(child.stdout);
    expect(await once(lines, 'line')).toEqual(['order-42 is due: { order: 42 }, attempt 1']);
    child.kill('SIGTERM');
    expect(await closed).toEqual([0, null]);
    expect((await fixture.direct.query('SELECT FROM timers WHERE row_type <> 1')).rows).toEqual([]);
  } finally {
    await fixture.close();
  }
});

/** An example with the imports that it does without. */
function importing({ place, code }: CodeBlock): CodeBlock {
  const imports = ENTRIES.map((entry) => {
    const exported = Object.keys(require(`../../src/${entry.split('/')[1] ?? 'index'}`));
    const names = exported.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
    return names.length === 0 ? '' : `import { ${names.join(', ')} } from '${entry}';`;
  });
  return { place, code: `${imports.join(' ')} ${code}` };
}

/** The guide's database runs until it is told to end; `npm run test:stranger` runs it. */
function ends({ code }: CodeBlock): boolean {
  return !code.includes('whenEnded');
}

/** A block as the body of an async function, which also calls the `deliver` that the block declares, and ends its `pool`. */
function asScript({ place, code }: CodeBlock): CodeBlock {
  const { outputText } = ts.transpileModule(
    `${code}
      if (typeof deliver === 'function') await deliver(sample.timer, sample.context);
      if (typeof pool === 'object') await pool.end();`,
    {
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.CommonJS,
        esModuleInterop: true,
      },
    },
  );
  return { place, code: outputText };
}

/** Functions and classes that the package exports, but errors, which nobody makes, without an example. */
function withoutExample(program: ts.Program): string[] {
  const checker = program.getTypeChecker();
  const entries = program
    .getSourceFiles()
    .filter(({ fileName }) => path.dirname(fileName) === path.join(ROOT, 'dist'));
  return entries
    .flatMap((file) => checker.getExportsOfModule(checker.getSymbolAtLocation(file) as ts.Symbol))
    .map((each) => (each.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(each) : each))
    .filter(
      ({ flags, name }) =>
        flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class) && !name.endsWith('Error'),
    )
    .filter((each) => !each.getJsDocTags(checker).some(({ name }) => name === 'example'))
    .map(({ name }) => name);
}

function hostWith(files: ReadonlyMap<string, string>): ts.CompilerHost {
  const host = ts.createCompilerHost(OPTIONS);
  const { fileExists, readFile } = host;
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.readFile = (file) => files.get(file) ?? readFile(file);
  const { getSourceFile } = host;
  host.getSourceFile = (file, ...rest) => {
    const text = files.get(file);
    return text === undefined
      ? getSourceFile(file, ...rest)
      : ts.createSourceFile(file, text, ts.ScriptTarget.ES2022);
  };
  return host;
}

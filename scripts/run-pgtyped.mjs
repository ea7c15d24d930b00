import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parse } from 'pg-connection-string';
import { readGenerated } from './generated-files.mjs';

const PGTYPED = fileURLToPath(new URL('../node_modules/@pgtyped/cli/lib/index.js', import.meta.url));
const TIMEOUT_MS = 120_000;

/**
 * @typedef {object} PgtypedRun
 * @property {Map<string, string>} output Contents by file name.
 * @property {string} complaints What it printed beside its three kinds of lines for a success; it exits with 0 always.
 */

/**
 * Runs pgtyped on a copy of the queries, so that no output of an earlier run can pass for this one's, and none is lost.
 *
 * @param {string} root
 * @param {string} url
 * @returns {Promise<PgtypedRun>}
 */
export async function runPgtyped(root, url) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'pgtyped-'));
  try {
    fs.cpSync(path.join(root, 'sql'), path.join(dir, 'sql'), { recursive: true });
    const config = JSON.parse(fs.readFileSync(path.join(root, 'pgtyped.config.json'), 'utf8'));
    // One worker, so that the messages come in the order of the files they belong to.
    const ownConfig = { ...config, db: connection(url), maxWorkerThreads: 1 };
    fs.writeFileSync(path.join(dir, 'pgtyped.config.json'), JSON.stringify(ownConfig));
    const complaints = await run(dir);
    return { output: readGenerated(dir), complaints };
  } finally {
    fs.rmSync(dir, { recursive: true, force: true });
  }
}

/** @param {string} url */
function connection(url) {
  const { host, port, user, password, database, ssl } = parse(url);
  return { host, port: port ? Number(port) : 5432, user, password, dbName: database, ssl };
}

/** @param {string} dir */
async function run(dir) {
  // No other variable: pgtyped takes PG*, DATABASE_URL and PGURI over its configuration, and any variable named like
  // one of its options for that option.
  const env = { PATH: process.env['PATH'], NO_COLOR: '1' };
  const child = spawn(process.execPath, [PGTYPED, '--config', 'pgtyped.config.json'], {
    cwd: dir,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS,
  });
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  const unexpected = stdout
    .split('\n')
    .filter(
      (line) => !/^(Using a pool of \d+ threads\.|Processing \S+|Saved \d+ query types from .*|)$/.test(line),
    );
  const ending = code === 0 ? [] : [`pgtyped ended with ${code ?? signal}`];
  return [stderr.trim(), ...unexpected, ...ending].filter(Boolean).join('\n');
}

import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

/**
 * @typedef {'session' | 'transaction'} PoolMode
 *
 * @typedef {object} Pooler
 * @property {string} description
 * @property {string} url The server's URL, through the pooler.
 * @property {() => Promise<void>} stop
 */

/** @returns {string | undefined} PgBouncer's version; undefined: it is not installed. */
export function poolerVersion() {
  try {
    return /PgBouncer (\S+)/.exec(execFileSync('pgbouncer', ['--version'], { encoding: 'utf8' }))?.[1];
  } catch {
    return undefined;
  }
}

/**
 * Starts PgBouncer before a server, for one role.
 *
 * @param {string} serverUrl Of the role, with its password.
 * @param {PoolMode} mode
 * @param {number} maxPreparedStatements 0: PgBouncer does not track them, as before its version 1.21.
 * @returns {Promise<Pooler>}
 */
export async function startPooler(serverUrl, mode, maxPreparedStatements) {
  const server = new URL(serverUrl);
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'pg-timer-store-pooler-'));
  fs.chmodSync(home, 0o755);
  const port = await freePort();
  const users = path.join(home, 'users.txt');
  fs.writeFileSync(users, `"${server.username}" "${decodeURIComponent(server.password)}"\n`);
  const settings = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'plain',
    auth_file: users,
    pool_mode: mode,
    default_pool_size: 40,
    max_client_conn: 400,
    // A test drops its database, and the pooler should not hold on to it.
    server_idle_timeout: 1,
    ...(maxPreparedStatements > 0 && { max_prepared_statements: maxPreparedStatements }),
  };
  const config = path.join(home, 'pgbouncer.ini');
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  fs.writeFileSync(
    config,
    [`[databases]`, `* = host=${server.hostname} port=${server.port}`, '[pgbouncer]', ...lines, ''].join(
      '\n',
    ),
  );
  // It does not run as root.
  const asUser = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const pooler = spawn('pgbouncer', [...asUser, config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let isStopping = false;
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) =>
    pooler.once('exit', (code, signal) => {
      // Without a word of it, what comes next would fail as if the server had gone.
      if (!isStopping) console.error(`PgBouncer has ended: ${signal ?? code}\n${said.slice(-20).join('\n')}`);
      resolve();
    }),
  );
  /** @type {string[]} */
  const said = [];
  await untilUp(pooler.stderr, said, ended);
  const url = new URL(serverUrl);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  const tracking = maxPreparedStatements > 0 ? `, max_prepared_statements ${maxPreparedStatements}` : '';
  return {
    description: `PgBouncer ${poolerVersion()}, mode ${mode}${tracking}`,
    url: url.href,
    async stop() {
      isStopping = true;
      pooler.kill('SIGINT');
      await ended;
      fs.rmSync(home, { recursive: true });
    },
  };
}

/**
 * @param {import('node:stream').Readable} log
 * @param {string[]} said Is given its lines, also later.
 * @param {Promise<unknown>} ended
 */
async function untilUp(log, said, ended) {
  const lines = createInterface({ input: log });
  const up = new Promise((resolve) => {
    lines.on('line', (line) => {
      said.push(line);
      if (line.includes('process up')) resolve(true);
    });
  });
  if (!(await Promise.race([up, ended.then(() => false)]))) {
    throw new Error(`PgBouncer did not start:\n${said.join('\n')}`);
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {net.AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

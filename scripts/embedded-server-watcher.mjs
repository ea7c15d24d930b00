/**
 * The process between embedded-server.mjs and the server: starts the server, reports one line of JSON on standard
 * output, and stops the server when standard input ends, which the kernel sees to even if the parent is killed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {{ uid: number, gid: number }} User */
/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

/** @type {{ nativeDir: string, version: string, dataDir: string | null, durable: boolean, settings: Record<string, string | number> }} */
const task = JSON.parse(process.argv[2] ?? '');

const OWN_SERVER_HINT = 'Or set DATABASE_URL to a server of your own.';
const ROOT_DATA = '/var/lib/pg-timer-store';
const ROOT_CACHE = '/var/cache/pg-timer-store';
const EXECUTABLE_SUFFIX = process.platform === 'win32' ? '.exe' : '';
const MIN_THROW_AWAY_BYTES = 1024 ** 3; // Containers often have a /dev/shm of 64 MB, too little for a server.
const START_TIMEOUT_MS = 120_000; // Recovery after a crash takes its time.

const isRoot = process.getuid?.() === 0;

/** @type {ChildProcess | undefined} */
let running; // initdb, then the server
/** @type {string | undefined} */
let throwAwayDir;
/** @type {string | undefined} */
let lockFile;
let stopping = false;

process.stdin.resume();
process.stdin.once('end', stop);
process.stdin.once('error', stop);
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, stop);
process.stdout.on('error', () => {}); // The parent is gone, which standard input tells as well.

try {
  report(await start());
  running?.once('exit', () => stop());
} catch (error) {
  report({ error: error instanceof Error ? error.message : String(error) });
  await stop();
}

/** @param {object} line */
function report(line) {
  if (!stopping) process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function start() {
  let home;
  let user;
  if (task.dataDir === null) {
    user = isRoot ? unprivilegedUser() : null;
    home = makeThrowAwayDir(user);
    throwAwayDir = home;
  } else {
    const owner = isRoot
      ? fs.statSync(path.join(task.dataDir, 'data'), { throwIfNoEntry: false })
      : undefined;
    // Data made by a run without root keep their owner.
    user = isRoot ? (owner && owner.uid !== 0 ? owner : unprivilegedUser()) : null;
    home = prepareDataDir(task.dataDir, user);
    await takeLock(home);
  }
  const binDir = path.join(usableNativeDir(user), 'bin');
  const data = path.join(home, 'data');
  const passwordFile = path.join(home, 'password');
  if (fs.existsSync(data)) await clearAfterCrash(data);
  else await initialize(binDir, data, passwordFile, user);

  const password = fs.readFileSync(passwordFile, 'utf8').trim();
  const { port, pid } = await startServer(binDir, data, path.join(home, 'server.log'), user);
  return { url: `postgres://postgres:${password}@127.0.0.1:${port}/`, port, dataDir: data, pid };
}

async function stop() {
  if (stopping) return;
  stopping = true;
  if (running !== undefined) await stopChild(running);
  if (throwAwayDir !== undefined) fs.rmSync(throwAwayDir, { recursive: true, force: true, maxRetries: 20 });
  if (lockFile !== undefined) fs.rmSync(lockFile, { force: true });
  process.exit();
}

/** @param {ChildProcess} child */
async function stopChild(child) {
  const isServer = child.spawnargs[0]?.includes('initdb') === false;
  /** @type {[NodeJS.Signals, number][]} fast shutdown, immediate shutdown, the end */
  const steps = [
    ['SIGINT', 10_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ];
  for (const [signal, patienceMs] of isServer ? steps : steps.slice(2)) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const exited = once(child, 'exit');
    // initdb has children of its own, and leads a process group.
    sendSignal(isServer ? child.pid : -child.pid, signal);
    await Promise.race([exited, sleep(patienceMs, undefined, { ref: false })]);
  }
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function sendSignal(pid, signal) {
  try {
    if (process.platform === 'win32' && signal !== 'SIGKILL') {
      // Windows has no signals; the server's own tool knows how its servers are told.
      spawnSync(path.join(task.nativeDir, 'bin', 'pg_ctl.exe'), [
        'kill',
        signal.slice('SIG'.length),
        String(pid),
      ]);
    } else {
      process.kill(pid, signal);
    }
  } catch {
    // Gone meanwhile.
  }
}

/** PostgreSQL refuses to run as root. @returns {User} */
function unprivilegedUser() {
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => {
      const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
      return status === 0 ? Number(stdout) : 0;
    });
    if (uid && gid) return { uid, gid };
  }
  throw new Error(
    `PostgreSQL does not run as root, and there is no user "postgres" or "nobody". ${OWN_SERVER_HINT}`,
  );
}

/**
 * Runs a shell command as that user.
 *
 * @param {User | null} user
 * @param {string} command
 * @param {string} argument as $1
 */
function runAs(user, command, argument) {
  return spawnSync('/bin/sh', ['-c', command, 'sh', argument], {
    cwd: '/',
    encoding: 'utf8',
    ...credentials(user),
  });
}

/** @param {User | null} user */
function credentials(user) {
  return user === null ? {} : { uid: user.uid, gid: user.gid };
}

/**
 * @param {User | null} user
 * @param {string} directory
 */
function isReachable(user, directory) {
  return user === null || runAs(user, 'cd -- "$1"', directory).status === 0;
}

/** @param {User | null} user */
function makeThrowAwayDir(user) {
  // Where durability is asked for, it is not in memory.
  const candidates = [...(task.durable ? [] : ['/dev/shm']), os.tmpdir(), '/tmp', '/var/tmp'];
  const parent =
    candidates.find((directory) => {
      if (!fs.existsSync(directory)) return false;
      const { bavail, bsize } = fs.statfsSync(directory);
      return bavail * bsize >= MIN_THROW_AWAY_BYTES && isWritable(directory) && isReachable(user, directory);
    }) ?? os.tmpdir();
  const directory = fs.mkdtempSync(path.join(parent, 'pg-timer-store-'));
  if (user !== null) fs.chmodSync(directory, 0o755);
  return directory;
}

/** @param {string} directory */
function isWritable(directory) {
  try {
    fs.accessSync(directory, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string} dataDir
 * @param {User | null} user
 * @returns the directory itself, free of symbolic links
 */
function prepareDataDir(dataDir, user) {
  if (fs.lstatSync(dataDir, { throwIfNoEntry: false }) === undefined) {
    fs.mkdirSync(path.dirname(dataDir), { recursive: true });
    if (isReachable(user, fs.realpathSync(path.dirname(dataDir)))) {
      fs.mkdirSync(dataDir);
    } else {
      // Below a directory that only root can enter. Not in a temporary directory, where data do not last; under a
      // new name, so that removing the link is a fresh start.
      fs.symlinkSync(
        makeRootOwnedDir(ROOT_DATA, (parent) => fs.mkdtempSync(path.join(parent, 'data-'))),
        dataDir,
      );
    }
  }
  let home;
  try {
    home = fs.realpathSync(dataDir);
  } catch {
    throw new Error(`${dataDir} links to a directory that is gone: remove the link for a fresh start.`);
  }
  if (isRoot && fs.statSync(home).uid === 0) fs.chmodSync(home, 0o755);
  if (!isReachable(user, home)) {
    throw new Error(`PostgreSQL does not run as root, and its user cannot enter ${home}. ${OWN_SERVER_HINT}`);
  }
  if (!isWritable(home)) throw new Error(`No permission to write to ${home}: it belongs to another user.`);
  return home;
}

/**
 * @param {string} parent
 * @param {(parent: string) => string} make
 */
function makeRootOwnedDir(parent, make) {
  fs.mkdirSync(parent, { recursive: true });
  const { uid, mode } = fs.lstatSync(parent);
  if (uid !== 0 || (mode & 0o022) !== 0) {
    throw new Error(`${parent} can be written to by others than root. Remove it. ${OWN_SERVER_HINT}`);
  }
  const directory = make(parent);
  for (const each of [parent, directory]) fs.chmodSync(each, 0o755); // whatever the umask says
  return directory;
}

/**
 * The server's files, where that user can run them.
 *
 * @param {User | null} user
 */
function usableNativeDir(user) {
  const asUser = tryServer(user, task.nativeDir);
  if (asUser.works) return task.nativeDir;
  if (user === null || !tryServer(null, task.nativeDir).works) {
    const hint = 'If install scripts were skipped, run `npm rebuild`, which completes its libraries.';
    throw new Error(`The embedded PostgreSQL does not start: ${asUser.reason}\n${hint} ${OWN_SERVER_HINT}`);
  }
  const copy = makeRootOwnedDir(ROOT_CACHE, (parent) => {
    const target = path.join(parent, task.version);
    if (!fs.existsSync(target)) copyForAll(task.nativeDir, target);
    return target;
  });
  const fromCopy = tryServer(user, copy);
  if (!fromCopy.works)
    throw new Error(`The embedded PostgreSQL does not start: ${fromCopy.reason}\n${OWN_SERVER_HINT}`);
  return copy;
}

/**
 * @param {User | null} user
 * @param {string} nativeDir
 */
function tryServer(user, nativeDir) {
  const server = path.join(nativeDir, 'bin', `postgres${EXECUTABLE_SUFFIX}`);
  const options = {
    cwd: path.parse(nativeDir).root,
    encoding: /** @type {const} */ ('utf8'),
    ...credentials(user),
  };
  const { status, stderr, error } = spawnSync(server, ['--version'], options);
  return { works: status === 0, reason: error?.message ?? stderr };
}

/**
 * @param {string} source
 * @param {string} target appears complete or not at all
 */
function copyForAll(source, target) {
  const unfinished = fs.mkdtempSync(`${target}-`);
  fs.cpSync(source, unfinished, { recursive: true, verbatimSymlinks: true });
  fs.chmodSync(unfinished, 0o755);
  for (const entry of fs.readdirSync(unfinished, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    fs.chmodSync(file, entry.isDirectory() || (fs.statSync(file).mode & 0o100) !== 0 ? 0o755 : 0o644);
  }
  try {
    fs.renameSync(unfinished, target);
  } catch (error) {
    fs.rmSync(unfinished, { recursive: true, force: true });
    if (!fs.existsSync(target)) throw error; // Else another process was first.
  }
}

/**
 * Keeps every other process off the data, until this process ends in whatever way. The lock is a port that this
 * process answers on: unlike a process id, that cannot turn out to be somebody else by now.
 *
 * @param {string} home
 */
async function takeLock(home) {
  const nonce = randomBytes(16).toString('hex');
  const answering = net.createServer((socket) => {
    socket.on('error', () => {});
    // Left open while stopping: whoever waits for this process sees the connection end with it.
    socket.write(`${nonce} ${stopping ? 'stopping' : 'serving'} ${process.ppid}\n`);
  });
  answering.listen(0, '127.0.0.1');
  await once(answering, 'listening');
  const { port } = /** @type {net.AddressInfo} */ (answering.address());

  const file = path.join(home, 'lock');
  const giveUpAt = Date.now() + 60_000;
  for (let looks = 1; ; looks++) {
    try {
      fs.writeFileSync(file, `${port} ${nonce}\n`, { flag: 'wx' });
      lockFile = file;
      return;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
    const holder = await askHolder(file);
    if (holder === null) fs.rmSync(file, { force: true });
    // A parent that was killed this instant still counts as serving, so one look is not enough.
    else if ((holder.state !== 'stopping' && looks >= 3) || Date.now() > giveUpAt) {
      throw new Error(
        `The data in ${home} are in use by process ${holder.pid}: wait for it to end, or stop it.`,
      );
    } else await Promise.race([holder.end, sleep(holder.state === 'stopping' ? 30_000 : 200)]);
  }
}

/**
 * @param {string} file
 * @returns {Promise<{ state: string, pid: string, end: Promise<void> } | null>} null if the holder has died
 */
async function askHolder(file) {
  const content = await readLock(file);
  const [port, nonce] = content.trim().split(' ');
  if (!port || !nonce) return null;
  const socket = net.connect({ host: '127.0.0.1', port: Number(port) });
  /** @type {Promise<void>} */
  const end = new Promise((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => {}).setTimeout(5_000, () => socket.destroy());
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    answer += chunk;
    socket.setTimeout(0);
  });
  await Promise.race([once(socket, 'data').catch(() => {}), end]);
  const [answeredNonce, state, pid] = answer.trim().split(' ');
  if (answeredNonce === nonce && state && pid) return { state, pid, end };
  socket.destroy();
  return null;
}

/** @param {string} file */
async function readLock(file) {
  for (let tries = 0; tries < 10; tries++) {
    const content = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
    if (content.endsWith('\n')) return content;
    await sleep(20); // Being written.
  }
  return '';
}

/**
 * Makes way for a new server on data whose last server was killed, or whose watcher was and which runs on alone.
 *
 * @param {string} data
 */
async function clearAfterCrash(data) {
  const file = path.join(data, 'postmaster.pid');
  const content = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const pid = Number.parseInt(content, 10);
  if (!(pid > 0)) return;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGQUIT', 'SIGKILL'])) {
    const giveUpAt = Date.now() + 10_000;
    if (isServerOf(pid, data)) sendSignal(pid, signal);
    while (isServerOf(pid, data) && Date.now() < giveUpAt) await sleep(50);
  }
  // The server takes any process of its user with this id for a live server, though the id may have been given anew.
  // It ignores the id of its parent, and still checks that nobody is attached to the old server's shared memory.
  if (fs.existsSync(file)) fs.writeFileSync(file, content.replace(String(pid), String(process.pid)));
}

/**
 * @param {number} pid
 * @param {string} data
 */
function isServerOf(pid, data) {
  if (process.platform === 'win32') return false;
  if (process.platform !== 'linux') {
    return spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], {
      encoding: 'utf8',
    }).stdout.includes(data);
  }
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(data);
  } catch {
    return false;
  }
}

/**
 * @param {string} binDir
 * @param {string} data
 * @param {string} passwordFile
 * @param {User | null} user
 */
async function initialize(binDir, data, passwordFile, user) {
  // Under another name until it is complete: a run killed in the middle leaves nothing that looks like data.
  const unfinished = `${data}.unfinished`;
  for (const leftover of [unfinished, passwordFile]) fs.rmSync(leftover, { recursive: true, force: true });
  fs.mkdirSync(unfinished, { mode: 0o700 });
  fs.writeFileSync(passwordFile, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600, flush: true });
  for (const each of user === null ? [] : [unfinished, passwordFile])
    fs.chownSync(each, user?.uid ?? 0, user?.gid ?? 0);

  const initdb = spawnTied(
    path.join(binDir, `initdb${EXECUTABLE_SUFFIX}`),
    [
      `--pgdata=${unfinished}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--no-instructions',
      ...(task.durable ? [] : ['--no-sync']),
    ],
    ['ignore', 'pipe', 'pipe'],
    user,
  );
  let output = '';
  for (const stream of [initdb.stdout, initdb.stderr]) stream?.on('data', (chunk) => (output += chunk));
  const [code] = await once(initdb, 'close');
  if (code !== 0) throw new Error(`initdb failed:\n${tail(output)}`);
  fs.renameSync(unfinished, data);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').StdioOptions} stdio
 * @param {User | null} user
 */
function spawnTied(command, args, stdio, user) {
  if (stopping) throw new Error('Stopped while starting.');
  const cwd = path.parse(command).root;
  running = spawn(command, args, { cwd, stdio, detached: true, windowsHide: true, ...credentials(user) });
  return running;
}

/**
 * @param {string} binDir
 * @param {string} data
 * @param {string} logFile
 * @param {User | null} user
 */
async function startServer(binDir, data, logFile, user) {
  const giveUpAt = Date.now() + START_TIMEOUT_MS;
  for (let tries = 1; ; tries++) {
    const port = Number(task.settings['port'] ?? (await findFreePort()));
    const log = fs.openSync(logFile, 'w', 0o600);
    const settings = { ...defaultSettings(port), ...task.settings };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const command = path.join(binDir, `postgres${EXECUTABLE_SUFFIX}`);
    const server = spawnTied(command, ['-D', data, ...args], ['ignore', log, log], user);
    fs.closeSync(log);
    const failure = await waitUntilReady(server, data, giveUpAt);
    if (failure === null && server.pid !== undefined) return { port, pid: server.pid };

    const said = `${failure ?? ''}\n${tail(fs.readFileSync(logFile, 'utf8'))}`.trim();
    // Both pass: somebody else took the port meanwhile; processes of a killed server are still about to end.
    const passes = /could not bind|pre-existing shared memory block/.test(said);
    if (!passes || tries >= 20 || stopping)
      throw new Error(`The embedded PostgreSQL did not start:\n${said}`);
    await sleep(tries * 50);
  }
}

/** @param {number} port */
function defaultSettings(port) {
  return {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(task.durable ? {} : { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }),
  };
}

async function findFreePort() {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = /** @type {net.AddressInfo} */ (probe.address());
  probe.close();
  await once(probe, 'close');
  return port;
}

/**
 * @param {ChildProcess} server
 * @param {string} data
 * @param {number} giveUpAt
 * @returns {Promise<string | null>} what went wrong
 */
async function waitUntilReady(server, data, giveUpAt) {
  /** @type {Error | undefined} */
  let spawnError;
  server.once('error', (error) => {
    spawnError = error;
  });
  while (Date.now() < giveUpAt) {
    if (spawnError !== undefined) return spawnError.message;
    if (server.exitCode !== null || server.signalCode !== null)
      return `It ended with ${server.exitCode ?? server.signalCode}.`;
    // Its first line is the server's process id, its eighth the server's state: what pg_ctl goes by, too.
    const lines = readIfThere(path.join(data, 'postmaster.pid')).split('\n');
    if (Number(lines[0]) === server.pid && ['ready', 'standby'].includes(lines[7]?.trim() ?? '')) return null;
    await sleep(20);
  }
  return 'It took too long.';
}

/** @param {string} file */
function readIfThere(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** @param {string} text */
function tail(text) {
  return text.trim().split('\n').slice(-20).join('\n');
}

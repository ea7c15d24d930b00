import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isReady } from './postmaster-file';
import { programFile } from './program-file';
import { sendSignal } from './send-signal';
import type { ServerTask } from './server-task';
import { credentials, type ServerUser } from './server-user';

/** Recovery after a crash takes its time. */
const START_TIMEOUT_MS = 120_000;
/** Fast shutdown, immediate shutdown, the end; and for how long each is waited for. */
const STOP_STEPS: readonly (readonly [signal: NodeJS.Signals, patienceMs: number])[] = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
];

/** Runs the programs of a server, one at a time: initdb if there are no data yet, then postgres. */
export class ServerPrograms {
  readonly #nativeDir: string;
  readonly #user: ServerUser;
  #initdb: ChildProcess | undefined;
  #postgres: ChildProcess | undefined;
  #stopping = false;

  constructor(nativeDir: string, user: ServerUser) {
    this.#nativeDir = nativeDir;
    this.#user = user;
  }

  /** Makes the data directory `data`, and `passwordFile` with the superuser's password. */
  async initialize(data: string, passwordFile: string, durable: boolean): Promise<void> {
    // Under another name until it is complete: a run killed in the middle leaves nothing that looks like data.
    const unfinished = `${data}.unfinished`;
    for (const leftover of [unfinished, passwordFile]) {
      fs.rmSync(leftover, { recursive: true, force: true });
    }
    fs.mkdirSync(unfinished, { mode: 0o700 });
    fs.writeFileSync(passwordFile, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600, flush: true });
    if (this.#user !== null) {
      for (const each of [unfinished, passwordFile]) {
        fs.chownSync(each, this.#user.uid, this.#user.gid);
      }
    }
    const args = [
      `--pgdata=${unfinished}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--no-instructions',
      ...(durable ? [] : ['--no-sync']),
    ];
    this.#initdb = this.#spawn('initdb', args, ['ignore', 'pipe', 'pipe']);
    let output = '';
    for (const stream of [this.#initdb.stdout, this.#initdb.stderr]) {
      stream?.on('data', (chunk) => {
        output += chunk;
      });
    }
    const [code] = await once(this.#initdb, 'close');
    if (code !== 0) {
      throw new Error(`initdb failed:\n${tail(output)}`);
    }
    fs.renameSync(unfinished, data);
  }

  /** Resolves once the server takes connections. */
  async start(data: string, logFile: string, task: ServerTask): Promise<{ port: number; pid: number }> {
    const giveUpAt = Date.now() + START_TIMEOUT_MS;
    for (let tries = 1; ; tries++) {
      const port = Number(task.settings['port'] ?? (await findFreePort()));
      const settings = { ...defaultSettings(port, task.durable), ...task.settings };
      const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
      const log = fs.openSync(logFile, 'w', 0o600);
      const postgres = this.#spawn('postgres', ['-D', data, ...args], ['ignore', log, log]);
      this.#postgres = postgres;
      fs.closeSync(log);
      const failure = await untilReady(postgres, data, giveUpAt);
      if (failure === undefined && postgres.pid !== undefined) {
        return { port, pid: postgres.pid };
      }
      const said = `${failure ?? ''}\n${tail(fs.readFileSync(logFile, 'utf8'))}`.trim();
      // Both pass: somebody else took the port meanwhile; processes of a killed server are still about to end.
      const passes = /could not bind|pre-existing shared memory block/.test(said);
      if (!passes || tries >= 20 || this.#stopping) {
        throw new Error(`The embedded PostgreSQL did not start:\n${said}`);
      }
      await sleep(tries * 50);
    }
  }

  /** Calls back once the server that was started has ended. */
  onceEnded(callback: () => void): void {
    this.#postgres?.once('exit', callback);
  }

  /** Stops what runs, and lets nothing else start. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#initdb?.pid !== undefined && isRunning(this.#initdb)) {
      const exited = once(this.#initdb, 'exit');
      // It has children of its own, and leads their group.
      sendSignal(this.#nativeDir, -this.#initdb.pid, 'SIGKILL');
      await exited;
    }
    for (const [signal, patienceMs] of STOP_STEPS) {
      if (this.#postgres?.pid === undefined || !isRunning(this.#postgres)) {
        return;
      }
      const exited = once(this.#postgres, 'exit');
      sendSignal(this.#nativeDir, this.#postgres.pid, signal);
      await Promise.race([exited, sleep(patienceMs, undefined, { ref: false })]);
    }
  }

  #spawn(name: 'initdb' | 'postgres', args: readonly string[], stdio: StdioOptions): ChildProcess {
    if (this.#stopping) {
      throw new Error('Stopped while starting');
    }
    const program = programFile(this.#nativeDir, name);
    const options = { cwd: path.parse(program).root, stdio, detached: true, windowsHide: true };
    return spawn(program, args, { ...options, ...credentials(this.#user) });
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

function defaultSettings(port: number, durable: boolean): ServerTask['settings'] {
  return {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }),
  };
}

async function findFreePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as net.AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** @returns what went wrong */
async function untilReady(
  postgres: ChildProcess,
  data: string,
  giveUpAt: number,
): Promise<string | undefined> {
  let spawnError: Error | undefined;
  postgres.once('error', (error) => {
    spawnError = error;
  });
  while (Date.now() < giveUpAt) {
    if (spawnError !== undefined) {
      return spawnError.message;
    }
    if (!isRunning(postgres)) {
      return `It ended with ${postgres.exitCode ?? postgres.signalCode}.`;
    }
    if (isReady(data, postgres.pid)) {
      return undefined;
    }
    await sleep(20);
  }
  return 'It took too long.';
}

function tail(text: string): string {
  return text.trim().split('\n').slice(-20).join('\n');
}

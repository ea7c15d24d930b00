import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { type EmbeddedServer, startEmbeddedServer } from '../../src/testing';
import { migrate } from './dbmate';
import { createStoreRole, grantStoreRights } from './store-role';

export type Settings = Record<string, string | number>;

/** The signals by which a server is told how to stop. */
const STOP_SIGNALS = {
  /** Waits until every client has gone. */
  smart: 'SIGTERM',
  /** Ends the clients' sessions. */
  fast: 'SIGINT',
  /** Leaves the files to the recovery of the next start. */
  immediate: 'SIGQUIT',
  /** Gives the server no time for anything. */
  killed: 'SIGKILL',
} as const;

export type StopMode = keyof typeof STOP_SIGNALS;

/** A server of one's own, that can be stopped in every way and started again, with the same data, URL and port. */
export class RestartableServer {
  readonly #home: string;
  readonly #settings: Settings;
  #server: EmbeddedServer;
  #storeUrl = '';
  #silent: number[] = [];

  private constructor(home: string, settings: Settings, server: EmbeddedServer) {
    this.#home = home;
    this.#settings = settings;
    this.#server = server;
  }

  /**
   * Durable, as servers are in production. Its database `postgres` is migrated.
   *
   * @param root where the version is whose migrations it gets. (Default: here)
   */
  static async start(settings: Settings = {}, root?: string): Promise<RestartableServer> {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'pg-timer-store-faults-'));
    fs.chmodSync(home, 0o755);
    const server = await startEmbeddedServer({ dataDir: path.join(home, 'server'), settings });
    const restartable = new RestartableServer(home, { ...settings, port: server.port }, server);
    await migrate(restartable.url, root);
    await restartable.#createStoreRole(root);
    return restartable;
  }

  /** To what another version has, as those do who upgrade. */
  async migrate(root: string): Promise<void> {
    await migrate(this.url, root);
    await this.#withAdmin((admin) => grantStoreRights(admin, root));
  }

  /** A standby that follows another server, from a copy of its data. Ends the sessions of that server. */
  static async startStandbyOf(primary: RestartableServer, others: Settings = {}): Promise<RestartableServer> {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'pg-timer-store-faults-'));
    fs.chmodSync(home, 0o755);
    await primary.stop('fast');
    // With its owners, which Node does not copy.
    execFileSync('cp', ['-a', path.join(primary.#home, 'server'), home]);
    await primary.restart();
    const { hostname, port, username, password } = new URL(primary.url);
    const settings = {
      ...others,
      primary_conninfo: `host=${hostname} port=${port} user=${username} password=${password}`,
    };
    fs.writeFileSync(path.join(home, 'server/data/standby.signal'), '');
    const server = await startEmbeddedServer({ dataDir: path.join(home, 'server'), settings });
    const standby = new RestartableServer(home, { ...settings, port: server.port }, server);
    standby.#storeUrl = Object.assign(new URL(primary.storeUrl), { port: server.port }).href;
    return standby;
  }

  /** Of a superuser. */
  get url(): string {
    return this.#server.url();
  }

  /** Of the role with the rights of db/grants.sql. */
  get storeUrl(): string {
    return this.#storeUrl;
  }

  get pid(): number {
    return this.#server.pid;
  }

  /** Begins to stop it. Resolves once it has. */
  async stop(mode: StopMode): Promise<void> {
    process.kill(this.#server.pid, STOP_SIGNALS[mode]);
    await this.#server.whenEnded();
  }

  /** Stops it and each of its sessions where they are: they are there, and say nothing, as on a machine that hangs. */
  silence(): void {
    const sessions = execFileSync('ps', ['-o', 'pid=', '--ppid', String(this.pid)], { encoding: 'utf8' });
    this.#silent = [this.pid, ...sessions.trim().split(/\s+/).map(Number)];
    for (const pid of this.#silent) {
      process.kill(pid, 'SIGSTOP');
    }
  }

  /** Lets them go on. */
  wake(): void {
    for (const pid of this.#silent.splice(0)) {
      process.kill(pid, 'SIGCONT');
    }
  }

  /** Resolves once it has stopped by itself. */
  async untilEnded(): Promise<void> {
    await this.#server.whenEnded();
  }

  /** Writes one of its files, such as `pg_hba.conf` or a key, for the server alone. It reads them when it starts. */
  writeFile(file: string, content: string): void {
    const dataDir = path.join(this.#home, 'server/data');
    const place = path.join(dataDir, file);
    fs.rmSync(place, { force: true });
    fs.writeFileSync(place, content, { mode: 0o600 });
    // Its user is another than that of the tests if those are run by root.
    const { uid, gid } = fs.statSync(dataDir);
    fs.chownSync(place, uid, gid);
  }

  /** Puts a full disk in the place of one of its files, which has no content yet: each write to it fails. */
  fillDisk(file: string): void {
    const place = path.join(this.#home, 'server/data', file);
    fs.accessSync('/dev/full', fs.constants.W_OK);
    fs.rmSync(place, { force: true });
    fs.symlinkSync('/dev/full', place);
  }

  /** Removes the full disk. */
  freeDisk(file: string): void {
    fs.rmSync(path.join(this.#home, 'server/data', file));
  }

  /** Starts it again once it has stopped. Resolves once it takes connections. */
  async restart(settings: Settings = {}): Promise<void> {
    fs.rmSync(this.#standbySignal, { force: true });
    await this.#start(settings);
  }

  /**
   * Starts it again as a standby, which is in recovery until it is promoted. It takes reads, or with `hot_standby` off
   * no connections at all.
   */
  async restartAsStandby(settings: Settings = {}): Promise<void> {
    fs.writeFileSync(this.#standbySignal, '');
    await this.#start(settings);
  }

  async #createStoreRole(root: string | undefined): Promise<void> {
    const role = await this.#withAdmin((admin) => createStoreRole(admin, root));
    this.#storeUrl = Object.assign(new URL(this.url), role).href;
  }

  async #withAdmin<T>(work: (admin: Client) => Promise<T>): Promise<T> {
    const admin = new Client({ connectionString: this.url });
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.end();
    }
  }

  get #standbySignal(): string {
    return path.join(this.#home, 'server/data/standby.signal');
  }

  async #start(settings: Settings): Promise<void> {
    this.#server = await startEmbeddedServer({
      dataDir: path.join(this.#home, 'server'),
      settings: { ...this.#settings, ...settings },
    });
  }

  /** Stops it for good, and removes its data. */
  async delete(): Promise<void> {
    await this.#server.stop();
    fs.rmSync(this.#home, { recursive: true, force: true });
  }
}

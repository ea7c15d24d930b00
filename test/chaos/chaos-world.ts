import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { PostgresTimerStore } from '../../src';
import { TimerEngine } from '../../src/engine';
import { seededRandom } from '../soak/seeded-random';
import { RestartableServer } from '../support/restartable-server';
import { TcpProxy } from '../support/tcp-proxy';
import { ChaosLoad, MOODY } from './chaos-load';
import { EngineProcess } from './engine-process';
import { type Mood, MoodyReceiver } from './moody-receiver';
import { livingContents, Recorder } from './recorder';

export const SHARDS = 16;
/** Of three processes: one believes it is an hour later, one an hour earlier. */
const CLOCK_SHIFTS_MS = [0, 3_600_000, -3_600_000];

/** From a process to its receiver. */
const TRANSIT_MS = 100;

const WATCH_MS = 300;
/** What comes so late here may come later elsewhere. */
const STALL_MS = 500;

/** What the engines work on. */
export interface ChaosServer {
  /** Of a superuser. */
  readonly url: string;
  readonly storeUrl: string;
}

interface Parts {
  readonly recorder: Recorder;
  readonly server: ChaosServer;
  readonly proxies: readonly TcpProxy[];
  readonly clientProxy: TcpProxy;
  readonly store: PostgresTimerStore;
  readonly client: TimerEngine;
  readonly moody: MoodyReceiver;
  readonly well: MoodyReceiver;
}

/** A server, three engines that are processes of their own, each behind a proxy, receivers, and a load on them. */
export class ChaosWorld {
  readonly random: () => number;
  readonly load: ChaosLoad;
  readonly processes: EngineProcess[] = [];
  readonly #parts: Parts;
  #server: ChaosServer;
  /** What it has started, and the one of them that can take the place of the other. */
  readonly #own: RestartableServer[] = [];
  #standby: RestartableServer | undefined;
  #direct: Client | undefined;

  private constructor(random: () => number, parts: Parts, pauseMs: number) {
    this.random = random;
    this.#parts = parts;
    this.#server = parts.server;
    const { client, recorder, moody, well } = parts;
    const receivers = new Map([
      [MOODY, moody],
      ['well-', well],
    ]);
    this.load = new ChaosLoad(client, recorder, random, pauseMs, receivers);
  }

  /**
   * On a server of its own, with a standby that has all that is acknowledged.
   *
   * @param pauseMs between two calls of one caller.
   */
  static async open(seed: number, pauseMs: number): Promise<ChaosWorld> {
    const server = await RestartableServer.start({ max_connections: 100, log_min_messages: 'fatal' });
    const standby = await RestartableServer.startStandbyOf(server, {
      max_connections: 100,
      log_min_messages: 'fatal',
      wal_retrieve_retry_interval: '100ms',
    });
    const world = await ChaosWorld.#prepare(seed, pauseMs, server);
    world.#own.push(standby, server);
    world.#standby = standby;
    // Not before: the standby was copied from the server, and is to wait for nobody when it is promoted.
    const direct = await world.direct();
    await direct.query(`ALTER SYSTEM SET synchronous_standby_names = '*'`);
    await direct.query('SELECT pg_reload_conf()');
    return await world.#begin();
  }

  /** On one that is there, which has no timers. */
  static async openOn(seed: number, pauseMs: number, server: ChaosServer): Promise<ChaosWorld> {
    const world = await ChaosWorld.#prepare(seed, pauseMs, server);
    return await world.#begin();
  }

  static async #prepare(seed: number, pauseMs: number, server: ChaosServer): Promise<ChaosWorld> {
    const random = seededRandom(seed);
    const recorder = new Recorder(random);
    const proxies = await Promise.all(CLOCK_SHIFTS_MS.map(() => TcpProxy.open(server.url)));
    const clientProxy = await TcpProxy.open(server.url);
    const store = await PostgresTimerStore.connect(clientProxy.url(server.storeUrl));
    const client = await TimerEngine.start({
      store,
      shardCount: SHARDS,
      address: 'client',
      // A member of nothing: it owns nothing.
      membership: { join: async () => {}, refresh: async () => {}, leave: async () => {} },
      deliver: async () => {},
    });
    const [moody, well] = [await MoodyReceiver.open(recorder), await MoodyReceiver.open(recorder)];
    return new ChaosWorld(
      random,
      { recorder, server, proxies, clientProxy, store, client, moody, well },
      pauseMs,
    );
  }

  async #begin(): Promise<this> {
    for (const index of CLOCK_SHIFTS_MS.keys()) {
      await this.startProcess(index);
    }
    return this;
  }

  get recorder(): Recorder {
    return this.#parts.recorder;
  }

  async restartServer(): Promise<void> {
    const server = this.#server as RestartableServer;
    await server.stop('fast');
    await server.restart();
  }

  proxy(index: number): TcpProxy {
    return this.#parts.proxies[index] as TcpProxy;
  }

  async startProcess(index: number): Promise<void> {
    this.processes[index] = await EngineProcess.start(
      {
        url: this.proxy(index).url(this.#server.storeUrl),
        shardCount: SHARDS,
        address: `engine-${index}`,
        clockShiftMs: CLOCK_SHIFTS_MS[index] as number,
        engine: {
          retryPolicy: { maxAttempts: 0, initialIntervalSeconds: 0.05, maxIntervalSeconds: 1 },
          // Nothing is found in time by looks at the database alone: a wake-up that is forgotten shows.
          longestPauseMs: 30_000,
        },
      },
      this.recorder,
    );
  }

  /** What an administrator's session sees. It is opened anew after the server has restarted. */
  async direct(): Promise<Client> {
    if (this.#direct === undefined) {
      const client = new Client({ connectionString: this.#server.url });
      client.on('error', () => {
        if (this.#direct === client) this.#direct = undefined;
      });
      await client.connect();
      this.#direct = client;
    }
    return this.#direct;
  }

  /** Inflicts a fault on some processes, and notes what they had under way when it began and before it ended. */
  async inflict(
    kind: string,
    indexes: readonly number[],
    begin: () => unknown,
    end: () => unknown = () => {},
  ): Promise<void> {
    const addresses = indexes.map((index) => (this.processes[index] as EngineProcess).address);
    const fromMs = Date.now();
    const before = await livingContents(await this.direct());
    await begin();
    // For what the processes have sent, and is on its way.
    await sleep(TRANSIT_MS);
    const begunByMs = Date.now();
    const after = await livingContents(await this.direct());
    await end();
    const untilMs = Date.now();
    for (const process of addresses) {
      this.recorder.inflicted({ kind, process, fromMs, untilMs }, [before, after], begunByMs);
    }
  }

  /** Does what makes some timers late, and none come twice. */
  async hinder(kind: string, only: string, work: () => Promise<unknown>): Promise<void> {
    const fromMs = Date.now();
    await work();
    this.recorder.faults.push({ kind, process: 'none', only, fromMs, untilMs: Date.now(), underWay: 0 });
  }

  /** The receiver of some timers answers so for a while. */
  async receiveBadly(mood: Mood, ms: number): Promise<void> {
    const { moody } = this.#parts;
    await this.hinder(`receiver ${mood}`, MOODY, async () => {
      moody.mood = mood;
      await sleep(ms);
      moody.mood = 'well';
    });
  }

  get hasStandby(): boolean {
    return this.#standby !== undefined;
  }

  /** The server dies, and its standby takes its place, at its address. */
  async failOver(): Promise<void> {
    const standby = this.#standby as RestartableServer;
    await (this.#server as RestartableServer).stop('killed');
    this.#standby = undefined;
    this.#server = standby;
    this.#direct = undefined;
    const direct = await this.direct();
    await direct.query('SELECT pg_promote()');
    const { proxies, clientProxy } = this.#parts;
    for (const proxy of [...proxies, clientProxy]) proxy.redirect(standby.url);
  }

  /** Calls until it is told to stop, and looks what has been settled. */
  async run(end: AbortSignal): Promise<void> {
    await Promise.all([this.load.run(end), this.#watch(end)]);
  }

  async #watch(end: AbortSignal): Promise<void> {
    while (!end.aborted) {
      const fromMs = Date.now();
      await sleep(WATCH_MS);
      const untilMs = Date.now();
      if (untilMs - fromMs > WATCH_MS + STALL_MS) {
        const stall = { kind: 'the machine stalls', process: 'none', fromMs, untilMs, underWay: 0 };
        this.recorder.faults.push(stall);
      }
      // While the server is down, nothing is known.
      await this.direct()
        .then((direct) => this.recorder.noteSettled(direct))
        .catch(() => {});
    }
  }

  /** Resolves once nothing is left that is due, or after a minute. @returns how many timers are left. */
  async drain(): Promise<number> {
    const until = Date.now() + 60_000;
    for (;;) {
      const { rows } = await (await this.direct()).query(
        'SELECT count(*)::int AS count FROM timers WHERE row_type IN (2, 3)',
      );
      if (rows[0].count === 0 || Date.now() > until) return rows[0].count;
      await sleep(100);
    }
  }

  async close(): Promise<void> {
    const { client, store, proxies, clientProxy, moody, well } = this.#parts;
    await client.stop({ timeoutMs: 0 });
    await store.close();
    await Promise.all(this.processes.map((each) => each.kill()));
    await Promise.all([...proxies, clientProxy, moody, well].map((each) => each.close()));
    await this.#direct?.end();
    for (const server of this.#own) await server.delete();
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { type NewTimer, PostgresTimerStore, TimerNotFoundError } from '../../src';
import { TimerEngine } from '../../src/engine';
import { seededRandom } from '../soak/seeded-random';
import { RestartableServer } from '../support/restartable-server';
import { TcpProxy } from '../support/tcp-proxy';
import { EngineProcess } from './engine-process';
import { Recorder } from './recorder';

const SHARDS = 16;
const PATIENCE = { timeoutMs: 60_000 };
/** Of three processes: one believes it is an hour later, one an hour earlier. */
const CLOCK_SHIFTS_MS = [0, 3_600_000, -3_600_000];
/** The ids that are replaced, changed and cancelled again and again. */
const RACED = 40;

/** A server, three engines that are processes of their own, each behind a proxy, and a load on them. */
export class ChaosWorld {
  readonly random: () => number;
  readonly recorder: Recorder;
  readonly server: RestartableServer;
  readonly proxies: readonly TcpProxy[];
  readonly processes: EngineProcess[] = [];
  #direct: Client | undefined;
  readonly #store: PostgresTimerStore;
  readonly #client: TimerEngine;

  private constructor(
    seed: number,
    server: RestartableServer,
    proxies: readonly TcpProxy[],
    store: PostgresTimerStore,
    client: TimerEngine,
  ) {
    this.#store = store;
    this.#client = client;
    this.random = seededRandom(seed);
    this.recorder = new Recorder(this.random);
    this.server = server;
    this.proxies = proxies;
  }

  static async open(seed: number): Promise<ChaosWorld> {
    const server = await RestartableServer.start({ max_connections: 100, log_min_messages: 'fatal' });
    const proxies = await Promise.all(CLOCK_SHIFTS_MS.map(() => TcpProxy.open(server.url)));
    const store = await PostgresTimerStore.connect(server.storeUrl);
    const client = await TimerEngine.start({
      store,
      shardCount: SHARDS,
      address: 'client',
      // A member of nothing: it owns nothing.
      membership: { join: async () => {}, refresh: async () => {}, leave: async () => {} },
      deliver: async () => {},
    });
    const world = new ChaosWorld(seed, server, proxies, store, client);
    for (const index of CLOCK_SHIFTS_MS.keys()) {
      await world.startProcess(index);
    }
    return world;
  }

  async startProcess(index: number): Promise<void> {
    const proxy = this.proxies[index] as TcpProxy;
    this.processes[index] = await EngineProcess.start(
      {
        url: proxy.url(this.server.storeUrl),
        shardCount: SHARDS,
        address: `engine-${index}`,
        clockShiftMs: CLOCK_SHIFTS_MS[index] as number,
        // Nothing is found in time by looks at the database alone: a wake-up that is forgotten shows.
        engine: { retryPolicy: { initialIntervalSeconds: 0.05 }, longestPauseMs: 30_000 },
      },
      this.recorder.receive,
    );
  }

  /** What an administrator's session sees. It is opened anew after the server has restarted. */
  async direct(): Promise<Client> {
    if (this.#direct === undefined) {
      const client = new Client({ connectionString: this.server.url });
      client.on('error', () => {
        this.#direct = undefined;
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
    const hit = indexes.map((index) => this.processes[index] as EngineProcess);
    const fromMs = Date.now();
    const before = await this.#underWay(hit);
    await begin();
    const after = await this.#underWay(hit);
    await end();
    const untilMs = Date.now();
    for (const [place, { address }] of hit.entries()) {
      const underWay = (before[place] as number) + (after[place] as number);
      this.recorder.faults.push({ kind, process: address, fromMs, untilMs, underWay });
    }
  }

  async #underWay(hit: readonly EngineProcess[]): Promise<number[]> {
    const direct = await this.direct();
    const counts: number[] = [];
    for (const each of hit) counts.push(await this.recorder.underWay(direct, each));
    return counts;
  }

  /** Schedules, replaces, changes and cancels until it is told to stop. */
  async load(end: AbortSignal): Promise<void> {
    await Promise.all([
      ...Array.from({ length: 4 }, (_, caller) => this.#loadNew(`new-${caller}`, end)),
      ...Array.from({ length: 4 }, (_, caller) => this.#loadRaced(caller, end)),
      this.#watch(end),
    ]);
  }

  /** Each timer once: what is lost shows. */
  async #loadNew(prefix: string, end: AbortSignal): Promise<void> {
    for (let round = 0; !end.aborted; round++) {
      await this.#schedule(`${prefix}-${round}`, this.random() < 0.5 ? 0 : this.random() * 1500);
      await sleep(5);
    }
  }

  /** The same few timers, of which no other caller has one. */
  async #loadRaced(caller: number, end: AbortSignal): Promise<void> {
    const namespace = 'chaos';
    while (!end.aborted) {
      const id = `raced-${caller}-${Math.floor((this.random() * RACED) / 4)}`;
      const kind = this.random();
      if (kind < 0.6) {
        await this.#schedule(id, this.random() * 600);
      } else if (kind < 0.8) {
        const content = this.recorder.newContent();
        const dueMs = Date.now() + Math.floor(this.random() * 600);
        const changes = { executeAt: new Date(dueMs), payload: { content } };
        await this.#unlessGone({ kind: 'update', id, content, dueMs }, () =>
          this.#client.update(namespace, id, changes, PATIENCE),
        );
      } else {
        await this.#unlessGone({ kind: 'cancel', id, content: undefined, dueMs: undefined }, () =>
          this.#client.cancel(namespace, id, PATIENCE),
        );
      }
      await sleep(5);
    }
  }

  async #schedule(id: string, inMs: number): Promise<void> {
    const content = this.recorder.newContent();
    const executeAt = new Date(Date.now() + inMs);
    const timer: NewTimer = { id, namespace: 'chaos', executeAt, payload: { content } };
    const dueMs = executeAt.getTime();
    await this.recorder.call({ kind: 'schedule', id, content, dueMs }, () =>
      this.#client.schedule(timer, PATIENCE),
    );
  }

  /** A timer that is not there has been delivered: the call changes nothing, and is not noted. */
  async #unlessGone(call: Parameters<Recorder['call']>[0], calling: () => Promise<unknown>): Promise<void> {
    const beganMs = Date.now();
    try {
      await calling();
      this.recorder.calls.push({ ...call, beganMs, acknowledgedMs: Date.now() });
    } catch (error) {
      if (error instanceof TimerNotFoundError) return;
      this.recorder.calls.push({ ...call, beganMs, acknowledgedMs: Number.POSITIVE_INFINITY });
    }
  }

  async #watch(end: AbortSignal): Promise<void> {
    while (!end.aborted) {
      await sleep(300);
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
    await this.#client.stop({ timeoutMs: 0 });
    await this.#store.close();
    await Promise.all(this.processes.map((each) => each.kill()));
    await Promise.all(this.proxies.map((proxy) => proxy.close()));
    await this.#direct?.end();
    await this.server.delete();
  }
}

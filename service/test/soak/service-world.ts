import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { ChaosLoad } from '../../../test/chaos/chaos-load';
import { livingContents, Recorder } from '../../../test/chaos/recorder';
import { seededRandom } from '../../../test/soak/seeded-random';
import { RestartableServer } from '../../../test/support/restartable-server';
import { Balancer } from './balancer';
import { type Build, HERE } from './build';
import { BEGAN_WITHIN_MS, CallbackReceiver, SERVICE } from './callback-receiver';
import { HttpCalls } from './http-calls';
import { ServiceProcess } from './service-process';

const PROCESSES = 3;
const SHARDS = 16;
const WATCH_MS = 300;
/** From a process to its receiver. */
const TRANSIT_MS = 100;

export interface RollOut {
  /** What the processes are of afterwards. (Default: each of what it was) */
  readonly build?: Build;
  /** Each begins at another address before the one in whose place it comes is told to stop. (Default: after that, at its own) */
  readonly isSurge?: boolean;
  /** After each. */
  readonly pause?: () => Promise<unknown>;
}

interface Parts {
  readonly server: RestartableServer;
  readonly ports: number[];
  readonly receiver: CallbackReceiver;
  readonly balancer: Balancer;
}

/** A server, three processes of the service behind a balancer, a receiver of their callbacks, and a load on them. */
export class ServiceWorld {
  readonly random: () => number;
  readonly recorder: Recorder;
  readonly calls: HttpCalls;
  readonly #load: ChaosLoad;
  readonly #processes: ServiceProcess[] = [];
  /** Of each process. */
  readonly #builds: Build[];
  readonly #server: RestartableServer;
  /** Of each process, and after them a spare one. */
  readonly #ports: number[];
  readonly #receiver: CallbackReceiver;
  readonly #balancer: Balancer;
  #direct: Client | undefined;

  private constructor(random: () => number, recorder: Recorder, parts: Parts, pauseMs: number, build: Build) {
    const { server, ports, receiver, balancer } = parts;
    this.random = random;
    this.recorder = recorder;
    this.#server = server;
    this.#ports = ports;
    this.#builds = Array.from({ length: PROCESSES }, () => build);
    this.#receiver = receiver;
    this.#balancer = balancer;
    this.calls = new HttpCalls(balancer.url, receiver.url);
    this.#load = new ChaosLoad(this.calls, recorder, random, pauseMs, new Map());
  }

  /**
   * @param pauseMs between two calls of one caller.
   * @param build of the processes, and of the schema that they have.
   */
  static async open(seed: number, pauseMs: number, build = HERE): Promise<ServiceWorld> {
    const random = seededRandom(seed);
    const recorder = new Recorder(random);
    const settings = { max_connections: 100, log_min_messages: 'fatal' };
    const server = await RestartableServer.start(settings, build.root);
    const ports = await freePorts(PROCESSES + 1);
    const receiver = await CallbackReceiver.open(recorder);
    const balancer = await Balancer.open(ports);
    const world = new ServiceWorld(random, recorder, { server, ports, receiver, balancer }, pauseMs, build);
    await Promise.all(world.#builds.map((_, index) => world.#start(index)));
    return world;
  }

  /** Calls until it is told to stop, and looks what has been settled. */
  async run(end: AbortSignal): Promise<void> {
    await Promise.all([this.#load.run(end), this.#watch(end)]);
  }

  async kill(index: number, downMs: number): Promise<void> {
    await this.#inflict('kill -9', () => this.#processes[index]?.kill());
    await sleep(downMs);
    // It gets shards of the others: what is changed while it is delivered may be late then.
    await this.#hinder('process starts', () => this.#start(index));
  }

  async freeze(index: number, ms: number): Promise<void> {
    await this.#inflict('frozen', () => this.#processes[index]?.signal('SIGSTOP'));
    await sleep(ms);
    this.#processes[index]?.signal('SIGCONT');
    await this.#balancer.untilReady(this.#ports[index] as number);
  }

  async restartDatabase(): Promise<void> {
    await this.#inflict('database restarted', async () => {
      await this.#server.stop('fast');
      await this.#server.restart();
    });
    await Promise.all(this.#ports.slice(0, PROCESSES).map((port) => this.#balancer.untilReady(port)));
  }

  get url(): string {
    return this.#balancer.url;
  }

  /** As those do who upgrade: while the processes of the version before are at work. */
  async migrate({ name, root }: Build): Promise<void> {
    await this.#hinder(`migrated by ${name}`, () => this.#server.migrate(root));
  }

  /**
   * All processes, one after the other: nothing comes twice by it.
   *
   * @returns what is wrong with it: answers with a status from 500 on, and exit codes. A connection that was idle since
   *   before the process stopped may break just when a call comes by it, as HTTP has it; clients make such calls again.
   */
  async restartAll(rollOut: RollOut = {}): Promise<string[]> {
    const { build, pause = async () => {} } = rollOut;
    const { failures } = this.calls;
    const before = failures.serverErrors;
    const kind = build === undefined ? 'rolling restart' : `rolling out of ${build.name}`;
    const wrong: string[] = [];
    for (const index of this.#processes.keys()) {
      await this.#hinder(`${kind}, process ${index}`, async () => {
        const code = await this.replace(index, rollOut);
        if (code !== 0) wrong.push(`${kind}: process ${index} has ended with ${code}`);
      });
      await pause();
    }
    const serverErrors = failures.serverErrors - before;
    if (serverErrors > 0) wrong.push(`${kind}: ${serverErrors} answers with a status from 500 on`);
    return wrong;
  }

  /** @returns the exit code of the one before. */
  async replace(index: number, { build, isSurge = false }: RollOut): Promise<number | null> {
    const before = this.#processes[index] as ServiceProcess;
    this.#builds[index] = build ?? (this.#builds[index] as Build);
    if (!isSurge) {
      const code = await before.stop();
      await this.#start(index);
      return code;
    }
    const [port, spare] = [this.#ports[index] as number, this.#ports[PROCESSES] as number];
    this.#ports[index] = spare;
    this.#ports[PROCESSES] = port;
    await this.#start(index);
    return await before.stop();
  }

  /** Resolves once nothing is left that is due, or after a minute. @returns how many timers are left. */
  async drain(): Promise<number> {
    const until = Date.now() + 60_000;
    for (;;) {
      const direct = await this.#connected();
      const { rows } = await direct.query(
        'SELECT count(*)::int AS count FROM timers WHERE row_type IN (2, 3)',
      );
      if (rows[0].count === 0 || Date.now() > until) return rows[0].count;
      await sleep(100);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#processes.map((each) => each.kill()));
    await this.#balancer.close();
    await this.#receiver.close();
    await this.#direct?.end();
    await this.#server.delete();
  }

  async #start(index: number): Promise<void> {
    const port = this.#ports[index] as number;
    this.#processes[index] = ServiceProcess.start({
      root: (this.#builds[index] as Build).root,
      databaseUrl: this.#server.storeUrl,
      port,
      address: `service-${port}`,
      shardCount: SHARDS,
      heard: (event) => this.recorder.heard(event, SERVICE),
    });
    await this.#balancer.untilReady(port);
  }

  /** Does what makes some timers late, and none come twice. */
  async #hinder(kind: string, work: () => Promise<unknown>): Promise<void> {
    const fromMs = Date.now();
    await work();
    this.recorder.faults.push({ kind, process: 'none', fromMs, untilMs: Date.now(), underWay: 0 });
  }

  /** Notes what was under way when the fault began, and what has begun since. */
  async #inflict(kind: string, fault: () => unknown): Promise<void> {
    const fromMs = Date.now();
    const before = await livingContents(await this.#connected());
    await fault();
    await sleep(TRANSIT_MS);
    const untilMs = Date.now() + BEGAN_WITHIN_MS;
    const after = await livingContents(await this.#connected());
    this.recorder.inflicted({ kind, process: SERVICE, fromMs, untilMs }, [before, after], untilMs);
  }

  async #watch(end: AbortSignal): Promise<void> {
    while (!end.aborted) {
      await sleep(WATCH_MS);
      // While the server is down, nothing is known.
      await this.#connected()
        .then((direct) => this.recorder.noteSettled(direct))
        .catch(() => {});
    }
  }

  async #connected(): Promise<Client> {
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
}

/** Below those from which systems take ports of outgoing connections, one of which could have it when it is wanted again. */
const FIRST_PORT = 20_000;
const LAST_PORT = 30_000;

/** A process that starts anew is where it was. */
async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

async function isFree(port: number): Promise<boolean> {
  const server = net.createServer();
  const isListening = new Promise<boolean>((resolve) => {
    server.once('listening', () => resolve(true));
    server.once('error', () => resolve(false));
  });
  server.listen(port, '127.0.0.1');
  if (!(await isListening)) return false;
  await once(server.close(), 'close');
  return true;
}

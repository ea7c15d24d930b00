import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { resetSocket } from '../../../test/support/reset-socket';

const LOOK_MS = 100;
/** A process that does not answer in this time is sent nothing new. */
const LOOK_TIMEOUT_MS = 1000;
/** A connection waits so long for a process that is ready. */
const PATIENCE_MS = 60_000;

/** Sends each new connection to one of the processes that say that they are ready, as load balancers do. */
export class Balancer {
  readonly #server = net.createServer((socket) => void this.#connect(socket));
  readonly #ports: readonly number[];
  readonly #ready = new Set<number>();
  readonly #sockets = new Set<net.Socket>();
  readonly #looking: Promise<unknown>;
  #turn = 0;
  #isClosed = false;

  private constructor(ports: readonly number[]) {
    this.#ports = ports;
    this.#looking = Promise.all(ports.map((port) => this.#look(port)));
  }

  static async open(ports: readonly number[]): Promise<Balancer> {
    const balancer = new Balancer(ports);
    balancer.#server.listen(0, '127.0.0.1');
    await once(balancer.#server, 'listening');
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves once this process is found ready, whatever was found before. */
  async untilReady(port: number): Promise<void> {
    this.#ready.delete(port);
    while (!this.#ready.has(port)) await sleep(LOOK_MS / 2);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all([once(this.#server, 'close'), this.#looking]);
  }

  async #look(port: number): Promise<void> {
    while (!this.#isClosed) {
      const isReady = await fetch(`http://127.0.0.1:${port}/health/ready`, {
        signal: AbortSignal.timeout(LOOK_TIMEOUT_MS),
      })
        .then(async (answer) => {
          await answer.text();
          return answer.ok;
        })
        .catch(() => false);
      if (isReady) this.#ready.add(port);
      else this.#ready.delete(port);
      await sleep(LOOK_MS);
    }
  }

  async #connect(client: net.Socket): Promise<void> {
    this.#sockets.add(client);
    client.on('error', () => client.destroy());
    client.on('close', () => this.#sockets.delete(client));
    const port = await this.#choose();
    if (port === undefined || client.destroyed) {
      client.destroy();
      return;
    }
    const upstream = net.connect(port, '127.0.0.1');
    upstream.on('error', () => resetSocket(client));
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
    client.pipe(upstream).pipe(client);
  }

  async #choose(): Promise<number | undefined> {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end && !this.#isClosed; await sleep(LOOK_MS)) {
      const ready = this.#ports.filter((port) => this.#ready.has(port));
      if (ready.length > 0) return ready[this.#turn++ % ready.length];
    }
    return undefined;
  }
}

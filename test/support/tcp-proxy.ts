import { once } from 'node:events';
import net from 'node:net';
import { resetSocket } from './reset-socket';

/** One connection of a client, and the one to the server that stands for it. */
interface Line {
  readonly client: net.Socket;
  readonly upstream: net.Socket;
  /** Nothing gets through any more, and nobody is told. */
  silent: boolean;
  /** Its session was told to listen. */
  listens: boolean;
}

/** Stands between a client and a server, and breaks the line in the ways that networks do. */
export class TcpProxy {
  readonly #server: net.Server;
  #target: URL;
  readonly #lines = new Set<Line>();
  /** What happens to bytes, on connections that are open and new. */
  #requests: 'pass' | 'lose' = 'pass';
  #answers: 'pass' | 'lose' = 'pass';
  #answersToCut = 0;
  #onLost: (() => void) | undefined;

  private constructor(target: URL) {
    this.#target = target;
    this.#server = net.createServer((client) => {
      const upstream = net.connect(Number(this.#target.port || 5432), this.#target.hostname);
      const line: Line = { client, upstream, silent: false, listens: false };
      this.#lines.add(line);
      for (const [socket, peer] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        socket.on('error', () => this.#lost(line, peer));
        socket.on('close', () => this.#lost(line, peer));
      }
      client.on('data', (bytes) => {
        line.listens ||= bytes.includes('LISTEN');
        if (this.#requests === 'lose') {
          this.#onLost?.();
        } else if (!line.silent) {
          upstream.write(bytes);
        }
      });
      upstream.on('data', (bytes) => this.#answer(line, bytes));
    });
  }

  static async open(serverUrl: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(new URL(serverUrl));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** The server's URL, through this proxy. */
  url(serverUrl: string): string {
    const url = new URL(serverUrl);
    url.hostname = '127.0.0.1';
    url.port = String((this.#server.address() as net.AddressInfo).port);
    url.searchParams.set('sslmode', 'disable');
    return url.href;
  }

  /** New connections go to another server from now on. */
  redirect(serverUrl: string): void {
    this.#target = new URL(serverUrl);
  }

  /** From now on what the client sends is lost. Resolves once something was. */
  async loseRequests(): Promise<void> {
    this.#requests = 'lose';
    await this.#untilLost();
  }

  /** From now on what the server answers is lost. Resolves once an answer was. */
  async loseAnswers(): Promise<void> {
    this.#answers = 'lose';
    await this.#untilLost();
  }

  /** Ends the loss, for connections that are still open and for new ones. */
  heal(): void {
    this.#requests = 'pass';
    this.#answers = 'pass';
  }

  /** The first half of each of the next answers arrives, then its connection is cut. */
  cutNextAnswers(count: number): void {
    this.#answersToCut = count;
  }

  /** The connections that are open stay so, but carry nothing any more, as if a firewall had forgotten them. */
  forgetConnections(): void {
    for (const line of this.#lines) {
      line.silent = true;
    }
  }

  /** The same, of the sessions that listen alone. */
  forgetListeners(): void {
    for (const line of this.#lines) {
      line.silent ||= line.listens;
    }
  }

  /** Resolves once a connection that is open has been closed, and the client's end of it too. */
  async untilClosed(): Promise<void> {
    await Promise.race([...this.#lines].map(({ client }) => once(client, 'close')));
  }

  /** Cuts every connection. New ones can be made. */
  cut(): void {
    for (const { client, upstream } of this.#lines) {
      resetSocket(client);
      resetSocket(upstream);
    }
  }

  async close(): Promise<void> {
    this.#server.close();
    this.cut();
    await once(this.#server, 'close');
  }

  #answer(line: Line, bytes: Buffer): void {
    if (this.#answers === 'lose') {
      this.#onLost?.();
    } else if (this.#answersToCut > 0) {
      this.#answersToCut--;
      line.upstream.destroy();
      line.client.end(bytes.subarray(0, bytes.length / 2));
    } else if (!line.silent) {
      line.client.write(bytes);
    }
  }

  #lost(line: Line, peer: net.Socket): void {
    this.#lines.delete(line);
    peer.destroy();
  }

  async #untilLost(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#onLost = resolve;
    });
  }
}

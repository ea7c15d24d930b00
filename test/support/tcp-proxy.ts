import { once } from 'node:events';
import net from 'node:net';

/** Stands between a client and a server, and breaks the line in the ways that networks do. */
export class TcpProxy {
  /** What happens to bytes from the server to the client, on connections that are open and new. */
  #answers: 'pass' | 'hold' = 'pass';
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();
  #onHeldAnswer: (() => void) | undefined;

  private constructor(target: URL) {
    this.#server = net.createServer((client) => {
      const upstream = net.connect(Number(target.port || 5432), target.hostname);
      for (const [socket, peer] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        this.#sockets.add(socket);
        socket.on('error', () => peer.destroy());
        socket.on('close', () => {
          this.#sockets.delete(socket);
          peer.destroy();
        });
      }
      client.on('data', (bytes) => upstream.write(bytes));
      upstream.on('data', (bytes) => {
        if (this.#answers === 'pass') {
          client.write(bytes);
        } else {
          this.#onHeldAnswer?.();
        }
      });
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

  /** From now on what the server answers is lost. Resolves once an answer was. */
  async loseAnswers(): Promise<void> {
    this.#answers = 'hold';
    await new Promise<void>((resolve) => {
      this.#onHeldAnswer = resolve;
    });
  }

  /** Ends the loss, for connections that are still open and for new ones. */
  heal(): void {
    this.#answers = 'pass';
  }

  /** Cuts every connection. New ones can be made. */
  cut(): void {
    for (const socket of this.#sockets) {
      socket.resetAndDestroy();
    }
  }

  async close(): Promise<void> {
    this.#server.close();
    this.cut();
    await once(this.#server, 'close');
  }
}

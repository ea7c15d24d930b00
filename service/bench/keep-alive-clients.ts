import { once } from 'node:events';
import net from 'node:net';

/**
 * Clients that each keep a connection open and call when they have been answered. By hand on a socket, for they share
 * their processor with what is measured: of a call, a whole HTTP client takes as much as the service does.
 */
export class KeepAliveClients {
  readonly #clients: Client[];

  private constructor(clients: Client[]) {
    this.#clients = clients;
  }

  static async open(
    url: string,
    count: number,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<KeepAliveClients> {
    const { hostname, port } = new URL(url);
    const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    return new KeepAliveClients(
      await Promise.all(
        Array.from({ length: count }, async () => {
          const socket = net.connect(Number(port), hostname);
          socket.setNoDelay();
          await once(socket, 'connect');
          return new Client(socket, more.join(''));
        }),
      ),
    );
  }

  /** @throws Error the answer is not 200, or the connection ended. */
  async post(path: string, body: unknown): Promise<string> {
    const client = this.#clients.pop();
    if (client === undefined) throw new Error('there are more callers than clients');
    const { status, text } = await client.post(path, JSON.stringify(body));
    this.#clients.push(client);
    if (status !== 200) throw new Error(text);
    return text;
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

class Client {
  readonly #socket: net.Socket;
  readonly #headers: string;
  #received: Buffer = Buffer.alloc(0);
  #settle: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;

  constructor(socket: net.Socket, headers: string) {
    this.#socket = socket;
    this.#headers = headers;
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', (error) => this.#settle?.reject(error));
    socket.on('close', () => this.#settle?.reject(new Error('the connection ended')));
  }

  post(path: string, body: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#socket.write(
        `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${this.#headers}` +
          `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Every answer here says how long it is. */
  #read(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const end = this.#received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.#received.toString('latin1', 0, end);
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1]);
    const whole = end + 4 + length;
    if (this.#received.length < whole) return;
    const text = this.#received.toString('utf8', end + 4, whole);
    this.#received = this.#received.subarray(whole);
    this.#settle?.resolve({ status: Number(head.slice(9, 12)), text });
  }
}

import { once } from 'node:events';
import http, { type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Recorder } from './recorder';

/** What `httpDelivery` waits for at most. */
export const TIMEOUT_SECONDS = 1;

/** Dead: connections break before they are answered. Slow: answers come when nobody waits any more. */
export type Mood = 'well' | 'dead' | 'slow' | 'nonsense';

interface Received {
  readonly id: string;
  readonly payload: { readonly content: number };
}

/** What is no answer, or none that makes sense: the timer is to come again. */
const NONSENSE: readonly ((response: ServerResponse) => void)[] = [
  (response) => response.end('<h1>It works!</h1>'),
  (response) => response.end('{"ok":"yes"}'),
  (response) => response.end(Buffer.from([0x7b, 0xff, 0xfe])),
  (response) => response.end('{"ok":true,"nextExecuteAt":"tomorrow"}'),
  (response) => response.writeHead(500).end('{"ok":true}'),
  (response) => response.socket?.end('220 mail.example ESMTP\r\n'),
];

/** Receives timers by HTTP. Whether it answers them well is up to its mood. The path says which delivery it is. */
export class MoodyReceiver {
  readonly #server: http.Server;
  mood: Mood = 'well';

  private constructor(server: http.Server) {
    this.#server = server;
  }

  static async open(recorder: Recorder): Promise<MoodyReceiver> {
    const server = http.createServer();
    const receiver = new MoodyReceiver(server);
    server.on('request', async (request, response) => {
      const timer = (await json(request).catch(() => undefined)) as Received | undefined;
      // Who sent it was killed meanwhile.
      if (timer === undefined) return;
      const { id, payload } = timer;
      const { content } = payload;
      const { mood } = receiver;
      const [, address = '', pid, number] = request.url?.split('/') ?? [];
      const key = { address, pid: Number(pid), number: Number(number) };
      recorder.arrived({ id, content, isRefused: mood !== 'well' }, key);
      switch (mood) {
        case 'well':
          await recorder.takeTime();
          recorder.noteAnswer(content);
          response.end();
          break;
        case 'dead':
          request.socket.destroy();
          break;
        case 'slow':
          await sleep(1500 * TIMEOUT_SECONDS);
          response.end();
          break;
        case 'nonsense':
          NONSENSE[content % NONSENSE.length]?.(response);
          break;
        default:
          mood satisfies never;
      }
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}

import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { Recorder } from '../../../test/chaos/recorder';

/** All processes of the service are one to the receiver, who cannot tell them apart. */
export const SERVICE = 'service';

/** A header says when a callback began, in whole seconds: it may have been so much later. */
export const BEGAN_WITHIN_MS = 999;

interface Callback {
  readonly id: string;
  readonly attempt: number;
  readonly payload: { readonly content: number };
}

/** Receives the callbacks of the service, tells the recorder, and refuses what that wants refused. */
export class CallbackReceiver {
  readonly #server: http.Server;

  private constructor(server: http.Server) {
    this.#server = server;
  }

  static async open(recorder: Recorder): Promise<CallbackReceiver> {
    const server = http.createServer();
    let number = 0;
    server.on('request', async (request, response) => {
      const callback = (await json(request).catch(() => undefined)) as Callback | undefined;
      // Who sent it was killed meanwhile.
      if (callback === undefined) return;
      const { id, attempt, payload } = callback;
      number++;
      // A process that was frozen sends it later than it began.
      const beganMs = Math.min(
        Date.now(),
        Number(request.headers['webhook-timestamp']) * 1000 + BEGAN_WITHIN_MS,
      );
      const delivery = { number, id, content: payload.content, attempt };
      const key = { address: SERVICE, pid: 0, number };
      const isRefused = await recorder.receive(delivery, key, beganMs);
      response.writeHead(isRefused ? 500 : 200).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new CallbackReceiver(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}

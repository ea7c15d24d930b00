import { once } from 'node:events';
import http from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { TimerClient } from '../../src/client';

const NAMESPACE = 'steady';
/** Of each kind. */
const CALLERS = 3;
/** Less than the processes go on to answer when they are told to stop: on each connection they are heard to. */
const PAUSE_MS = 20;
const DEATH_MS = 10_000;

const TIMER = {
  namespace: NAMESPACE,
  callbackUrl: 'http://127.0.0.1:1/',
  payload: { kept: true },
  retryPolicy: { maxAttempts: 1 },
};

/** Callers to whom nothing may fail while the processes are replaced in order: each says what has. */
export class SteadyCallers {
  readonly failures: string[] = [];
  /** Of the client, and of those that keep a connection and make no call twice. */
  readonly calls = { client: 0, 'keep-alive': 0 };
  readonly #url: string;
  readonly #client: TimerClient;

  constructor(url: string) {
    this.#url = url;
    this.#client = new TimerClient({ url });
  }

  async run(end: AbortSignal): Promise<void> {
    await Promise.all(
      Array.from({ length: CALLERS }, async (_, caller) => [
        await Promise.all([this.#callByClient(caller, end), this.#callByConnection(caller, end)]),
      ]),
    );
  }

  /** Each call of the client, and each state of a timer: what one process has written, any other one may answer for. */
  async #callByClient(caller: number, end: AbortSignal): Promise<void> {
    const client = this.#client;
    for (let round = 0; !end.aborted; round++) {
      const id = `client-${caller}-${round}`;
      const key = { namespace: NAMESPACE, timerId: id };
      const made = <T>(call: Promise<T>) => this.#made('client', call);
      await made(client.createTimer({ ...TIMER, id, executeAt: inAnHour() }));
      await made(client.getTimer(key));
      await made(client.updateTimer({ ...key, payload: { changed: round } }));
      const batch = [0, 1, 2].map((index) => ({
        ...TIMER,
        id: `${id}-${index}`,
        executeAt: new Date().toISOString(),
      }));
      await made(client.batchCreateTimers({ timers: batch }));
      await this.#expectDeath({ namespace: NAMESPACE, timerId: `${id}-0` }, made);
      await made(client.reviveTimer({ namespace: NAMESPACE, timerId: `${id}-0`, executeAt: inAnHour() }));
      await made(collect(client.iterateTimers({ namespace: NAMESPACE, idPrefix: id, limit: 1 })));
      await made(
        collect(
          client.iterateTimers({ namespace: NAMESPACE, executeAfter: new Date().toISOString(), limit: 2 }),
        ),
      );
      await made(client.exportTimers({ namespace: NAMESPACE, format: 'jsonl' }).then((body) => text(body)));
      await made(client.listNamespaces());
      await made(client.listShards());
      await made(client.deleteTimer(key));
      await made(client.deleteTimer({ namespace: NAMESPACE, timerId: `${id}-0` }));
      for (const index of [1, 2]) {
        const dead = { namespace: NAMESPACE, timerId: `${id}-${index}` };
        await this.#expectDeath(dead, made);
        await made(client.deleteDeadTimer(dead));
      }
    }
  }

  async #expectDeath(
    key: { readonly namespace: string; readonly timerId: string },
    made: <T>(call: Promise<T>) => Promise<T | undefined>,
  ): Promise<void> {
    for (const until = Date.now() + DEATH_MS; Date.now() < until; await sleep(PAUSE_MS)) {
      if ((await made(this.#client.getTimer(key)))?.state === 'dead') return;
    }
    this.failures.push(`${key.timerId} has not died in ${DEATH_MS} ms`);
  }

  async #callByConnection(caller: number, end: AbortSignal): Promise<void> {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const id = `connection-${caller}`;
    while (!end.aborted) {
      await this.#made('keep-alive', this.#post(agent, 'create', { ...TIMER, id, executeAt: inAnHour() }));
      await sleep(PAUSE_MS);
      await this.#made('keep-alive', this.#post(agent, 'get', { namespace: NAMESPACE, timerId: id }));
      await sleep(PAUSE_MS);
    }
    await this.#made('keep-alive', this.#post(agent, 'delete', { namespace: NAMESPACE, timerId: id }));
    agent.destroy();
  }

  async #post(agent: http.Agent, call: string, body: object): Promise<void> {
    const request = http.request(`${this.#url}/api/v1/timers/${call}`, {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/json' },
    });
    request.end(JSON.stringify(body));
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
    const said = await text(answer);
    if (![200, 204].includes(answer.statusCode ?? 0)) throw new Error(`${answer.statusCode}: ${said}`);
  }

  async #made<T>(kind: keyof typeof this.calls, call: Promise<T>): Promise<T | undefined> {
    this.calls[kind]++;
    try {
      return await call;
    } catch (error) {
      this.failures.push(`${kind} at ${new Date().toISOString()}: ${error}`);
      return undefined;
    }
  }
}

function inAnHour(): string {
  return new Date(Date.now() + 3_600_000).toISOString();
}

async function collect<T>(all: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const each of all) found.push(each);
  return found;
}

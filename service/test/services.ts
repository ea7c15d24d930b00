import type { LookupFunction } from 'node:net';
import pino from 'pino';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database';
import { loadSettings } from '../src/config/load-settings';
import type { Settings } from '../src/config/settings';
import { TimerService } from '../src/service';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asks for.
  readonly body: any;
}

/** Processes of the service, on a database of their own. */
export class Services {
  readonly lines: string[] = [];
  readonly #running: TimerService[] = [];

  private constructor(readonly database: TestDatabase) {}

  static async open(): Promise<Services> {
    return new Services(await createTestDatabase());
  }

  async start(settings: Partial<Settings> = {}, lookup?: LookupFunction): Promise<TestedService> {
    const all = loadSettings(
      undefined,
      {},
      {
        databaseUrl: this.database.storeUrl,
        address: `service-${this.#running.length}`,
        port: 0,
        shardCount: 8,
        databaseConnections: 5,
        drainDelay: '0s',
        allowPrivateAddresses: true,
        ...settings,
      },
    );
    const logger = pino({ level: 'debug' }, { write: (line: string) => void this.lines.push(line) });
    const service = await TimerService.start(all, logger, { lookup });
    this.#running.push(service);
    return new TestedService(service);
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.#running.map((service) => service.stop()));
  }

  async close(): Promise<void> {
    await this.stopAll();
    await this.database.drop();
  }
}

export class TestedService {
  /** Also once it no longer listens. */
  readonly url: string;

  constructor(readonly service: TimerService) {
    this.url = service.url;
  }

  /** A call of the API. A body that is a string is sent as it is. */
  async post(call: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.url}/api/v1/${call}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return await answerOf(response);
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return await answerOf(await fetch(this.url + path, { headers }));
  }
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = /^application\/json(;|$)/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? JSON.parse(text) : text,
  };
}

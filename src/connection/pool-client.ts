import { Client, type ClientBase, type PoolConfig } from 'pg';
import { columnParsers } from '../driver/column-parsers';
import type { SessionKind } from './addresses';
import { type Endpoint, type Endpoints, UnwantedSessionError } from './endpoints';

type Callback = (error?: unknown) => void;

/** The driver's client as its pool uses it. */
type CallbackClient = Omit<Client, 'connect'> & { connect(callback: Callback): void };
const DriverClient = Client as unknown as new (config: PoolConfig) => CallbackClient;

/** The setting that is on in each session which is not of the wanted kind. */
const UNWANTED_SETTING = { 'read-write': 'transaction_read_only', primary: 'in_hot_standby' } as const;

/** Makes the class of a pool's connections: each connects to the endpoint that is current when it is made. */
export function poolClientTo(endpoints: Endpoints, sessionKind: SessionKind): new () => ClientBase {
  class PoolClient extends DriverClient {
    readonly #endpoint: Endpoint;

    constructor(config: PoolConfig) {
      const endpoint = endpoints.current;
      // The pool has made the password not enumerable, so the spread leaves it out.
      super({ ...config, password: config.password, ...endpoint });
      this.#endpoint = endpoint;
    }

    override connect(callback: Callback): void {
      super.connect((error) => {
        if (error) {
          this.#fail(error, callback);
        } else if (sessionKind === 'any') {
          callback();
        } else {
          this.#checkSession(UNWANTED_SETTING[sessionKind], callback);
        }
      });
    }

    #checkSession(setting: string, callback: Callback): void {
      let loss: Error | undefined;
      const note = (error: Error) => {
        loss = error;
      };
      this.on('error', note);
      const text = `SHOW ${setting}`;
      this.query({ text, rowMode: 'array', types: columnParsers })
        .then(({ rows }) => {
          if (rows[0]?.[0] === 'on') {
            const { host, port } = this.#endpoint;
            throw new UnwantedSessionError(`${host}:${port} is not ${sessionKind}: ${setting} is on`);
          }
          return loss;
        })
        .catch((error: unknown) => error)
        .then((error) => {
          this.off('error', note);
          if (error === undefined) {
            callback();
          } else {
            this.#fail(error, callback);
          }
        });
    }

    #fail(error: unknown, callback: Callback): void {
      endpoints.leave(this.#endpoint, error);
      // A connection whose session was refused here is still open, and the pool would leave it open.
      this.end().catch(() => {});
      callback(error);
    }
  }
  return PoolClient as unknown as new () => ClientBase;
}

import { type buildConnector, type Dispatcher, Pool } from 'undici';
import { OriginLane } from './origin-lane';

/** Beyond so many, those that are idle are forgotten, the longest unused first. */
const MAX_ORIGINS = 1000;

/** The connections to one origin, and who may use them. */
export interface Origin {
  readonly pool: Dispatcher;
  readonly lane: OriginLane;
}

/** The origins that have been called. Their idle connections end by themselves, and keep no process from ending. */
export class Origins {
  readonly #maxPerOrigin: number;
  readonly #connect: buildConnector.connector;
  /** The longest unused first. */
  readonly #origins = new Map<string, Origin>();

  constructor(maxPerOrigin: number, connect: buildConnector.connector) {
    this.#maxPerOrigin = maxPerOrigin;
    this.#connect = connect;
  }

  /** @param name Such as `https://host:8443`. */
  get(name: string): Origin {
    let origin = this.#origins.get(name);
    if (origin === undefined) {
      this.#forgetOne();
      origin = {
        lane: new OriginLane(this.#maxPerOrigin),
        pool: new Pool(name, {
          connect: this.#connect,
          connections: this.#maxPerOrigin,
          // A delivery has a time-out of its own, for all that it does.
          headersTimeout: 0,
          bodyTimeout: 0,
        }),
      };
    } else {
      this.#origins.delete(name);
    }
    this.#origins.set(name, origin);
    return origin;
  }

  /** Ends all connections, also those in use. */
  async destroy(): Promise<void> {
    const pools = [...this.#origins.values()].map(({ pool }) => pool);
    this.#origins.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  #forgetOne(): void {
    if (this.#origins.size < MAX_ORIGINS) {
      return;
    }
    for (const [name, { lane, pool }] of this.#origins) {
      if (lane.isIdle) {
        this.#origins.delete(name);
        void pool.destroy();
        return;
      }
    }
  }
}

import { type Deliver, TimerEngine, type TimerEngineOptions } from '../../src/engine';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';

/** Engines of one test, on a database of their own. */
export class Engines {
  readonly #engines: TimerEngine[] = [];

  private constructor(readonly fixture: StoreFixture) {}

  static async open(): Promise<Engines> {
    return new Engines(await openStoreFixture());
  }

  async start(deliver: Deliver, options: Partial<TimerEngineOptions> = {}): Promise<TimerEngine> {
    const engine = await TimerEngine.start({
      store: this.fixture.store,
      shardCount: 4,
      address: 'host-a:7000',
      deliver,
      ...options,
    });
    this.#engines.push(engine);
    return engine;
  }

  /** How many timers are not settled. */
  async left(): Promise<number> {
    const { rows } = await this.fixture.direct.query(
      'SELECT count(*)::int AS count FROM timers WHERE row_type = 2',
    );
    return rows[0].count;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#engines.splice(0).map((engine) => engine.stop({ timeoutMs: 0 })));
  }

  async close(): Promise<void> {
    await this.stop();
    await this.fixture.close();
  }
}

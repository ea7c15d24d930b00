import type { LookupFunction } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import { PostgresTimerStore } from 'pg-timer-store';
import { PostgresMembership, TimerEngine } from 'pg-timer-store/engine';
import { instrumentTimers } from 'pg-timer-store/telemetry';
import { ApiKeys } from './access/api-keys';
import { Changes } from './changes';
import { ConfigError } from './config/config-error';
import { parseGoDuration } from './config/go-duration';
import { isLoopback } from './config/load-settings';
import type { Settings } from './config/settings';
import { Callbacks } from './delivery/callbacks';
import { Health } from './health';
import { type App, buildApp } from './http/app';
import { logEngineEvents } from './log-engine-events';
import { Metrics } from './metrics';

const LOOPBACK = '127.0.0.1';

/** So long, at most, a stop waits for calls that are under way, beside those of the database. */
const CALLS_END_MS = 1000;

export interface ServiceOptions {
  /** For tests. (Default: that of the operating system) */
  readonly lookup?: LookupFunction | undefined;
}

/** One process of the service. */
export class TimerService {
  readonly #settings: Settings;
  readonly #logger: FastifyBaseLogger;
  readonly #store: PostgresTimerStore;
  readonly #engine: TimerEngine;
  readonly #callbacks: Callbacks;
  readonly #keys: ApiKeys;
  readonly #metrics: Metrics;
  readonly #health: Health;
  readonly #app: App;
  readonly #stopLogging: () => void;
  readonly #stopObserving: () => void;
  #stopping: Promise<void> | undefined;

  private constructor(parts: {
    settings: Settings;
    logger: FastifyBaseLogger;
    store: PostgresTimerStore;
    engine: TimerEngine;
    callbacks: Callbacks;
    keys: ApiKeys;
    metrics: Metrics;
    health: Health;
    app: App;
    stopLogging: () => void;
    stopObserving: () => void;
  }) {
    this.#settings = parts.settings;
    this.#logger = parts.logger;
    this.#store = parts.store;
    this.#engine = parts.engine;
    this.#callbacks = parts.callbacks;
    this.#keys = parts.keys;
    this.#metrics = parts.metrics;
    this.#health = parts.health;
    this.#app = parts.app;
    this.#stopLogging = parts.stopLogging;
    this.#stopObserving = parts.stopObserving;
  }

  /**
   * Connects, claims what is to be this process's, and listens.
   *
   * @throws TimerStoreError the database cannot be used, or is not migrated.
   */
  static async start(
    settings: Settings,
    logger: FastifyBaseLogger,
    { lookup }: ServiceOptions = {},
  ): Promise<TimerService> {
    const keys = new ApiKeys(settings.apiKeys);
    const host = hostFor(settings, keys, logger);
    const address = settings.address ?? `${settings.host}:${settings.port}`;
    const metrics = new Metrics();
    const changes = new Changes();
    const callbacks = new Callbacks(settings, metrics, changes, lookup);
    const stopLogging = logEngineEvents(logger, changes);
    const telemetry = instrumentTimers();
    const undo: (() => Promise<unknown>)[] = [
      async () => stopLogging(),
      async () => metrics.close(),
      () => callbacks.close(),
    ];
    try {
      const store = await PostgresTimerStore.connect({
        ...(settings.databaseUrl !== undefined && { connectionString: settings.databaseUrl }),
        maxOpenConns: settings.databaseConnections,
        maxIdleConns: settings.databaseConnections,
        maxPayloadBytes: settings.maxTimerPayloadSizeInBytes,
        onUnreadableRow: ({ message }) => logger.error({ unreadable: message }, 'a row cannot be read'),
      });
      undo.unshift(() => store.close());
      const running: { engine?: TimerEngine } = {};
      const engineOf = () => running.engine as TimerEngine;
      const health = new Health(store, engineOf, address);
      const context = { settings, store, keys, metrics, health, changes };
      // Before the engine starts: to compile the schemas takes so long that a member would be taken for dead meanwhile.
      const app = await buildApp({ ...context, engineOf }, logger);
      undo.unshift(() => app.close());
      await app.ready();
      const engine = await TimerEngine.start({
        store,
        shardCount: settings.shardCount,
        address,
        membership: new PostgresMembership(store),
        deliver: callbacks.deliver,
        maxDeliveries: settings.callbackConcurrency,
      });
      undo.unshift(() => engine.stop());
      running.engine = engine;
      metrics.observe(engine);
      const stopObserving = telemetry.observe({ store, engine });
      undo.unshift(async () => stopObserving());
      await app.listen({ host, port: settings.port });
      return new TimerService({
        settings,
        logger,
        store,
        engine,
        callbacks,
        keys,
        metrics,
        health,
        app,
        stopLogging,
        stopObserving,
      });
    } catch (error) {
      for (const each of undo) {
        await each();
      }
      throw error;
    }
  }

  /** Such as `http://127.0.0.1:8080`. */
  get url(): string {
    const { address, port, family } = this.#app.addresses()[0] as {
      address: string;
      port: number;
      family: string;
    };
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  /**
   * Takes over keys and secrets for what begins from now on. Other keys of the configuration need another start.
   *
   * @throws ConfigError there would be no keys any longer, while everybody can reach this process.
   * @throws InvalidArgumentError a secret is none. Whatever is thrown, nothing has changed.
   */
  reload({ apiKeys, webhookSecrets }: Pick<Settings, 'apiKeys' | 'webhookSecrets'>): void {
    if (apiKeys.length === 0 && !this.#keys.isEmpty) {
      throw new ConfigError(['apiKeys: cannot become empty while the service runs']);
    }
    this.#callbacks.replaceSecrets(webhookSecrets);
    if (apiKeys.length > 0 && this.#keys.isEmpty) {
      this.#logger.warn(
        'apiKeys are asked for from now on; to listen to others than this machine, start again',
      );
    }
    this.#keys.replace(apiKeys);
  }

  /** Says that it is not ready, takes no more, finishes what is under way, and hands over. Idempotent. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    const { drainDelay, engineShutdownTimeout, databaseApiTimeout } = this.#settings;
    this.#logger.info('stops: not ready');
    this.#health.stop();
    await new Promise((resolve) => setTimeout(resolve, parseGoDuration(drainDelay)));
    this.#logger.info('stops: takes no more');
    const callsEnd = (parseGoDuration(databaseApiTimeout) as number) + CALLS_END_MS;
    const giveUp = setTimeout(() => this.#app.server.closeAllConnections(), callsEnd);
    await this.#app.close();
    clearTimeout(giveUp);
    this.#logger.info('stops: finishes deliveries, and hands over');
    await this.#engine.stop({ timeoutMs: parseGoDuration(engineShutdownTimeout) as number });
    await this.#callbacks.close();
    this.#stopObserving();
    await this.#store.close();
    this.#stopLogging();
    this.#metrics.close();
    this.#logger.info('stopped');
  }
}

function hostFor({ host }: Settings, keys: ApiKeys, logger: FastifyBaseLogger): string {
  if (!keys.isEmpty) {
    return host;
  }
  if (isLoopback(host)) {
    logger.warn(
      'there are no apiKeys: whoever reaches this address may do everything, so it is a loopback address',
    );
    return host;
  }
  logger.warn(
    { host },
    `there are no apiKeys: it listens on loopback only, ${LOOPBACK}, and not on the host that is configured`,
  );
  return LOOPBACK;
}

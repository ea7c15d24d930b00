import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { EngineEvent, TimerEngine } from 'pg-timer-store/engine';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LATENESS = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5, 30, 300];

/** What Prometheus is told. Labels have few values: none is an id, and namespaces are not among them. */
export class Metrics {
  readonly registry = new Registry();
  readonly calls = new Histogram({
    name: 'pg_timer_http_request_duration_seconds',
    help: 'Calls of the API, by route and status.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: SECONDS,
    registers: [this.registry],
  });
  readonly deliveries = new Histogram({
    name: 'pg_timer_delivery_duration_seconds',
    help: 'Deliveries, by what became of them: delivered, again (fires again later), failed, refused, postponed, aborted.',
    labelNames: ['outcome'] as const,
    buckets: SECONDS,
    registers: [this.registry],
  });
  readonly lateness = new Histogram({
    name: 'pg_timer_delivery_lateness_seconds',
    help: 'Between the time a delivery was due and its beginning.',
    buckets: LATENESS,
    registers: [this.registry],
  });
  readonly refusals = new Counter({
    name: 'pg_timer_http_refusals_total',
    help: 'Calls that were refused before they were looked at, by the code of the error.',
    labelNames: ['code'] as const,
    registers: [this.registry],
  });
  readonly #events = new Counter({
    name: 'pg_timer_engine_events_total',
    help: 'What the engine did by itself, by the type of its event.',
    labelNames: ['type'] as const,
    registers: [this.registry],
  });
  readonly #retries = new Counter({
    name: 'pg_timer_store_retries_total',
    help: 'Statements that are sent again since the database could not do them.',
    registers: [this.registry],
  });
  readonly #onEvent = (event: unknown) => this.#events.inc({ type: (event as EngineEvent).type });
  readonly #onRetry = () => this.#retries.inc();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    // To Prometheus, what is first seen as 1 has not increased.
    this.#events.inc({ type: 'timer-died' satisfies EngineEvent['type'] }, 0);
    subscribe('pg-timer-store:engine', this.#onEvent);
    subscribe('pg-timer-store:retry', this.#onRetry);
  }

  /** Reads the engine whenever somebody asks. */
  observe(engine: TimerEngine): void {
    const gauges: readonly (readonly [name: string, help: string, value: () => number])[] = [
      ['pg_timer_members', 'Processes that live.', () => engine.status.members.length],
      ['pg_timer_shards_owned', 'Shards of this process.', () => engine.status.shards.length],
      ['pg_timer_loaded', 'Timers in memory.', () => engine.status.loaded],
      ['pg_timer_under_way', 'Deliveries under way.', () => engine.status.underWay],
      ['pg_timer_settled', 'Deliveries that were settled since the start.', () => engine.status.settled],
      [
        'pg_timer_oldest_lateness_seconds',
        'How late the oldest timer is that waits in memory.',
        () => engine.status.oldestLatenessMs / 1000,
      ],
    ];
    for (const [name, help, value] of gauges) {
      new Gauge({
        name,
        help,
        registers: [this.registry],
        collect() {
          this.set(value());
        },
      });
    }
  }

  close(): void {
    unsubscribe('pg-timer-store:engine', this.#onEvent);
    unsubscribe('pg-timer-store:retry', this.#onRetry);
    this.registry.clear();
  }
}

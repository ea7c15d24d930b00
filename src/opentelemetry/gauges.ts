import type { Attributes, BatchObservableResult, Meter } from '@opentelemetry/api';
import type { EngineStatus } from '../engine/timer-engine';
import { readBacklogs, totalsOf } from '../postgres/backlogs';
import type { PostgresTimerStore } from '../postgres/postgres-timer-store';
import { type StoreVitals, vitalsOf } from '../postgres/store-vitals';
import type { ServerInfo } from '../telemetry/instrument';
import { ATTRIBUTE, METRIC } from './names';

/** Timers of a shard that are counted, at most: an export is to cost the server little, whatever has piled up. */
const MAX_COUNTED = 1000;

/** Exports come every few seconds. One that finds the server silent goes without a backlog. */
const BACKLOG_TIMEOUT_MS = 5000;

/** What gauges are made of. */
export interface Observed {
  /** For its pool, and its queue of writes. */
  readonly store?: PostgresTimerStore | undefined;
  /** For what it has under way; and, beside its store, for the backlog of its shards. */
  readonly engine?: { readonly status: EngineStatus } | undefined;
}

/** Gauges, read when metrics are exported. */
export class Gauges {
  readonly #meter: Meter;
  readonly #connections;
  readonly #maxConnections;
  readonly #pendingRequests;
  readonly #queuedWrites;
  readonly #timers;
  readonly #shards;
  readonly #members;
  readonly #oldestLateness;
  readonly #backlog;

  constructor(meter: Meter) {
    this.#meter = meter;
    const upDown = (name: string, description: string, unit: string) =>
      meter.createObservableUpDownCounter(name, { description, unit });
    this.#connections = upDown(METRIC.connections, 'Connections of the pool.', '{connection}');
    this.#maxConnections = upDown(METRIC.maxConnections, 'Connections, at most.', '{connection}');
    this.#pendingRequests = upDown(METRIC.pendingRequests, 'Callers that wait for one.', '{request}');
    this.#queuedWrites = upDown(METRIC.queuedWrites, 'Calls that wait to share a statement.', '{call}');
    this.#timers = upDown(METRIC.engineTimers, 'Timers in memory, by what they are waiting for.', '{timer}');
    this.#shards = upDown(METRIC.engineShards, 'Shards that this process owns.', '{shard}');
    this.#members = meter.createObservableGauge(METRIC.engineMembers, {
      description: 'Processes that live, as this one knows. 0: it may be taken for dead.',
      unit: '{process}',
    });
    this.#oldestLateness = meter.createObservableGauge(METRIC.oldestLateness, {
      description: 'How late the oldest timer is that waits in memory.',
      unit: 's',
    });
    this.#backlog = upDown(
      METRIC.backlog,
      `Timers in the database of the shards that this process owns, counted up to ${MAX_COUNTED} a shard.`,
      '{timer}',
    );
  }

  /** @throws InvalidArgumentError the store is no `PostgresTimerStore`. */
  observe({ store, engine }: Observed): () => void {
    const vitals = store === undefined ? undefined : vitalsOf('observed.store', store);
    const callback = async (result: BatchObservableResult) => {
      if (vitals !== undefined) {
        this.#observeStore(result, vitals());
      }
      if (engine !== undefined) {
        this.#observeEngine(result, engine.status);
      }
      if (store !== undefined && engine !== undefined) {
        await this.#observeBacklog(result, store, engine.status);
      }
    };
    const instruments = [
      ...(vitals === undefined
        ? []
        : [this.#connections, this.#maxConnections, this.#pendingRequests, this.#queuedWrites]),
      ...(engine === undefined ? [] : [this.#timers, this.#shards, this.#members, this.#oldestLateness]),
      ...(vitals === undefined || engine === undefined ? [] : [this.#backlog]),
    ];
    this.#meter.addBatchObservableCallback(callback, instruments);
    return () => this.#meter.removeBatchObservableCallback(callback, instruments);
  }

  #observeStore(result: BatchObservableResult, vitals: StoreVitals): void {
    const { connections, waiting, queuedWrites, server } = vitals;
    const pool: Attributes = { [ATTRIBUTE.poolName]: poolName(server) };
    for (const state of ['idle', 'used'] as const) {
      result.observe(this.#connections, connections[state], { ...pool, [ATTRIBUTE.connectionState]: state });
    }
    if (connections.max !== undefined) {
      result.observe(this.#maxConnections, connections.max, pool);
    }
    result.observe(this.#pendingRequests, waiting, pool);
    result.observe(this.#queuedWrites, queuedWrites, pool);
  }

  #observeEngine(result: BatchObservableResult, status: EngineStatus): void {
    const { loaded, underWay, shards, members, oldestLatenessMs } = status;
    result.observe(this.#timers, underWay, { [ATTRIBUTE.timerState]: 'under_way' });
    result.observe(this.#timers, loaded - underWay, { [ATTRIBUTE.timerState]: 'waiting' });
    result.observe(this.#shards, shards.length);
    result.observe(this.#members, members.length);
    result.observe(this.#oldestLateness, oldestLatenessMs / 1000);
  }

  /** Of which nothing is told while the server cannot be asked: that shows in the calls that fail. */
  async #observeBacklog(
    result: BatchObservableResult,
    store: PostgresTimerStore,
    status: EngineStatus,
  ): Promise<void> {
    const shardIds = status.shards.map(({ shardId }) => shardId);
    const options = { signal: AbortSignal.timeout(BACKLOG_TIMEOUT_MS), timeoutMs: BACKLOG_TIMEOUT_MS };
    const backlogs = await readBacklogs(store, shardIds, MAX_COUNTED, options).catch(() => undefined);
    if (backlogs !== undefined) {
      const { backlog, due, dead } = totalsOf(backlogs.shards);
      for (const [state, count] of Object.entries({ pending: backlog - due, due, dead })) {
        result.observe(this.#backlog, count, { [ATTRIBUTE.timerState]: state });
      }
    }
  }
}

function poolName({ address, port, database }: ServerInfo): string {
  const server = address === undefined ? '' : `${address}:${port ?? 5432}/`;
  return `${server}${database ?? 'timers'}`;
}

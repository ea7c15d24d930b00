import type { Attributes, Histogram, Meter } from '@opentelemetry/api';
import type { BatchEvent } from '../telemetry/batch-channel';
import type { EngineEvent } from '../telemetry/engine-channel';
import type { RetryEvent } from '../telemetry/retry-channel';
import { errorType } from './error-attributes';
import { ATTRIBUTE, MESSAGING_SYSTEM, METRIC } from './names';

/** Seconds; those of the semantic conventions. */
const CALL_BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];
const MESSAGING_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const LATENESS_BUCKETS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 300, 3600,
];
const BATCH_BUCKETS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

/** Begun at 0: of a counter that begins at 1, Prometheus does not tell that it has risen. */
const COUNTED_FROM_START = [
  'timer-died',
  'shard-lost',
  'shard-handed-over',
  'membership-lost',
  'read-failed',
  'settlement-failed',
  'delivery-failed',
] as const satisfies readonly EngineEvent['type'][];

/** Histograms and counters. */
export class Meters {
  readonly #callDuration: Histogram;
  readonly #scheduleDuration: Histogram;
  readonly #deliveryDuration: Histogram;
  readonly #lateness: Histogram;
  readonly #batchSize: Histogram;
  readonly #fencedWrites;
  readonly #unknownOutcomes;
  readonly #retries;
  readonly #engineEvents;

  constructor(meter: Meter) {
    const histogram = (name: string, description: string, unit: string, explicitBucketBoundaries: number[]) =>
      meter.createHistogram(name, { description, unit, advice: { explicitBucketBoundaries } });
    this.#callDuration = histogram(METRIC.callDuration, 'Calls of a store.', 's', CALL_BUCKETS);
    this.#scheduleDuration = histogram(
      METRIC.scheduleDuration,
      'Calls of schedule and scheduleMany of an engine.',
      's',
      MESSAGING_BUCKETS,
    );
    this.#deliveryDuration = histogram(METRIC.deliveryDuration, 'Deliveries.', 's', MESSAGING_BUCKETS);
    this.#lateness = histogram(
      METRIC.lateness,
      'From the time of an attempt to its beginning.',
      's',
      LATENESS_BUCKETS,
    );
    this.#batchSize = histogram(METRIC.batchSize, 'Timers of a statement.', '{timer}', BATCH_BUCKETS);
    this.#fencedWrites = meter.createCounter(METRIC.fencedWrites, {
      description: 'Writes that were refused since another process has claimed the shard.',
      unit: '{write}',
    });
    this.#unknownOutcomes = meter.createCounter(METRIC.unknownOutcomes, {
      description: 'Writes that may or may not have been applied.',
      unit: '{write}',
    });
    this.#retries = meter.createCounter(METRIC.retries, {
      description: 'Further attempts of calls that the server could not do for now.',
      unit: '{attempt}',
    });
    this.#engineEvents = meter.createCounter(METRIC.engineEvents, {
      description: 'What engines do by themselves: claims, hand-overs, losses, failures, deaths of timers.',
      unit: '{event}',
    });
    this.#unknownOutcomes.add(0);
    for (const event of COUNTED_FROM_START) {
      this.#engineEvents.add(0, { [ATTRIBUTE.engineEvent]: event });
    }
  }

  call(operation: string, seconds: number, error?: unknown): void {
    this.#callDuration.record(seconds, {
      [ATTRIBUTE.dbSystem]: 'postgresql',
      [ATTRIBUTE.dbOperation]: operation,
      ...(error !== undefined && { [ATTRIBUTE.errorType]: errorType(error) }),
    });
    if ((error as { code?: unknown } | undefined)?.code === 'OUTCOME_UNKNOWN') {
      this.#unknownOutcomes.add(1);
    }
  }

  fenced(operation: string, writes: number): void {
    this.#fencedWrites.add(writes, { [ATTRIBUTE.dbOperation]: operation });
  }

  schedule(seconds: number, error?: unknown): void {
    this.#scheduleDuration.record(seconds, messaging('schedule', 'send', error));
  }

  deliver(seconds: number, latenessMs: number, error?: unknown): void {
    this.#deliveryDuration.record(seconds, messaging('deliver', 'process', error));
    this.#lateness.record(Math.max(0, latenessMs / 1000));
  }

  readonly onBatch = (event: unknown): void => {
    const { operation, timers } = event as BatchEvent;
    this.#batchSize.record(timers, { [ATTRIBUTE.dbOperation]: operation });
  };

  readonly onRetry = (event: unknown): void => {
    this.#retries.add(1, { [ATTRIBUTE.dbOperation]: (event as RetryEvent).operation });
  };

  readonly onEngineEvent = (event: unknown): void => {
    this.#engineEvents.add(1, { [ATTRIBUTE.engineEvent]: (event as EngineEvent).type });
  };
}

function messaging(operation: string, type: string, error: unknown): Attributes {
  return {
    [ATTRIBUTE.messagingSystem]: MESSAGING_SYSTEM,
    [ATTRIBUTE.messagingOperation]: operation,
    [ATTRIBUTE.messagingOperationType]: type,
    ...(error !== undefined && { [ATTRIBUTE.errorType]: errorType(error) }),
  };
}

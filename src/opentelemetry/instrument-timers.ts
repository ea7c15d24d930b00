import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import {
  createNoopMeter,
  diag,
  type Meter,
  metrics,
  ProxyTracerProvider,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { setInstrument } from '../telemetry/instrument';
import { Gauges, type Observed } from './gauges';
import { Meters } from './meters';
import { OpenTelemetryInstrument } from './open-telemetry-instrument';
import { Spans } from './spans';

const SCOPE = 'pg-timer-store';

/** What {@link instrumentTimers} has begun. */
export interface TimerInstrumentation {
  /**
   * Adds gauges, which are read when metrics are exported.
   *
   * @returns what takes them away again.
   * @throws InvalidArgumentError the store is no `PostgresTimerStore`.
   */
  observe(observed: Observed): () => void;
  /** Ends all of it. */
  stop(): void;
}

let current: TimerInstrumentation | undefined;

/**
 * Makes spans and metrics of all stores and engines of this process by OpenTelemetry, as docs/observability.md says: to the
 * tracer and the meter provider that are registered globally. Call it once the SDK has started: what has no provider by then
 * is left out, and costs nothing. Called again, it returns the same.
 *
 * @example
 * const telemetry = instrumentTimers();
 * telemetry.observe({ store, engine });
 */
export function instrumentTimers(): TimerInstrumentation {
  current ??= begin();
  return current;
}

function begin(): TimerInstrumentation {
  const tracer = findTracer();
  const meter = findMeter();
  if (tracer === undefined && meter === undefined) {
    diag.warn(
      'instrumentTimers of pg-timer-store finds no provider: call it once the SDK of OpenTelemetry has started',
    );
  }
  const meters = meter && new Meters(meter);
  const gauges = meter && new Gauges(meter);
  const subscriptions = Object.entries({
    'pg-timer-store:batch': meters?.onBatch,
    'pg-timer-store:engine': meters?.onEngineEvent,
    'pg-timer-store:retry': meters?.onRetry,
  });
  const stops = new Set<() => void>();
  for (const [name, listener] of subscriptions) {
    if (listener !== undefined) {
      subscribe(name, listener);
      stops.add(() => unsubscribe(name, listener));
    }
  }
  if (tracer !== undefined || meters !== undefined) {
    setInstrument(new OpenTelemetryInstrument(tracer && new Spans(tracer), meters));
  }
  return {
    observe(observed) {
      const stop = gauges?.observe(observed) ?? (() => {});
      stops.add(stop);
      return () => {
        stops.delete(stop);
        stop();
      };
    },
    stop() {
      setInstrument(undefined);
      for (const stop of stops) {
        stop();
      }
      stops.clear();
      current = undefined;
    },
  };
}

/** The global provider is a proxy, which knows whether there is one behind it. */
function findTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  return provider instanceof ProxyTracerProvider
    ? provider.getDelegateTracer(SCOPE)
    : provider.getTracer(SCOPE);
}

function findMeter(): Meter | undefined {
  const meter = metrics.getMeter(SCOPE);
  return meter.constructor === createNoopMeter().constructor ? undefined : meter;
}

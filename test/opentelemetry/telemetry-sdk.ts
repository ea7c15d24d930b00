import { context, metrics, propagation, trace } from '@opentelemetry/api';
import {
  AggregationTemporality,
  type DataPoint,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  type Sampler,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';

/** The SDK of OpenTelemetry, which keeps in memory what it is told. */
export class TelemetrySdk {
  readonly #spans = new InMemorySpanExporter();
  readonly #metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  readonly #tracerProvider: NodeTracerProvider;
  readonly #meterProvider: MeterProvider;

  constructor(sampler?: Sampler) {
    this.#tracerProvider = new NodeTracerProvider({
      ...(sampler && { sampler }),
      spanProcessors: [new SimpleSpanProcessor(this.#spans)],
    });
    this.#tracerProvider.register();
    this.#meterProvider = new MeterProvider({
      readers: [
        // It is asked, and never goes by time.
        new PeriodicExportingMetricReader({ exporter: this.#metrics, exportIntervalMillis: 2 ** 31 - 1 }),
      ],
    });
    metrics.setGlobalMeterProvider(this.#meterProvider);
  }

  /** Those that have ended, by the order of their ends. */
  spans(name?: string): ReadableSpan[] {
    return this.#spans.getFinishedSpans().filter((span) => name === undefined || span.name === name);
  }

  /** The values of a metric by now: of a histogram, how many were recorded, and their sum. */
  async values(name: string): Promise<{ attributes: object; value: number; sum?: number }[]> {
    this.#metrics.reset();
    await this.#meterProvider.forceFlush();
    const all = this.#metrics
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
    const points = all
      .filter(({ descriptor }) => descriptor.name === name)
      .flatMap(({ dataPoints }) => dataPoints as DataPoint<number | Histogram>[]);
    return points.map(({ attributes, value }) =>
      typeof value === 'number'
        ? { attributes, value }
        : { attributes, value: value.count, sum: value.sum ?? Number.NaN },
    );
  }

  /** As a process is that has none. */
  async close(): Promise<void> {
    trace.disable();
    metrics.disable();
    context.disable();
    propagation.disable();
    await Promise.all([this.#tracerProvider.shutdown(), this.#meterProvider.shutdown()]);
  }
}

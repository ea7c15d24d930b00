/**
 * From a request to the delivery that it has scheduled, by OpenTelemetry; and metrics for Prometheus.
 *
 *   DATABASE_URL=postgres://… npx tsx examples/opentelemetry/opentelemetry.mts
 */
import { EventEmitter, once } from 'node:events';
import { metrics, trace } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { PostgresTimerStore } from 'pg-timer-store';
import { TimerEngine } from 'pg-timer-store/engine';
import { instrumentTimers } from 'pg-timer-store/telemetry';

// In a service, a collector takes the spans: an OTLPTraceExporter in a BatchSpanProcessor.
const spans = new InMemorySpanExporter();
const tracing = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
tracing.register();
// Prometheus scrapes http://127.0.0.1:9464/metrics; here, port 0 is any that is free, and the text is asked for below.
const prometheus = new PrometheusExporter({ host: '127.0.0.1', port: 0 });
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [prometheus] }));
// Once the SDK is there, and before the engine starts.
const telemetry = instrumentTimers();

const delivered = new EventEmitter();
const store = await PostgresTimerStore.connect(process.env['DATABASE_URL']);
const engine = await TimerEngine.start({
  store,
  shardCount: 64,
  address: 'opentelemetry',
  deliver: async ({ id }) => void setImmediate(() => delivered.emit(id)),
});
telemetry.observe({ store, engine });

await trace.getTracer('shop').startActiveSpan('POST /orders', async (span) => {
  await engine.schedule({ id: 'order-42', namespace: 'reminders', executeAt: new Date() });
  span.end();
});
await once(delivered, 'order-42');

const [request, schedule, deliver] = ['POST /orders', 'schedule', 'deliver'].map((name) =>
  spans.getFinishedSpans().find((span) => span.name === name),
);
const link = deliver?.links[0]?.context;
console.log(
  `schedule is a part of the request: ${schedule?.parentSpanContext?.spanId === request?.spanContext().spanId}`,
);
console.log(`the delivery links to it: ${link?.spanId === schedule?.spanContext().spanId}`);

const { resourceMetrics } = await prometheus.collect();
for (const { descriptor } of resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics)) {
  console.log(descriptor.name);
}
await engine.stop();
await store.close();
await prometheus.shutdown();

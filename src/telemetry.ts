export type { Observed } from './opentelemetry/gauges';
export { instrumentTimers, type TimerInstrumentation } from './opentelemetry/instrument-timers';
export type { BatchEvent } from './telemetry/batch-channel';

import { isSpanContextValid, type SpanContext, TraceFlags, trace } from '@opentelemetry/api';

/** That of the active span; null: there is none, or it is not sampled, so that nobody could follow a link to it. */
export function activeTraceparent(): string | null {
  const active = trace.getActiveSpan()?.spanContext();
  if (active === undefined || !isSpanContextValid(active) || !(active.traceFlags & TraceFlags.SAMPLED)) {
    return null;
  }
  return `00-${active.traceId}-${active.spanId}-01`;
}

/** @param traceparent of version 00, as the store keeps it. */
export function parseTraceparent(traceparent: string): SpanContext {
  const [, traceId = '', spanId = '', flags = '00'] = traceparent.split('-');
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}

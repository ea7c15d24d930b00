import { context, propagation, trace } from '@opentelemetry/api';
import type { App } from './app';

/**
 * Lets what a call does belong to the trace of whoever makes it, unless an instrumentation of HTTP has seen to that. Without
 * an SDK, the API does nothing here.
 */
export function addTraceContext(app: App): void {
  // Not before the body is there: what reads it continues where its socket began.
  app.addHook('preHandler', (request, _reply, done) => {
    const active = context.active();
    if (trace.getSpan(active) !== undefined) {
      done();
    } else {
      context.with(propagation.extract(active, request.headers), done);
    }
  });
}

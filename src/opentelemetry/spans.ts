import {
  type Attributes,
  context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { CallInfo, DeliveryInfo, ScheduleInfo, ServerInfo } from '../telemetry/instrument';
import { errorAttributes } from './error-attributes';
import { ATTRIBUTE, MESSAGING_SYSTEM } from './names';
import { parseTraceparent } from './traceparent';

/**
 * What engines and members ask, and metrics are made of, again and again, by themselves: as traces of their own they would bury all
 * others. Within a trace of somebody else they are told.
 */
const REPEATED = new Set([
  'readDueTimers',
  'announceDueTimers',
  'listenForDueTimers',
  'beat',
  'readBacklogs',
]);

/** Spans of calls and deliveries. Each runs what it is given with its span as the active one. */
export class Spans {
  readonly #tracer: Tracer;
  readonly #attributesOf = new WeakMap<ServerInfo, Attributes>();

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  async call<T>({ operation, server }: CallInfo, run: () => Promise<T>): Promise<T> {
    if (REPEATED.has(operation) && trace.getActiveSpan() === undefined) {
      return await run();
    }
    const attributes = { ...this.#serverAttributes(server), [ATTRIBUTE.dbOperation]: operation };
    const span = this.#tracer.startSpan(`${operation} timers`, { kind: SpanKind.CLIENT, attributes });
    return await runWithin(span, run);
  }

  async schedule<T>({ timer, count }: ScheduleInfo, run: () => Promise<T>): Promise<T> {
    const { id, namespace } = (timer ?? {}) as { readonly id?: unknown; readonly namespace?: unknown };
    const attributes = {
      ...messaging('schedule', 'send'),
      ...(typeof namespace === 'string' && { [ATTRIBUTE.destination]: namespace }),
      ...(typeof id === 'string' && { [ATTRIBUTE.messageId]: id }),
      ...(timer === undefined && { [ATTRIBUTE.messageCount]: count }),
    };
    const span = this.#tracer.startSpan('schedule', { kind: SpanKind.PRODUCER, attributes });
    return await runWithin(span, run);
  }

  /** A trace of its own, which may come years after the one that it links to. */
  async deliver<T>(delivery: DeliveryInfo, run: () => Promise<T>): Promise<T> {
    const { shardId, namespace, id, attempt, latenessMs, traceparent } = delivery;
    const attributes = {
      ...messaging('deliver', 'process'),
      [ATTRIBUTE.destination]: namespace,
      [ATTRIBUTE.partition]: String(shardId),
      [ATTRIBUTE.messageId]: id,
      [ATTRIBUTE.attempt]: attempt,
      [ATTRIBUTE.lateness]: latenessMs / 1000,
    };
    const links: Link[] = traceparent === null ? [] : [{ context: parseTraceparent(traceparent) }];
    const span = this.#tracer.startSpan(
      'deliver',
      { kind: SpanKind.CONSUMER, attributes, links },
      ROOT_CONTEXT,
    );
    return await runWithin(span, run, ROOT_CONTEXT);
  }

  #serverAttributes(server: ServerInfo): Attributes {
    let attributes = this.#attributesOf.get(server);
    if (attributes === undefined) {
      attributes = {
        [ATTRIBUTE.dbSystem]: 'postgresql',
        [ATTRIBUTE.collection]: 'timers',
        ...(server.database !== undefined && { [ATTRIBUTE.database]: server.database }),
        ...(server.address !== undefined && { [ATTRIBUTE.serverAddress]: server.address }),
        ...(server.port !== undefined && { [ATTRIBUTE.serverPort]: server.port }),
      };
      this.#attributesOf.set(server, attributes);
    }
    return attributes;
  }
}

function messaging(operation: string, type: string): Attributes {
  return {
    [ATTRIBUTE.messagingSystem]: MESSAGING_SYSTEM,
    [ATTRIBUTE.messagingOperation]: operation,
    [ATTRIBUTE.messagingOperationType]: type,
  };
}

async function runWithin<T>(span: Span, run: () => Promise<T>, parent = context.active()): Promise<T> {
  try {
    return await context.with(trace.setSpan(parent, span), run);
  } catch (error) {
    span.setAttributes(errorAttributes(error));
    // A delivery that did not begin has not failed.
    if ((error as { code?: unknown } | null)?.code !== 'DELIVERY_POSTPONED') {
      // Messages of a handler's errors may show what no trace is to have: the code says enough.
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    throw error;
  } finally {
    span.end();
  }
}

import { channel } from 'node:diagnostics_channel';
import { context, propagation } from '@opentelemetry/api';
import { ShardConditionFailedError } from '../contract/errors';
import type { CallInfo, DeliveryInfo, Instrument, ScheduleInfo } from '../telemetry/instrument';
import type { Meters } from './meters';
import type { Spans } from './spans';
import { activeTraceparent } from './traceparent';

/** Whoever instruments undici listens here, and adds headers of its own: two of a kind would be none. */
const undiciRequests = channel('undici:request:create');

/** Makes spans and metrics, as far as there is an SDK for them. */
export class OpenTelemetryInstrument implements Instrument {
  readonly #spans: Spans | undefined;
  readonly #meters: Meters | undefined;

  constructor(spans: Spans | undefined, meters: Meters | undefined) {
    this.#spans = spans;
    this.#meters = meters;
  }

  async call<T>(call: CallInfo, run: () => Promise<T>): Promise<T> {
    const { operation } = call;
    const beganAt = performance.now();
    try {
      const result = await (this.#spans?.call(call, run) ?? run());
      this.#meters?.call(operation, secondsSince(beganAt));
      const fenced = refusedIn(operation, result);
      if (fenced > 0) {
        this.#meters?.fenced(operation, fenced);
      }
      return result;
    } catch (error) {
      this.#meters?.call(operation, secondsSince(beganAt), error);
      if (error instanceof ShardConditionFailedError) {
        this.#meters?.fenced(operation, 1);
      }
      throw error;
    }
  }

  async schedule<T>(schedule: ScheduleInfo, run: () => Promise<T>): Promise<T> {
    const beganAt = performance.now();
    try {
      const result = await (this.#spans?.schedule(schedule, run) ?? run());
      this.#meters?.schedule(secondsSince(beganAt));
      return result;
    } catch (error) {
      this.#meters?.schedule(secondsSince(beganAt), error);
      throw error;
    }
  }

  async deliver<T>(delivery: DeliveryInfo, run: () => Promise<T>): Promise<T> {
    const beganAt = performance.now();
    const { latenessMs } = delivery;
    try {
      const result = await (this.#spans?.deliver(delivery, run) ?? run());
      this.#meters?.deliver(secondsSince(beganAt), latenessMs);
      return result;
    } catch (error) {
      this.#meters?.deliver(secondsSince(beganAt), latenessMs, error);
      throw error;
    }
  }

  traceparent(): string | null {
    return activeTraceparent();
  }

  headers(): string[] {
    if (undiciRequests.hasSubscribers) {
      return [];
    }
    const headers: Record<string, string> = {};
    propagation.inject(context.active(), headers);
    return Object.entries(headers).flat();
  }
}

function secondsSince(beganAt: number): number {
  return (performance.now() - beganAt) / 1000;
}

/** How many writes a call was refused that says so by its result. */
function refusedIn(operation: string, result: unknown): number {
  switch (operation) {
    case 'settleTimers':
      return (result as readonly unknown[]).filter((each) => each === 'lost').length;
    case 'createTimersOfShards':
      return (result as readonly unknown[]).filter((each) => each instanceof ShardConditionFailedError)
        .length;
    default:
      return 0;
  }
}

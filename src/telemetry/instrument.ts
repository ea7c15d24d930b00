/** A call of a store, as it begins. */
export interface CallInfo {
  /** The store method. */
  readonly operation: string;
  /** The server that it is made to: one object for each store. */
  readonly server: ServerInfo;
}

/** Where a store has its timers, as far as its pool says. */
export interface ServerInfo {
  readonly address: string | undefined;
  readonly port: number | undefined;
  readonly database: string | undefined;
}

/** Timers that an engine is told to fire. */
export interface ScheduleInfo {
  /** Not checked yet. */
  readonly count: number;
  /** The timer itself where it is one, not checked yet either. */
  readonly timer: unknown;
}

/** A delivery, as it begins. */
export interface DeliveryInfo {
  readonly shardId: number;
  readonly namespace: string;
  readonly id: string;
  /** 1 for the first. */
  readonly attempt: number;
  /** After the time of this attempt. */
  readonly latenessMs: number;
  /** The trace context in which the timer was created. */
  readonly traceparent: string | null;
}

/** What makes spans and metrics of what this library does. Each method runs what it is given, once, and ends as that does. */
export interface Instrument {
  call<T>(call: CallInfo, run: () => Promise<T>): Promise<T>;
  schedule<T>(schedule: ScheduleInfo, run: () => Promise<T>): Promise<T>;
  deliver<T>(delivery: DeliveryInfo, run: () => Promise<T>): Promise<T>;
  /** That of the active span, for a timer to keep; null: there is none, or it is not sampled. */
  traceparent(): string | null;
  /** Names and values by turns, by which the receiver of a request goes on with the trace of the active span. */
  headers(): string[];
}

let current: Instrument | undefined;

/** Undefined: nobody wants to know, which is to cost next to nothing. */
export function instrument(): Instrument | undefined {
  return current;
}

/** What a timer keeps that is created now. */
export function activeTraceparent(): string | null {
  return current?.traceparent() ?? null;
}

export function setInstrument(next: Instrument | undefined): void {
  current = next;
}

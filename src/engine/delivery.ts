import { InvalidArgumentError } from '../contract/errors';
import { show } from '../contract/scalars';
import type { JsonValue, Timer } from '../contract/types';

/** What a delivery is told beside its timer. */
export interface DeliveryContext {
  /** Fires when the delivery has become another process's business, or this process stops. */
  readonly signal: AbortSignal;
  /** 1 for the first, one more for each that failed. One that never ended, as its process died, comes again with its number. */
  readonly attempt: number;
  /** The time that the timer was scheduled for: the same over all attempts. */
  readonly dueAt: Date;
  /** When this attempt began, by the server's clock. */
  readonly beganAt: Date;
}

/** Fire again then: a recurring timer. */
export interface DeliveryResult<P = JsonValue> {
  /** A time that has passed is due at once. */
  readonly nextExecuteAt: Date;
  /** (Default: the payload stays) */
  readonly payload?: P;
}

/**
 * Delivers a timer. What resolves is done; what rejects is tried again, unless it is a {@link PermanentDeliveryError}.
 *
 * @typeParam D the payload as it is delivered: what the engine's `payloadSchema` has made of it.
 * @typeParam P the payload as it is stored.
 */
export type Deliver<D = JsonValue, P = D> = (
  timer: Timer<D>,
  context: DeliveryContext,
  // biome-ignore lint/suspicious/noConfusingVoidType: an async function without a return statement is one of these.
) => Promise<DeliveryResult<P> | void>;

/** Thrown by a delivery that is not to be tried again. */
export class PermanentDeliveryError extends Error {
  readonly code = 'DELIVERY_PERMANENT';

  static {
    PermanentDeliveryError.prototype.name = 'PermanentDeliveryError';
  }
}

/** Thrown by a delivery that failed and is to be tried again, but not before a time that the receiver has named. */
export class RetryableDeliveryError extends Error {
  readonly code = 'DELIVERY_FAILED';

  static {
    RetryableDeliveryError.prototype.name = 'RetryableDeliveryError';
  }

  /** @throws InvalidArgumentError */
  constructor(
    message: string,
    /** From now, 0 or more; a duration, since clocks differ. (Default: the retry policy alone decides) */
    readonly retryAfterMs?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
    if (retryAfterMs !== undefined) {
      checkRetryAfter(retryAfterMs);
    }
  }
}

/** Thrown by a delivery that did not begin, since its destination is full. It is to come again, and is no attempt. */
export class DeliveryPostponedError extends Error {
  readonly code = 'DELIVERY_POSTPONED';

  static {
    DeliveryPostponedError.prototype.name = 'DeliveryPostponedError';
  }

  /** @throws InvalidArgumentError */
  constructor(
    message: string,
    /** From now, 0 or more. */
    readonly retryAfterMs: number,
  ) {
    super(message);
    checkRetryAfter(retryAfterMs);
  }
}

/** What is no time would be kept as one, and the timer would never come again. Infinity stands for the last there is. */
function checkRetryAfter(ms: unknown): void {
  if (!(typeof ms === 'number' && ms >= 0)) {
    throw new InvalidArgumentError('retryAfterMs', `must be a number of at least 0, not ${show(ms)}`);
  }
}

import { MAX_INT4 } from '../contract/scalars';
import type { JsonCompatible, Timer } from '../contract/types';
import { instrument } from '../telemetry/instrument';
import { parseCallbackTarget } from './callback-target';
import { AddressRefusedError, makeConnector } from './connector';
import {
  type DeliveryContext,
  DeliveryPostponedError,
  type DeliveryResult,
  PermanentDeliveryError,
  RetryableDeliveryError,
} from './delivery';
import { type HttpAnswer, type HttpRequest, NoAnswerInTimeError, postOnce } from './http-exchange';
import { type HttpDeliveryOptions, type ParsedHttpOptions, parseHttpOptions } from './http-options';
import { judgeAnswer } from './judge-answer';
import { type Origin, Origins } from './origins';
import { webhookId } from './webhook-signer';

/**
 * A `deliver` for the engine that posts timers to their callback URLs. Of the payload that a receiver answers with, nothing
 * says that it is a `P`, but for the engine's `payloadSchema` when it is delivered.
 */
export interface HttpDelivery {
  <P extends JsonCompatible<P>>(
    timer: Timer<P>,
    context: DeliveryContext,
  ): Promise<DeliveryResult<P> | undefined>;
  /**
   * Ends all connections. Deliveries under way fail, later ones are postponed: stop the engine first. It need not be
   * called, for idle connections end within seconds and keep no process from ending.
   */
  close(): Promise<void>;
}

/**
 * Delivers timers by HTTP, as docs/http-delivery.md says. One may serve several engines.
 *
 * @throws InvalidArgumentError
 * @example
 * const deliver = httpDelivery({ secrets: [secret], allowPrivateAddresses: false });
 */
export function httpDelivery(options: HttpDeliveryOptions = {}): HttpDelivery {
  const delivery = new Delivery(parseHttpOptions(options));
  return Object.assign(
    <P>(timer: Timer<P>, context: DeliveryContext) =>
      delivery.deliver(timer, context) as Promise<DeliveryResult<P> | undefined>,
    { close: () => delivery.close() },
  );
}

class Delivery {
  readonly #signer: ParsedHttpOptions['signer'];
  readonly #origins: Origins;
  #closed = false;

  constructor({ signer, maxPerOrigin, allowPrivateAddresses, lookup }: ParsedHttpOptions) {
    this.#signer = signer;
    this.#origins = new Origins(maxPerOrigin, makeConnector(lookup, allowPrivateAddresses));
  }

  async deliver(timer: Timer<unknown>, context: DeliveryContext): Promise<DeliveryResult | undefined> {
    const { signal } = context;
    signal.throwIfAborted();
    if (this.#closed) {
      throw new DeliveryPostponedError('the HTTP delivery is closed', 1000);
    }
    const { origin: name, path, authorization } = parseCallbackTarget(timer.callbackUrl);
    // Above that, setTimeout fires at once.
    const timeoutMs = Math.min(timer.callbackTimeoutSeconds * 1000, MAX_INT4);
    const origin = this.#origins.get(name);
    await origin.lane.enter(signal, timeoutMs);
    const compose = () => ({ path, ...this.#compose(timer, context, authorization) });
    return judgeAnswer(await post(origin, compose, timeoutMs, signal));
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#origins.destroy();
  }

  #compose(timer: Timer<unknown>, { attempt, dueAt }: DeliveryContext, authorization: string | undefined) {
    const { id, namespace } = timer;
    const payload = JSON.stringify(timer.payload) as string | undefined;
    if (payload === undefined) {
      throw new TypeError(`the payload is none that JSON can express, but of type ${typeof timer.payload}`);
    }
    const facts = JSON.stringify({ id, namespace, executeAt: dueAt, attempt });
    const body = `${facts.slice(0, -1)},"payload":${payload}}`;
    const messageId = webhookId(timer, dueAt, payload);
    const timestamp = String(Math.floor(Date.now() / 1000));
    const headers = [
      'content-type',
      'application/json',
      'user-agent',
      'pg-timer-store',
      'webhook-id',
      messageId,
      'webhook-timestamp',
      timestamp,
    ];
    if (this.#signer !== undefined) {
      headers.push('webhook-signature', this.#signer.sign(messageId, timestamp, body));
    }
    if (authorization !== undefined) {
      headers.push('authorization', authorization);
    }
    headers.push(...(instrument()?.headers() ?? []));
    return { headers, body };
  }
}

/** Posts in a place that was taken, and leaves it, also if there is nothing to post. */
async function post(
  { lane, pool }: Origin,
  compose: () => HttpRequest,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const start = performance.now();
  let request: HttpRequest | undefined;
  let answered: boolean | undefined;
  try {
    request = compose();
    const answer = await postOnce(pool, request, timeoutMs, signal);
    answered = true;
    return answer;
  } catch (error) {
    if (signal.aborted || request === undefined) {
      throw error;
    }
    answered = false;
    throw describe(error, timeoutMs);
  } finally {
    lane.leave(answered, performance.now() - start);
  }
}

/** The messages of undici and the system show addresses and parts of answers; their codes do not. */
function describe(error: unknown, timeoutMs: number): Error {
  if (error instanceof AddressRefusedError) {
    return new PermanentDeliveryError(error.message);
  }
  if (error instanceof NoAnswerInTimeError) {
    return new RetryableDeliveryError(`no answer within ${timeoutMs / 1000} s`);
  }
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^\w{1,60}$/.test(code)
    ? new RetryableDeliveryError(`no answer: ${code}`)
    : new RetryableDeliveryError('no answer', undefined, { cause: error });
}

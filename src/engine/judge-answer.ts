import { isUtf8 } from 'node:buffer';
import { findInexactNumber } from '../contract/exact-numbers';
import type { JsonValue } from '../contract/types';
import { type DeliveryResult, PermanentDeliveryError, RetryableDeliveryError } from './delivery';
import { type HttpAnswer, MAX_ANSWER_BYTES } from './http-exchange';
import { parseRetryAfter } from './retry-after';
import { parseRfc3339 } from './rfc3339';

/** Request timeout, too early, too many requests: of the 4xx, these ask to come again. */
const RETRYABLE_4XX = [408, 425, 429];

/**
 * What an answer makes of a timer. Nothing of a body is shown in an error: it may quote the payload.
 *
 * @throws PermanentDeliveryError, RetryableDeliveryError
 */
export function judgeAnswer(answer: HttpAnswer): DeliveryResult | undefined {
  const { status, body } = answer;
  if (status >= 200 && status < 300) {
    return judgeBody(answer, body);
  }
  if (status >= 500 || RETRYABLE_4XX.includes(status)) {
    throw failed(answer, '');
  }
  throw new PermanentDeliveryError(
    status < 400 ? `answered ${status}: redirects are not followed` : `answered ${status}`,
  );
}

function judgeBody(answer: HttpAnswer, body: Buffer | undefined): DeliveryResult | undefined {
  if (body === undefined) {
    throw failed(answer, ` with a body of more than ${MAX_ANSWER_BYTES} bytes`);
  }
  if (body.length === 0) {
    return undefined;
  }
  // Some write a byte order mark before it; trim takes it for white space.
  const text = body.toString().trim();
  if (text === '') {
    return undefined;
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  if (parsed === undefined || !isUtf8(body)) {
    throw failed(answer, ' with a body that is not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw failed(answer, ' with JSON that is not an object');
  }
  return judgeFields(answer, text, parsed as Record<string, JsonValue>);
}

function judgeFields(
  answer: HttpAnswer,
  text: string,
  fields: Record<string, JsonValue>,
): DeliveryResult | undefined {
  const { ok, nextExecuteAt, payload } = fields;
  if (typeof ok !== 'boolean') {
    throw failed(answer, ' with an "ok" that is neither true nor false');
  }
  if (nextExecuteAt === undefined || nextExecuteAt === null) {
    if (ok) {
      return undefined;
    }
    throw failed(answer, ' with "ok": false');
  }
  const next = typeof nextExecuteAt === 'string' ? parseRfc3339(nextExecuteAt) : undefined;
  if (next === undefined) {
    throw failed(answer, ' with a "nextExecuteAt" that is no time such as 2030-01-31T12:00:00Z');
  }
  if (payload === undefined) {
    return { nextExecuteAt: next };
  }
  if (findInexactNumber(text) !== undefined) {
    throw failed(answer, ' with a "payload" that has a number which a JavaScript number does not keep');
  }
  return { nextExecuteAt: next, payload };
}

function failed(answer: HttpAnswer, what: string): RetryableDeliveryError {
  const retryAfter = headerOf(answer, 'retry-after');
  return new RetryableDeliveryError(
    `answered ${answer.status}${what}`,
    retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, headerOf(answer, 'date')),
  );
}

function headerOf({ headers }: HttpAnswer, name: string): string | undefined {
  for (let index = 0; index + 1 < headers.length; index += 2) {
    if (headers[index]?.toString('latin1').toLowerCase() === name) {
      return headers[index + 1]?.toString('latin1');
    }
  }
  return undefined;
}

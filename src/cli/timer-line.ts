import { InvalidArgumentError } from '../contract/errors';
import { findInexactNumber } from '../contract/exact-numbers';
import type { NewTimer, Timer } from '../contract/types';
import { parseNewTimer } from '../validation/timer';
import { parseInstant } from './moment';

/** A line that cannot be taken; the message says why, and shows nothing that may be a secret. */
export class BadLineError extends Error {}

const TIMES = ['executeAt', 'createdAt'] as const;

/**
 * A timer of a line of JSON: the fields of `NewTimer`, times as texts. What the store does not take of it, it says
 * itself, or `checkTimer` does.
 *
 * @throws BadLineError
 */
export function parseTimerLine(text: string): NewTimer {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    // V8 quotes the text, in which there may be a secret.
    throw new BadLineError('is not JSON, or is cut off');
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    throw new BadLineError('is not a JSON object');
  }
  const inexact = findInexactNumber(text);
  if (inexact !== undefined) {
    throw new BadLineError(`has a number that a JavaScript number does not keep: ${inexact.slice(0, 40)}`);
  }
  const timer = fields as Record<string, unknown>;
  for (const name of TIMES) {
    const time = timer[name];
    if (time === undefined && name === 'createdAt') {
      continue;
    }
    const instant = typeof time === 'string' ? parseInstant(time) : undefined;
    if (instant === undefined) {
      throw new BadLineError(
        `${name} must be a time such as "2030-01-31T12:00:00.000Z", in whole milliseconds`,
      );
    }
    timer[name] = instant;
  }
  return timer as unknown as NewTimer;
}

/** @throws BadLineError what the store would say of it. */
export function checkTimer(timer: NewTimer, maxPayloadBytes: number): void {
  try {
    parseNewTimer('timer', timer, maxPayloadBytes);
  } catch (error) {
    throw error instanceof InvalidArgumentError
      ? new BadLineError(error.message.replace(/^timer\.?/, ''))
      : error;
  }
}

/** What `load` takes, and makes the same timer of. What a timer does not have is left out. */
export function timerLine(timer: Timer): string {
  const {
    id,
    namespace,
    executeAt,
    callbackUrl,
    payload,
    retryPolicy,
    callbackTimeoutSeconds,
    uuid,
    createdAt,
    attempts,
    traceparent,
  } = timer;
  return `${JSON.stringify({
    id,
    namespace,
    executeAt,
    ...(callbackUrl !== null && { callbackUrl }),
    ...(payload !== null && { payload }),
    ...(retryPolicy !== null && { retryPolicy }),
    callbackTimeoutSeconds,
    uuid,
    createdAt,
    attempts,
    ...(traceparent !== null && { traceparent }),
  })}\n`;
}

import { InvalidArgumentError } from '../errors';
import type { NewTimer, RetryPolicy, TimerChanges } from '../timer-store-types';
import { checkJson } from './check-json';
import {
  checkCallbackUrl,
  checkDate,
  checkFields,
  checkInteger,
  checkPlainObject,
  checkText,
  checkTimerUuid,
  MAX_INT4,
  show,
} from './check-scalar';

const CHANGEABLE_FIELDS = [
  'executeAt',
  'callbackUrl',
  'payload',
  'retryPolicy',
  'callbackTimeoutSeconds',
  'attempts',
] as const satisfies readonly (keyof TimerChanges)[];

const NEW_TIMER_FIELDS = [
  'id',
  'namespace',
  'uuid',
  'createdAt',
  ...CHANGEABLE_FIELDS,
] as const satisfies readonly (keyof NewTimer)[];

const RETRY_POLICY_FIELDS = [
  'maxAttempts',
  'maxAttemptsDurationSeconds',
  'initialIntervalSeconds',
  'backoffMultiplier',
  'maxIntervalSeconds',
] as const satisfies readonly (keyof RetryPolicy)[];

export function checkNewTimer(argument: string, timer: unknown): asserts timer is NewTimer {
  checkFields(argument, timer, NEW_TIMER_FIELDS);
  checkText(`${argument}.id`, timer['id']);
  checkText(`${argument}.namespace`, timer['namespace']);
  checkDate(`${argument}.executeAt`, timer['executeAt']);
  checkCallbackUrl(`${argument}.callbackUrl`, timer['callbackUrl']);
  if ('uuid' in timer) {
    checkTimerUuid(`${argument}.uuid`, timer['uuid']);
  }
  if ('createdAt' in timer) {
    checkDate(`${argument}.createdAt`, timer['createdAt']);
  }
  checkOptionalFields(argument, timer);
}

export function checkNewTimers(argument: string, timers: unknown): asserts timers is readonly NewTimer[] {
  if (!Array.isArray(timers)) {
    throw new InvalidArgumentError(argument, `must be an array, not ${show(timers)}`);
  }
  const firstIndexOf = new Map<string, number>();
  for (let index = 0; index < timers.length; index++) {
    const timer: unknown = timers[index];
    checkNewTimer(`${argument}[${index}]`, timer);
    // Neither part contains NUL, so no two pairs look alike.
    const key = `${timer.namespace}\0${timer.id}`;
    const firstIndex = firstIndexOf.get(key);
    if (firstIndex !== undefined) {
      throw new InvalidArgumentError(
        `${argument}[${index}]`,
        `has the same namespace and id as ${argument}[${firstIndex}]`,
      );
    }
    firstIndexOf.set(key, index);
  }
}

export function checkTimerChanges(changes: unknown): asserts changes is TimerChanges {
  checkFields('changes', changes, CHANGEABLE_FIELDS);
  if ('executeAt' in changes) {
    checkDate('changes.executeAt', changes['executeAt']);
  }
  if ('callbackUrl' in changes) {
    checkCallbackUrl('changes.callbackUrl', changes['callbackUrl']);
  }
  checkOptionalFields('changes', changes);
}

/** The fields that a new timer may have and that can be changed later, by the same rules. */
function checkOptionalFields(argument: string, fields: Record<string, unknown>): void {
  if ('payload' in fields) {
    checkJson(`${argument}.payload`, fields['payload']);
  }
  if ('retryPolicy' in fields && fields['retryPolicy'] !== null) {
    checkRetryPolicy(`${argument}.retryPolicy`, fields['retryPolicy']);
  }
  if ('callbackTimeoutSeconds' in fields) {
    checkInteger(`${argument}.callbackTimeoutSeconds`, fields['callbackTimeoutSeconds'], 1, MAX_INT4);
  }
  if ('attempts' in fields) {
    checkInteger(`${argument}.attempts`, fields['attempts'], 0, MAX_INT4);
  }
}

function checkRetryPolicy(argument: string, policy: unknown): asserts policy is RetryPolicy {
  checkPlainObject(argument, policy);
  checkFields(argument, policy, RETRY_POLICY_FIELDS);
  for (const [field, value] of Object.entries(policy)) {
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
      throw new InvalidArgumentError(
        `${argument}.${field}`,
        `must be a number of at least 0, not ${show(value)}`,
      );
    }
  }
  if ('maxAttempts' in policy) {
    checkInteger(`${argument}.maxAttempts`, policy['maxAttempts'], 0, Number.MAX_SAFE_INTEGER);
  }
}

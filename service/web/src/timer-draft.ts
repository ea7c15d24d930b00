import { CallError } from './api/call-error';
import type { RetryPolicy, Timer } from './api/types';
import { localInput } from './format';
import { faultOfJson, jsonObject, numberJson, stringJson } from './json-text';

/** A timer as it is typed in: texts, whatever they say. */
export interface Draft {
  readonly namespace: string;
  readonly id: string;
  /** As an input of `datetime-local` has it. */
  readonly executeAt: string;
  readonly callbackUrl: string;
  readonly payload: string;
  readonly maxAttempts: string;
  readonly maxAttemptsDuration: string;
  readonly initialInterval: string;
  readonly backoffMultiplier: string;
  readonly maxInterval: string;
  readonly callbackTimeoutSeconds: string;
}

export const POLICY_FIELDS = [
  'maxAttempts',
  'maxAttemptsDuration',
  'initialInterval',
  'backoffMultiplier',
  'maxInterval',
] as const satisfies readonly (keyof RetryPolicy & keyof Draft)[];

const NUMBERS: readonly (keyof Draft)[] = ['maxAttempts', 'backoffMultiplier'];

/** In a minute, so that it can be seen to fire. */
const FIRST_DUE_MS = 60_000;

export function newDraft(namespace: string): Draft {
  const due = new Date(Date.now() + FIRST_DUE_MS);
  due.setMilliseconds(0);
  return {
    namespace,
    id: '',
    executeAt: localInput(due),
    callbackUrl: '',
    payload: '',
    maxAttempts: '',
    maxAttemptsDuration: '',
    initialInterval: '',
    backoffMultiplier: '',
    maxInterval: '',
    callbackTimeoutSeconds: '',
  };
}

export function draftOf(timer: Timer): Draft {
  const policy = timer.retryPolicy ?? {};
  const text = (value: string | number | undefined) => (value === undefined ? '' : String(value));
  return {
    namespace: timer.namespace,
    id: timer.id,
    executeAt: localInput(new Date(timer.executeAt)),
    callbackUrl: timer.callbackUrl ?? '',
    payload: timer.payload === null ? '' : JSON.stringify(timer.payload, null, 2),
    maxAttempts: text(policy.maxAttempts),
    maxAttemptsDuration: text(policy.maxAttemptsDuration),
    initialInterval: text(policy.initialInterval),
    backoffMultiplier: text(policy.backoffMultiplier),
    maxInterval: text(policy.maxInterval),
    callbackTimeoutSeconds: text(timer.callbackTimeoutSeconds),
  };
}

/**
 * The body of a creation. What is left empty is left out, and the service says if it may not be.
 *
 * @throws CallError the payload is no JSON, so that there is no body to send.
 */
export function creationJson(draft: Draft): string {
  return jsonObject({
    namespace: stringJson(draft.namespace),
    id: stringJson(draft.id),
    executeAt: instantJson(draft.executeAt),
    callbackUrl: stringJson(draft.callbackUrl),
    payload: payloadJson(draft.payload),
    retryPolicy: policyJson(draft),
    callbackTimeoutSeconds: numberJson(draft.callbackTimeoutSeconds),
  });
}

/**
 * The body of an update: only what was changed, since another `executeAt` begins the attempts anew.
 *
 * @throws CallError the payload is no JSON.
 * @returns undefined: nothing was changed.
 */
export function updateJson(before: Draft, draft: Draft): string | undefined {
  const isChanged = (...names: (keyof Draft)[]) => names.some((name) => draft[name] !== before[name]);
  const changes = {
    executeAt: isChanged('executeAt') ? (instantJson(draft.executeAt) ?? '""') : undefined,
    callbackUrl: isChanged('callbackUrl') ? JSON.stringify(draft.callbackUrl) : undefined,
    payload: isChanged('payload') ? (payloadJson(draft.payload) ?? 'null') : undefined,
    retryPolicy: isChanged(...POLICY_FIELDS) ? (policyJson(draft) ?? 'null') : undefined,
    callbackTimeoutSeconds: isChanged('callbackTimeoutSeconds')
      ? (numberJson(draft.callbackTimeoutSeconds) ?? '""')
      : undefined,
  };
  return Object.values(changes).every((json) => json === undefined)
    ? undefined
    : jsonObject({
        namespace: JSON.stringify(draft.namespace),
        timerId: JSON.stringify(draft.id),
        ...changes,
      });
}

/** What such an input says in UTC. */
export function instantOf(input: string): string | undefined {
  const instant = new Date(input);
  return Number.isNaN(instant.getTime()) ? undefined : instant.toISOString();
}

function instantJson(input: string): string | undefined {
  return stringJson(instantOf(input) ?? input);
}

function payloadJson(text: string): string | undefined {
  if (text.trim() === '') {
    return undefined;
  }
  const fault = faultOfJson(text);
  if (fault !== undefined) {
    throw new CallError('INVALID_ARGUMENT', `payload ${fault}`, 'payload');
  }
  return text;
}

function policyJson(draft: Draft): string | undefined {
  const json = (name: (typeof POLICY_FIELDS)[number]) =>
    NUMBERS.includes(name) ? numberJson(draft[name]) : stringJson(draft[name]);
  const fields = Object.fromEntries(POLICY_FIELDS.map((name) => [name, json(name)]));
  return Object.values(fields).every((each) => each === undefined) ? undefined : jsonObject(fields);
}

import { Breather, LOOK_EVERY } from '../contract/breather';
import { InvalidArgumentError } from '../contract/errors';
import {
  checkCallbackUrl,
  checkInteger,
  checkText,
  checkTimerUuid,
  checkTraceparent,
  MAX_INT4,
  parseDate,
  show,
} from '../contract/scalars';
import { timerUuid } from '../contract/timer-uuid';
import type { NewTimer, RetryPolicy, TimerChanges } from '../contract/types';
import { jsonText } from './json-text';
import { MessageSize } from './message-size';
import { parseElements, parseFields, parsePlainFields } from './objects';

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
  'traceparent',
  ...CHANGEABLE_FIELDS,
] as const satisfies readonly (keyof NewTimer)[];

const RETRY_POLICY_FIELDS = [
  'maxAttempts',
  'maxAttemptsDurationSeconds',
  'initialIntervalSeconds',
  'backoffMultiplier',
  'maxIntervalSeconds',
] as const satisfies readonly (keyof RetryPolicy)[];

/** The values of a timer's row. They are copies, because the caller may change the originals. */
export interface TimerValues extends OptionalValues {
  readonly executeAt: Date;
  readonly uuid: string;
  /** Whether the caller has chosen the uuid: it may be another timer's. */
  readonly isUuidGiven: boolean;
  readonly id: string;
  readonly namespace: string;
  readonly callbackUrl: string | null;
  readonly payload: string | null;
  readonly retryPolicy: string | null;
  readonly callbackTimeoutSeconds: number;
  readonly createdAt: Date;
  readonly attempts: number;
  readonly traceparent: string | null;
  /** About how many bytes the row takes in memory and on the wire. */
  readonly size: number;
}

/** The same as the column's own default. */
const DEFAULT_CALLBACK_TIMEOUT_SECONDS = 30;

/** Bytes of a row's other columns, all of usual length, and of the objects that hold them. */
const SIZE_WITHOUT_PAYLOAD = 512;

/** What a new timer has where it says nothing itself. */
export interface NewTimerDefaults {
  /** For `createdAt`. (Default: by the clock of this process) */
  readonly now?: () => Date;
  readonly traceparent?: string | null;
}

export function parseNewTimer(
  argument: string,
  timer: unknown,
  maxPayloadBytes: number,
  defaults: NewTimerDefaults = {},
): TimerValues {
  const fields = parseFields(argument, timer, NEW_TIMER_FIELDS);
  const { id, namespace, uuid } = fields;
  const callbackUrl = fields['callbackUrl'] ?? null;
  checkText(`${argument}.id`, id);
  checkText(`${argument}.namespace`, namespace);
  const executeAt = parseDate(`${argument}.executeAt`, fields['executeAt']);
  if (callbackUrl !== null) {
    checkCallbackUrl(`${argument}.callbackUrl`, callbackUrl);
  }
  if (uuid !== undefined) {
    checkTimerUuid(`${argument}.uuid`, uuid);
  }
  const createdAt =
    fields['createdAt'] === undefined
      ? (defaults.now?.() ?? new Date())
      : parseDate(`${argument}.createdAt`, fields['createdAt']);
  const { traceparent = defaults.traceparent ?? null } = fields;
  if (traceparent !== null) {
    checkTraceparent(`${argument}.traceparent`, traceparent);
  }
  const optional = parseOptionalFields(argument, fields, maxPayloadBytes);
  const payload = optional.payload ?? null;
  return {
    executeAt,
    uuid: uuid ?? timerUuid(namespace, id),
    isUuidGiven: uuid !== undefined,
    id,
    namespace,
    callbackUrl,
    payload,
    retryPolicy: optional.retryPolicy ?? null,
    callbackTimeoutSeconds: optional.callbackTimeoutSeconds ?? DEFAULT_CALLBACK_TIMEOUT_SECONDS,
    createdAt,
    attempts: optional.attempts ?? 0,
    traceparent,
    size: sizeOf(optional),
  };
}

/**
 * Each timer is read once. Those that take longer than a slice of the event loop are read in several.
 *
 * @throws InvalidArgumentError also for more than one message of the protocol can carry.
 */
export async function parseNewTimers(
  argument: string,
  timers: unknown,
  maxPayloadBytes: number,
  message = new MessageSize(argument),
  defaults?: NewTimerDefaults,
): Promise<TimerValues[]> {
  const elements = parseElements(argument, timers);
  const firstIndexOf = new Map<string, number>();
  const values: TimerValues[] = [];
  const breather = new Breather();
  for (const [index, element] of elements.entries()) {
    const timer = parseNewTimer(`${argument}[${index}]`, element, maxPayloadBytes, defaults);
    // Neither part contains NUL, so no two pairs look alike.
    const key = `${timer.namespace}\0${timer.id}`;
    const firstIndex = firstIndexOf.get(key);
    if (firstIndex !== undefined) {
      throw new InvalidArgumentError(
        `${argument}[${index}]`,
        `has the same namespace and id as ${argument}[${firstIndex}]`,
      );
    }
    message.add(timer);
    firstIndexOf.set(key, index);
    values.push(timer);
    if (values.length % LOOK_EVERY === 0 && breather.isDue) {
      await breather.breathe();
    }
  }
  return values;
}

/** The columns that an update sets. It keeps those that are undefined here. */
export interface ChangeValues extends OptionalValues {
  readonly executeAt: Date | undefined;
  readonly callbackUrl: string | null | undefined;
  /** As that of a timer. */
  readonly size: number;
}

export function parseTimerChanges(changes: unknown, maxPayloadBytes: number): ChangeValues {
  const fields = parseFields('changes', changes, CHANGEABLE_FIELDS);
  const { callbackUrl } = fields;
  const executeAt =
    fields['executeAt'] === undefined ? undefined : parseDate('changes.executeAt', fields['executeAt']);
  if (callbackUrl !== undefined && callbackUrl !== null) {
    checkCallbackUrl('changes.callbackUrl', callbackUrl);
  }
  const optional = parseOptionalFields('changes', fields, maxPayloadBytes);
  return { executeAt, callbackUrl, ...optional, size: sizeOf(optional) };
}

/** JSON as text: the driver would turn a string or an array into something else. Null is kept as SQL NULL. */
interface OptionalValues {
  readonly payload: string | null | undefined;
  readonly retryPolicy: string | null | undefined;
  readonly callbackTimeoutSeconds: number | undefined;
  readonly attempts: number | undefined;
}

/** The fields that a new timer may have and that can be changed later, by the same rules. */
function parseOptionalFields(
  argument: string,
  { payload, retryPolicy, callbackTimeoutSeconds, attempts }: Record<string, unknown>,
  maxPayloadBytes: number,
): OptionalValues {
  if (callbackTimeoutSeconds !== undefined) {
    checkInteger(`${argument}.callbackTimeoutSeconds`, callbackTimeoutSeconds, 1, MAX_INT4);
  }
  if (attempts !== undefined) {
    checkInteger(`${argument}.attempts`, attempts, 0, MAX_INT4);
  }
  return {
    payload:
      payload === undefined || payload === null
        ? payload
        : jsonText(`${argument}.payload`, payload, maxPayloadBytes),
    retryPolicy:
      retryPolicy === undefined || retryPolicy === null
        ? retryPolicy
        : retryPolicyText(`${argument}.retryPolicy`, retryPolicy),
    callbackTimeoutSeconds,
    attempts,
  };
}

function sizeOf({ payload }: OptionalValues): number {
  return SIZE_WITHOUT_PAYLOAD + (payload?.length ?? 0);
}

function retryPolicyText(argument: string, policy: unknown): string {
  const fields = parsePlainFields(argument, policy, RETRY_POLICY_FIELDS);
  for (const [field, value] of Object.entries(fields)) {
    // JSON keeps no -0.
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0 || Object.is(value, -0)) {
      throw new InvalidArgumentError(
        `${argument}.${field}`,
        `must be a number of at least 0, not ${show(value)}`,
      );
    }
  }
  if ('maxAttempts' in fields) {
    checkInteger(`${argument}.maxAttempts`, fields['maxAttempts'], 0, Number.MAX_SAFE_INTEGER);
  }
  return JSON.stringify(fields);
}

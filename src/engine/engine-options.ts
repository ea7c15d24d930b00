import type { StandardSchemaV1 } from '@standard-schema/spec';
import { InvalidArgumentError } from '../contract/errors';
import type { Membership } from '../contract/membership';
import { checkInteger, checkText, MAX_INT4, show, showKind } from '../contract/scalars';
import type { TimerStore } from '../contract/timer-store';
import type { JsonValue, RetryPolicy } from '../contract/types';
import { checkedDelivery } from './checked-delivery';
import type { Deliver } from './delivery';
import { type EngineClock, MONOTONIC_CLOCK } from './engine-clock';
import { NOBODY } from './ownership';

/**
 * What an engine needs, and may be told.
 *
 * @typeParam P the payload as it is stored.
 * @typeParam D the payload as it is delivered.
 */
export interface TimerEngineOptions<P = JsonValue, D = P> {
  /** Where the timers are. The engine does not close it. */
  readonly store: TimerStore;
  /**
   * How many shards the timers are split over, such as 64 or 256: fixed for the life of the data, and the same in every
   * process. Several times the processes that there will ever be.
   */
  readonly shardCount: number;
  /** Of this process, unique among living ones: what its shards are claimed by. 1 to 255 characters, not `nobody`. */
  readonly address: string;
  /** Which processes there are, such as a `PostgresMembership`. (Default: this process alone owns every shard) */
  readonly membership?: Membership | undefined;
  /** What happens when a timer is due: a function of yours, or `httpDelivery()`. What throws is tried again. */
  readonly deliver: Deliver<D, NoInfer<P>>;
  /**
   * Checks each payload before it is delivered, and says what it is delivered as. A timer whose payload does not fit
   * becomes a dead timer, which says why. Any [Standard Schema](https://standardschema.dev) will do, such as those of zod,
   * valibot and arktype, asynchronous ones too. (Default: payloads are delivered as they are stored)
   */
  readonly payloadSchema?: StandardSchemaV1<P, D> | undefined;
  /** For what a timer's own leaves open. (Default: 20 attempts, 1 s to 5 minutes apart) */
  readonly retryPolicy?: RetryPolicy | undefined;
  /** Deliveries under way at a time in this process. (Default: 1,000) */
  readonly maxDeliveries?: number | undefined;
  /** Timers in memory, at most: of each server, where there are several, its share. (Default: 10,000) */
  readonly maxLoaded?: number | undefined;
  /** How far ahead timers are held in memory, in milliseconds. (Default: 100) */
  readonly lookAheadMs?: number | undefined;
  /** Between two looks at the database, at most, in milliseconds. (Default: 1,000) */
  readonly longestPauseMs?: number | undefined;
  /**
   * Whether to listen for timers that are due before the next look. Without, looks are `lookAheadMs` apart.
   * (Default: true)
   */
  readonly wakeUp?: boolean | undefined;
  /**
   * For tests: by a `TestClock` of `pg-timer-store/testing`, the engine does nothing by itself, but what `runDueTimers` asks
   * for. (Default: the monotonic clock of this process)
   */
  readonly clock?: EngineClock | undefined;
}

/** Options of an engine that checks its payloads. */
export interface CheckedEngineOptions<P = JsonValue, D = P> extends TimerEngineOptions<P, D> {
  readonly payloadSchema: StandardSchemaV1<P, D>;
}

/** With the defaults filled in. */
export interface EngineSettings {
  readonly store: TimerStore;
  readonly shardCount: number;
  readonly address: string;
  readonly membership: Membership | undefined;
  readonly deliver: Deliver;
  readonly retryPolicy: RetryPolicy;
  readonly maxDeliveries: number;
  readonly maxLoaded: number;
  readonly lookAheadMs: number;
  readonly longestPauseMs: number;
  readonly wakeUp: boolean;
  readonly monotonic: EngineClock;
}

const FIELDS = [
  'store',
  'shardCount',
  'address',
  'membership',
  'deliver',
  'payloadSchema',
  'retryPolicy',
  'maxDeliveries',
  'maxLoaded',
  'lookAheadMs',
  'longestPauseMs',
  'wakeUp',
  'clock',
] as const satisfies readonly (keyof TimerEngineOptions)[];

const RETRY_POLICY_FIELDS = [
  'maxAttempts',
  'maxAttemptsDurationSeconds',
  'initialIntervalSeconds',
  'backoffMultiplier',
  'maxIntervalSeconds',
] as const satisfies readonly (keyof RetryPolicy)[];

/** A day: above that, a timer of Node's might wait for ever. */
const MAX_MS = 86_400_000;

const STORE_METHODS = ['claimShardOwnership', 'readDueTimers', 'settleTimers'] as const;
const MEMBERSHIP_METHODS = ['join', 'refresh', 'leave'] as const;
const CLOCK_METHODS = ['now', 'after'] as const satisfies readonly (keyof EngineClock)[];

/** @throws InvalidArgumentError */
export function parseEngineOptions(options: unknown): EngineSettings {
  const given = parseFields('options', options, FIELDS);
  const {
    shardCount,
    address,
    maxDeliveries = 1000,
    maxLoaded = 10_000,
    lookAheadMs = 100,
    longestPauseMs = 1000,
    wakeUp = true,
  } = given;
  checkMethods('options.store', given['store'], STORE_METHODS);
  if (given['membership'] !== undefined) {
    checkMethods('options.membership', given['membership'], MEMBERSHIP_METHODS);
  }
  if (given['clock'] !== undefined) {
    checkMethods('options.clock', given['clock'], CLOCK_METHODS);
  }
  checkInteger('options.shardCount', shardCount, 1, MAX_INT4);
  checkText('options.address', address);
  if (address === NOBODY) {
    throw new InvalidArgumentError(
      'options.address',
      `must not be ${show(NOBODY)}, which stands for no process at all`,
    );
  }
  checkInteger('options.maxDeliveries', maxDeliveries, 1, MAX_INT4);
  checkInteger('options.maxLoaded', maxLoaded, 1, MAX_INT4);
  checkInteger('options.lookAheadMs', lookAheadMs, 1, MAX_MS);
  checkInteger('options.longestPauseMs', longestPauseMs, 1, MAX_MS);
  if (typeof wakeUp !== 'boolean') {
    throw new InvalidArgumentError('options.wakeUp', `must be true or false, not ${show(wakeUp)}`);
  }
  return {
    store: given['store'] as TimerStore,
    shardCount,
    address,
    membership: given['membership'] as Membership | undefined,
    deliver: parseDeliver(given['deliver'], given['payloadSchema']),
    retryPolicy: parseRetryPolicy(given['retryPolicy']),
    maxDeliveries,
    maxLoaded,
    lookAheadMs,
    longestPauseMs,
    wakeUp,
    monotonic: (given['clock'] as EngineClock | undefined) ?? MONOTONIC_CLOCK,
  };
}

function parseDeliver(deliver: unknown, payloadSchema: unknown): Deliver {
  if (typeof deliver !== 'function') {
    throw new InvalidArgumentError('options.deliver', `must be a function, not ${show(deliver)}`);
  }
  if (payloadSchema === undefined) {
    return deliver as Deliver;
  }
  // Those of arktype are functions.
  const standard = (payloadSchema as Partial<StandardSchemaV1> | null)?.['~standard'];
  if (typeof standard?.validate !== 'function') {
    throw new InvalidArgumentError(
      'options.payloadSchema',
      `must be a Standard Schema, unlike ${showKind(payloadSchema)}`,
    );
  }
  return checkedDelivery(payloadSchema as StandardSchemaV1, deliver as Deliver<unknown, JsonValue>);
}

function parseRetryPolicy(policy: unknown): RetryPolicy {
  if (policy === undefined) {
    return {};
  }
  const given = parseFields('options.retryPolicy', policy, RETRY_POLICY_FIELDS);
  for (const [field, value] of Object.entries(given)) {
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
      throw new InvalidArgumentError(
        `options.retryPolicy.${field}`,
        `must be a number of at least 0, not ${show(value)}`,
      );
    }
  }
  if (given['maxAttempts'] !== undefined) {
    checkInteger('options.retryPolicy.maxAttempts', given['maxAttempts'], 0, MAX_INT4);
  }
  return given;
}

/** A field that is undefined counts as absent. */
function parseFields(argument: string, value: unknown, fields: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidArgumentError(argument, `must be an object, not ${showKind(value)}`);
  }
  const given = Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
  for (const name of Object.keys(given)) {
    if (!fields.includes(name)) {
      throw new InvalidArgumentError(`${argument}.${name}`, `is not one of the fields ${fields.join(', ')}`);
    }
  }
  return given;
}

function checkMethods(argument: string, value: unknown, methods: readonly string[]): void {
  for (const method of methods) {
    if (typeof (value as Record<string, unknown> | null | undefined)?.[method] !== 'function') {
      throw new InvalidArgumentError(argument, `must have a method ${method}, unlike ${showKind(value)}`);
    }
  }
}

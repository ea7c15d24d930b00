import { AssertionError } from 'node:assert';
import { isDeepStrictEqual } from 'node:util';
import { cursorAtEndOf, ZERO_CURSOR } from '../contract/cursor';
import { InvalidArgumentError } from '../contract/errors';
import { checkInteger, MAX_INT4 } from '../contract/scalars';
import { shardIdFor } from '../contract/shard-id';
import type { TimerStore } from '../contract/timer-store';
import type { DeadTimer, Timer, TimerRange } from '../contract/types';

/** Where an assertion looks. */
export interface ExpectOptions {
  /** How many shards the timers are split over. (Default: what an engine has kept in the store) */
  readonly shardCount?: number;
}

/** What the assertions need of a store. */
export type AssertedStore = Pick<TimerStore, 'getShard' | 'rangeGetTimers' | 'rangeGetDeadTimers'>;

const ALL: TimerRange = {
  after: ZERO_CURSOR,
  upTo: cursorAtEndOf(new Date('9999-12-31T23:59:59.999Z')),
};

const PAGE = 1000;

/** Others that a failed assertion names. */
const MAX_NAMED = 5;

/**
 * Asserts that exactly one timer is scheduled which has these fields, compared as by `deepStrictEqual`; others may be
 * anything. It is independent of a test runner.
 *
 * @returns that timer.
 * @throws AssertionError of `node:assert`: none has them, or several.
 * @throws InvalidArgumentError it is not known how many shards there are.
 * @example
 * const { executeAt } = await expectScheduled(store, { namespace: 'reminders', payload: { order: 42 } });
 */
export async function expectScheduled(
  store: AssertedStore,
  expected: Partial<Timer>,
  options: ExpectOptions = {},
): Promise<Timer> {
  const timers = await readAll(store, 'rangeGetTimers', expected.id, options);
  return theOnly('timer is scheduled', timers, expected, expectScheduled);
}

/**
 * Asserts that no timer is scheduled which has these fields.
 *
 * @throws AssertionError of `node:assert`: there is one.
 * @throws InvalidArgumentError it is not known how many shards there are.
 * @example
 * await expectNotScheduled(store, { id: 'order-42', attempts: 1 });
 */
export async function expectNotScheduled(
  store: AssertedStore,
  expected: Partial<Timer>,
  options: ExpectOptions = {},
): Promise<void> {
  const timers = await readAll(store, 'rangeGetTimers', expected.id, options);
  const found = timers.filter((timer) => has(timer, expected));
  if (found.length > 0) {
    throw new AssertionError({
      message: `A timer is scheduled that should not be: ${describe(found)}`,
      actual: found[0],
      expected: undefined,
      operator: 'expectNotScheduled',
      stackStartFn: expectNotScheduled,
    });
  }
}

/**
 * Asserts that exactly one timer was given up which has these fields.
 *
 * @returns that dead timer.
 * @throws AssertionError of `node:assert`: none has them, or several.
 * @throws InvalidArgumentError it is not known how many shards there are.
 * @example
 * const { lastError } = await expectDead(store, { id: 'order-43' });
 */
export async function expectDead(
  store: AssertedStore,
  expected: Partial<DeadTimer>,
  options: ExpectOptions = {},
): Promise<DeadTimer> {
  const timers = await readAll(store, 'rangeGetDeadTimers', expected.id, options);
  return theOnly('timer is dead', timers, expected, expectDead);
}

/** Every timer of the shards that may have one of that id. */
async function readAll<TMethod extends 'rangeGetTimers' | 'rangeGetDeadTimers'>(
  store: AssertedStore,
  method: TMethod,
  id: string | undefined,
  options: ExpectOptions,
): Promise<Awaited<ReturnType<AssertedStore[TMethod]>>> {
  const shardCount = await readShardCount(store, options);
  const shardIds =
    id === undefined ? Array.from({ length: shardCount }).keys() : [shardIdFor(id, shardCount)];
  const timers: Timer[] = [];
  for (const shardId of shardIds) {
    let page: Timer[] = [];
    do {
      const last = page.at(-1);
      const after = last === undefined ? ALL.after : { executeAt: last.executeAt, uuid: last.uuid };
      page = await store[method](shardId, { ...ALL, after }, PAGE);
      timers.push(...page);
    } while (page.length === PAGE);
  }
  return timers as Awaited<ReturnType<AssertedStore[TMethod]>>;
}

async function readShardCount(store: AssertedStore, { shardCount }: ExpectOptions): Promise<number> {
  if (shardCount !== undefined) {
    checkInteger('options.shardCount', shardCount, 1, MAX_INT4);
    return shardCount;
  }
  const kept = (await store.getShard(0))?.metadata.shardCount;
  if (kept === undefined) {
    throw new InvalidArgumentError(
      'options.shardCount',
      'must be given: no engine has started on this store, and kept it there',
    );
  }
  return kept;
}

function theOnly<T extends Timer>(
  what: string,
  timers: readonly T[],
  expected: Partial<T>,
  stackStartFn: (...args: never[]) => unknown,
): T {
  const found = timers.filter((timer) => has(timer, expected));
  const [first] = found;
  if (first !== undefined && found.length === 1) {
    return first;
  }
  const others = found.length === 0 ? timers : found;
  throw new AssertionError({
    message:
      first === undefined
        ? `No ${what} that has the expected fields. ${timers.length === 0 ? 'There is none at all' : `There are ${describe(timers)}`}`
        : `More than one ${what} that has the expected fields: ${describe(found)}`,
    // Side by side, as far as it was said what is expected.
    actual: others.slice(0, MAX_NAMED).map((timer) => fieldsOf(timer, expected)),
    expected: [expected],
    operator: stackStartFn.name,
    stackStartFn: stackStartFn as (...args: unknown[]) => unknown,
  });
}

function has<T extends Timer>(timer: T, expected: Partial<T>): boolean {
  return isDeepStrictEqual(fieldsOf(timer, expected), expected);
}

function fieldsOf<T extends Timer>(timer: T, expected: Partial<T>): Partial<T> {
  return Object.fromEntries(
    Object.keys(expected).map((field) => [field, timer[field as keyof T]]),
  ) as Partial<T>;
}

function describe(timers: readonly Timer[]): string {
  const named = timers
    .slice(0, MAX_NAMED)
    .map(({ namespace, id, executeAt }) => `${namespace}/${id} at ${executeAt.toISOString()}`);
  const more = timers.length - named.length;
  return named.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

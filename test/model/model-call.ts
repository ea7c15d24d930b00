import { type DueTimers, type ShardClaim, type Timer, TimerStoreError } from '../../src';
import type { Place } from './model-rows';
import type { TimerModel } from './timer-model';

export type ModelMethod = Exclude<keyof TimerModel, 'nowMs' | 'mark' | 'rows' | 'clone' | 'content' | 'see'>;

/** One call of a store, as data, so that it can be generated, made smaller and printed. */
export interface ModelCall {
  readonly method: ModelMethod;
  /** Undefined: the arguments name the shards. */
  readonly shardId?: number;
  /** Of a fenced method: how far its version lags behind that of the shard. -1: a version yet to come. */
  readonly versionsBehind?: number;
  /** What follows the shard and its version. What depends on earlier answers is filled in by `Knowledge`. */
  readonly args: readonly unknown[];
}

/** A call as it was made. */
export interface MadeCall {
  readonly method: ModelMethod;
  readonly args: readonly unknown[];
  readonly outcome: Outcome;
}

/** A store, or its model. */
export type CallTarget = Pick<TimerModel, ModelMethod> | PromisedMethods;

type PromisedMethods = {
  [Method in ModelMethod]: (
    ...args: Parameters<TimerModel[Method]>
  ) => Promise<ReturnType<TimerModel[Method]>>;
};

/** What came of a call. Errors by what programs see of them; their texts are for people. */
export type Outcome = { readonly value: unknown } | { readonly error: Record<string, unknown> };

export async function outcomeOf(
  target: CallTarget,
  method: ModelMethod,
  args: readonly unknown[],
): Promise<Outcome> {
  try {
    return { value: withErrorFields(await run(target, method, args)) };
  } catch (error) {
    return { error: fieldsOf(error) };
  }
}

/** What the model answers, which is told what only the server could choose, as far as the server's answer says it. */
export function modelOutcomeOf(model: TimerModel, { method, args, outcome }: MadeCall): Outcome {
  tell(model, { method, args, outcome });
  try {
    return { value: withErrorFields(run(model, method, args)) };
  } catch (error) {
    return { error: fieldsOf(error) };
  } finally {
    model.mark = null;
  }
}

function tell(model: TimerModel, call: MadeCall): void {
  const { method, outcome } = call;
  if ('error' in outcome) {
    return;
  }
  switch (method) {
    case 'claimShardOwnership':
      model.nowMs = (outcome.value as ShardClaim).current.claimedAt.getTime();
      return;
    case 'updateTimer':
    case 'updateTimerNoLock':
    case 'reviveTimer': {
      const { revision, updatedAt } = outcome.value as Timer;
      model.mark = { revision, updatedAt };
      return;
    }
    case 'readDueTimers':
      model.nowMs = (outcome.value as DueTimers).nowMs;
  }
  for (const { place, timer } of timersIn(call)) {
    model.rows.see(place, timer);
  }
}

/** The timers that a call has returned. */
export function timersIn({ method, args, outcome }: MadeCall): { place: Place; timer: Timer }[] {
  const value = 'value' in outcome ? outcome.value : null;
  const all = (shardId: unknown, timers: readonly Timer[], isDead = false) =>
    timers.map((timer) => ({ place: { shardId: shardId as number, isDead }, timer }));
  switch (method) {
    case 'getTimer':
    case 'updateTimer':
    case 'updateTimerNoLock':
    case 'reviveTimer':
      return value === null ? [] : all(args[0], [value as Timer]);
    case 'rangeGetTimers':
      return all(args[0], (value ?? []) as Timer[]);
    case 'rangeGetDeadTimers':
      return all(args[0], (value ?? []) as Timer[], true);
    case 'readDueTimers':
      return value === null
        ? []
        : (value as DueTimers).shards.flatMap(({ shardId, timers }) => all(shardId, timers));
    default:
      return [];
  }
}

function run(target: CallTarget, method: ModelMethod, args: readonly unknown[]): unknown {
  return (target[method] as (...args: readonly unknown[]) => unknown).apply(target, [...args]);
}

/** A call of many shards has the errors of some of them in its answer. */
function withErrorFields(value: unknown): unknown {
  return Array.isArray(value) ? value.map((part) => (part instanceof Error ? fieldsOf(part) : part)) : value;
}

function fieldsOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof TimerStoreError)) {
    throw error;
  }
  const { cause: _cause, reason: _reason, ...fields } = error as TimerStoreError & { reason?: string };
  return { ...fields, class: error.constructor.name };
}

import { type Timer, TimerStoreError } from '../../src';
import type { TimerModel } from './timer-model';

/** One call of a store, as data, so that it can be generated, made smaller and printed. */
export interface ModelCall {
  readonly method: Exclude<keyof TimerModel, 'now' | 'clone' | 'content'>;
  readonly shardId: number;
  /** Of a fenced method: how far its version lags behind that of the shard. -1: a version yet to come. */
  readonly versionsBehind?: number;
  /** What follows the shard and its version. */
  readonly args: readonly unknown[];
}

/** A store, or its model. */
export type CallTarget = Pick<TimerModel, ModelCall['method']> | PromisedMethods;

type PromisedMethods = {
  [Method in ModelCall['method']]: (
    ...args: Parameters<TimerModel[Method]>
  ) => Promise<ReturnType<TimerModel[Method]>>;
};

/** What came of a call. Errors by what programs see of them; their texts are for people. */
export type Outcome = { readonly value: unknown } | { readonly error: Record<string, unknown> };

/** @param shardVersion for a fenced method: the version that the call lags behind. */
export function argsOf({ shardId, versionsBehind, args }: ModelCall, shardVersion: number): unknown[] {
  // Versions start at 1; less than that is refused as an argument.
  return versionsBehind === undefined
    ? [shardId, ...args]
    : [shardId, Math.max(1, shardVersion - versionsBehind), ...args];
}

export async function outcomeOf(
  target: CallTarget,
  method: ModelCall['method'],
  args: readonly unknown[],
): Promise<Outcome> {
  try {
    return { value: withoutRevisions(await run(target, method, args)) };
  } catch (error) {
    return { error: fieldsOf(error) };
  }
}

/** The same of the model, which answers at once. */
export function modelOutcomeOf(
  model: TimerModel,
  method: ModelCall['method'],
  args: readonly unknown[],
): Outcome {
  try {
    return { value: run(model, method, args) };
  } catch (error) {
    return { error: fieldsOf(error) };
  }
}

function run(target: CallTarget, method: ModelCall['method'], args: readonly unknown[]): unknown {
  return (target[method] as (...args: readonly unknown[]) => unknown).apply(target, [...args]);
}

/** What a store returns, without what is another one each time. */
export function withoutRevisions(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutRevisions);
  }
  if (typeof value !== 'object' || value === null || !('revision' in value)) {
    return value;
  }
  const { revision: _revision, updatedAt: _updatedAt, ...timer } = value as unknown as Timer;
  return timer;
}

function fieldsOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof TimerStoreError)) {
    throw error;
  }
  const { cause: _cause, reason: _reason, ...fields } = error as TimerStoreError & { reason?: string };
  return { ...fields, class: error.constructor.name };
}

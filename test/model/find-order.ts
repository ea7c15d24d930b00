import { isDeepStrictEqual } from 'node:util';
import { modelOutcomeOf } from './model-call';
import type { RecordedCall } from './run-schedule';
import type { TableContent, TimerModel } from './timer-model';

/**
 * Whether concurrent calls could have been made one after the other: in some order, in which none comes before a
 * call that had responded when it was invoked, the model gives the answers that were given, and holds the content
 * that was left. (This is linearizability, after Wing and Gong.)
 */
export function hasOrder(
  history: readonly RecordedCall[],
  model: TimerModel,
  content: TableContent,
): boolean {
  const deadEnds = new Set<string>();

  function search(left: readonly NumberedCall[], before: TimerModel): boolean {
    if (left.length === 0) {
      before.see(content);
      return isDeepStrictEqual(before.content(), content);
    }
    const state = JSON.stringify([left.map(({ number }) => number), before.content()]);
    if (deadEnds.has(state)) {
      return false;
    }
    const firstResponse = Math.min(...left.map((call) => call.responded));
    for (const call of left) {
      const after = before.clone();
      if (call.invoked < firstResponse && answersSo(after, call)) {
        const others = left.filter((other) => other !== call);
        if (search(others, after)) {
          return true;
        }
      }
    }
    deadEnds.add(state);
    return false;
  }

  const calls = history.flatMap(partsOf).map((call, number) => ({ ...call, number }));
  return search(calls, model);
}

type NumberedCall = RecordedCall & { readonly number: number };

/** Batches of timers are all or none each; together they need not be. */
function partsOf(call: RecordedCall): RecordedCall[] {
  const { method, args, outcome } = call;
  if (method !== 'createTimersOfShards' || 'error' in outcome) {
    return [call];
  }
  const results = outcome.value as unknown[];
  return (args[0] as unknown[]).map((batch, index) => ({
    ...call,
    args: [[batch]],
    outcome: { value: [results[index]] },
  }));
}

function answersSo(model: TimerModel, call: RecordedCall): boolean {
  const { method, args, outcome } = call;
  if (method === 'claimShardOwnership' && 'error' in outcome) {
    // In turn no claim loses. One that lost changes nothing, and the version that it saw is the past.
    const { code, expectedVersion } = outcome.error;
    const version = model.getShard(args[0] as number)?.shardVersion ?? 0;
    return code === 'SHARD_CONDITION_FAILED' && version > (expectedVersion as number);
  }
  const unlocked = method === 'settleTimers' ? withoutLocked(call) : call;
  return isDeepStrictEqual(modelOutcomeOf(model, unlocked), unlocked.outcome);
}

/** In turn no timer is locked. One that was is left alone. */
function withoutLocked(call: RecordedCall): RecordedCall {
  if ('error' in call.outcome) {
    return call;
  }
  const results = call.outcome.value as unknown[];
  const isUnlocked = (_: unknown, place: number) => results[place] !== 'locked';
  const settlements = (call.args[0] as unknown[]).filter(isUnlocked);
  return { ...call, args: [settlements], outcome: { value: results.filter(isUnlocked) } };
}

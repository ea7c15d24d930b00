import { isDeepStrictEqual } from 'node:util';
import type { ShardClaim } from '../../src';
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

  function search(left: readonly RecordedCall[], before: TimerModel): boolean {
    if (left.length === 0) {
      return isDeepStrictEqual(before.content(), content);
    }
    const state = JSON.stringify([left.map((call) => call.invoked), before.content()]);
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

  return search(history, model);
}

function answersSo(model: TimerModel, { method, shardId, args, outcome }: RecordedCall): boolean {
  if ('error' in outcome && outcome.error['code'] === 'STORE_UNAVAILABLE') {
    // A deadlock, which the server has broken: nothing was applied.
    return true;
  }
  if (method === 'claimShardOwnership') {
    if ('error' in outcome) {
      // In turn no claim loses. One that lost changes nothing, and the version that it saw is the past.
      const { code, expectedVersion } = outcome.error;
      const version = model.getShard(shardId)?.shardVersion ?? 0;
      return code === 'SHARD_CONDITION_FAILED' && version > (expectedVersion as number);
    }
    model.now = (outcome.value as ShardClaim).current.claimedAt;
  }
  return isDeepStrictEqual(modelOutcomeOf(model, method, args), outcome);
}

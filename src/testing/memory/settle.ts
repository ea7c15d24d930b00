import { newRevision } from '../../contract/new-revision';
import type { SettlementResult } from '../../contract/settlement';
import type { SettlementValues, UnfinishedValues } from '../../validation/settlement';
import type { MemoryShard } from './memory-shard';
import { placeOf, type TimerRow } from './timer-row';
import type { TimerRows } from './timer-rows';

/** What of a shard is to be put in the place of what there is. */
type Draft = Pick<MemoryShard, 'living' | 'dead'>;

/**
 * Settles all of them, or throws and settles none.
 *
 * @throws InvalidArgumentError one would come to the place of another timer.
 */
export function settle(
  settlements: readonly SettlementValues[],
  shardOf: (shardId: number) => MemoryShard,
  nowMs: number,
): SettlementResult[] {
  const drafts = new Map<MemoryShard, Draft>();
  const settled = new Set<TimerRow>();
  const results = settlements.map((settlement): SettlementResult => {
    const shard = shardOf(settlement.shardId);
    const row = findDelivered(shard, settlement);
    if (typeof row !== 'object') {
      return row;
    }
    if (settled.has(row)) {
      // After its first settlement, the timer is no longer what was delivered.
      return 'changed';
    }
    settled.add(row);
    const draft = drafts.get(shard) ?? { living: shard.living.copy(), dead: shard.dead.copy() };
    drafts.set(shard, draft);
    apply(draft, row, settlement.rest, nowMs, newRevision());
    return 'settled';
  });
  for (const [shard, { living, dead }] of drafts) {
    shard.living = living;
    shard.dead = dead;
  }
  return results;
}

/** The row that was delivered, or why there is none. */
function findDelivered(shard: MemoryShard, settlement: SettlementValues): TimerRow | 'changed' | 'lost' {
  if (shard.info?.shardVersion !== settlement.shardVersion) {
    return 'lost';
  }
  const row = shard.living.at(placeOf(settlement));
  return row?.revision === settlement.revision ? row : 'changed';
}

function apply(
  { living, dead }: Draft,
  row: TimerRow,
  rest: UnfinishedValues | undefined,
  nowMs: number,
  revision: string,
): void {
  if (rest === undefined) {
    living.delete(row);
    return;
  }
  const { outcome, payload } = rest;
  const settled: TimerRow = {
    ...row,
    executeAtMs: rest.nextExecuteAt.getTime(),
    ...(payload !== undefined && { payload }),
    dueAtMs: outcome === 'dead' ? row.dueAtMs : (rest.dueAt?.getTime() ?? null),
    firstAttemptAtMs: rest.firstAttemptAt?.getTime() ?? null,
    attempts: rest.attempts,
    lastError: rest.lastError,
    updatedAtMs: nowMs,
    revision: rest.newRevision ?? revision,
  };
  const rows: TimerRows = outcome === 'dead' ? dead : living;
  rows.put(settled);
  if (outcome === 'dead') {
    living.delete(row);
  }
}

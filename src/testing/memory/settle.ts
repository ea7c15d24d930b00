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
  const found = new Map<TimerRow, SettlementValues>();
  const results = settlements.map((settlement): SettlementResult => {
    const row = findDelivered(shardOf(settlement.shardId), settlement);
    if (typeof row !== 'object') {
      return row;
    }
    if (found.has(row)) {
      // After its first settlement, the timer is no longer what was delivered.
      return 'changed';
    }
    found.set(row, settlement);
    return 'settled';
  });
  const drafts = new Map<MemoryShard, Draft>();
  const draftOf = ({ shardId }: SettlementValues): Draft => {
    const shard = shardOf(shardId);
    const draft = drafts.get(shard) ?? { living: shard.living.copy(), dead: shard.dead.copy() };
    drafts.set(shard, draft);
    return draft;
  };
  // As the server does: first all goes that makes room for others.
  for (const [row, settlement] of found) {
    const { living, dead } = draftOf(settlement);
    if (settlement.rest === undefined) {
      living.delete(row);
    } else if (settlement.rest.outcome === 'dead') {
      dead.delete(row);
    }
  }
  for (const [row, settlement] of found) {
    if (settlement.rest !== undefined) {
      move(draftOf(settlement), row, settlement.rest, nowMs, newRevision());
    }
  }
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

function move(
  { living, dead }: Draft,
  row: TimerRow,
  rest: UnfinishedValues,
  nowMs: number,
  revision: string,
): void {
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

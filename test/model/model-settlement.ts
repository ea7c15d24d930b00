import type { AgainSettlement, Settlement } from '../../src';
import { dead, living, type ModelRows, type ModelTimer, UNSEEN } from './model-rows';

/** A timer that is still as it was delivered, and what became of it. */
type Settled = readonly [timer: ModelTimer, settlement: Settlement];

/**
 * As one statement does, which matters where timers have the same time and uuid: what is done goes, and what dies
 * makes room for itself among the dead; then all is moved, shard by shard.
 */
export function settle(rows: ModelRows, settlements: readonly Settled[]): void {
  for (const [timer, { shardId, outcome }] of settlements) {
    if (outcome === 'done') {
      rows.remove(living(shardId), timer);
    } else if (outcome === 'dead') {
      rows.remove(dead(shardId), timer);
    }
  }
  for (const [timer, settlement] of [...settlements].sort(byShard)) {
    if (settlement.outcome !== 'done') {
      const { shardId, outcome, attempts, firstAttemptAt, lastError } = settlement;
      const next = outcome === 'again' ? nextRun(timer, settlement) : {};
      rows.remove(living(shardId), timer);
      rows.put(outcome === 'again' ? living(shardId) : dead(shardId), {
        ...timer,
        ...UNSEEN,
        ...next,
        attempts,
        firstAttemptAt,
        lastError,
      });
    }
  }
}

function nextRun(timer: ModelTimer, settlement: AgainSettlement): Partial<ModelTimer> {
  const { executeAt, dueAt, payload = timer.payload, revision } = settlement;
  return { executeAt, dueAt: dueAt ?? executeAt, payload, revision: revision ?? null };
}

function byShard([, a]: Settled, [, b]: Settled): number {
  return a.shardId - b.shardId;
}

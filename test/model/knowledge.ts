import type { NewTimer, Settlement, ShardClaim, Timer } from '../../src';
import { type MadeCall, type ModelCall, timersIn } from './model-call';

/** A batch of `createTimersOfShards`, before it is known under which version. */
export interface BatchOfCall {
  readonly shardId: number;
  /** Undefined: without a fence. */
  readonly versionsBehind?: number;
  readonly timers: readonly NewTimer[];
}

/** What is settled is a timer that was read before. */
export interface SettlementOfCall {
  /** How many were read since; in turns, if there are fewer. */
  readonly readsAgo: number;
  readonly versionsBehind: number;
  /** The rest of the settlement. */
  readonly outcome: Settlement['outcome'];
}

interface Delivery {
  readonly shardId: number;
  readonly timer: Timer;
}

/** What the answers to earlier calls have told: the next calls are made by it, as those of engines are. */
export class Knowledge {
  /** Of each shard, the newest that is known. */
  readonly #versions = new Map<number, number>();
  /** Living timers as they were read, the latest first. */
  readonly #deliveries: Delivery[] = [];

  learn(call: MadeCall): void {
    if (call.method === 'claimShardOwnership' && 'value' in call.outcome) {
      const { shardId, shardVersion } = (call.outcome.value as ShardClaim).current;
      this.#versions.set(shardId, Math.max(shardVersion, this.#versions.get(shardId) ?? 0));
    }
    for (const { place, timer } of timersIn(call)) {
      if (!place.isDead) {
        this.#deliveries.unshift({ shardId: place.shardId, timer });
      }
    }
  }

  argsOf({ method, shardId, versionsBehind, args }: ModelCall): unknown[] {
    switch (method) {
      case 'readDueTimers':
        return [...args];
      case 'createTimersOfShards':
        return [(args[0] as BatchOfCall[]).map((batch) => this.#batchOf(batch))];
      case 'settleTimers':
        return [(args[0] as SettlementOfCall[]).flatMap((settlement) => this.#settlementOf(settlement))];
      default: {
        const shard = shardId as number;
        return versionsBehind === undefined
          ? [shard, ...args]
          : [shard, this.#versionOf(shard, versionsBehind), ...args];
      }
    }
  }

  #batchOf({ shardId, versionsBehind, timers }: BatchOfCall): object {
    return versionsBehind === undefined
      ? { shardId, timers }
      : { shardId, shardVersion: this.#versionOf(shardId, versionsBehind), timers };
  }

  /** None, if nothing has been read yet. */
  #settlementOf({ readsAgo, versionsBehind, ...rest }: SettlementOfCall): object[] {
    const delivery = this.#deliveries[readsAgo % this.#deliveries.length];
    return delivery === undefined
      ? []
      : [{ ...delivery, shardVersion: this.#versionOf(delivery.shardId, versionsBehind), ...rest }];
  }

  /** Versions start at 1; less than that is refused as an argument. */
  #versionOf(shardId: number, versionsBehind: number): number {
    return Math.max(1, (this.#versions.get(shardId) ?? 1) - versionsBehind);
  }
}

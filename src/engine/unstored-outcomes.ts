import type { Settlement } from '../contract/settlement';
import type { LoadedTimer } from './owned-shard';

/**
 * What became of deliveries whose shard was lost before it was stored. If the shard comes back, and a row is still the one that was
 * delivered, nobody has to deliver it again. Without that, a process that loses its shards under load, and gets them back, has the
 * same load once more.
 */
export class UnstoredOutcomes {
  readonly #max: number;
  /** By the revision that was delivered: the oldest first. */
  readonly #settlements = new Map<string, Settlement>();

  /** @param max beyond so many, the oldest are forgotten: their timers are delivered again. */
  constructor(max: number) {
    this.#max = max;
  }

  add(settlement: Settlement): void {
    // Without the payload, which may be large.
    const { namespace, id, uuid, executeAt, revision } = settlement.timer;
    this.#settlements.set(revision, { ...settlement, timer: { namespace, id, uuid, executeAt, revision } });
    const [oldest] = this.#settlements.keys();
    if (this.#settlements.size > this.#max && oldest !== undefined) {
      this.#settlements.delete(oldest);
    }
  }

  /** What is to be stored of a timer that was read, by the version that its shard has now; undefined: it is to be delivered. */
  take({ shard: { shardId, shardVersion }, timer }: LoadedTimer): Settlement | undefined {
    const settlement = this.#settlements.get(timer.revision);
    if (
      settlement?.shardId !== shardId ||
      settlement.timer.namespace !== timer.namespace ||
      settlement.timer.id !== timer.id
    ) {
      return undefined;
    }
    this.#settlements.delete(timer.revision);
    return { ...settlement, shardVersion, timer };
  }
}

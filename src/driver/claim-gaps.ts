import type { Deadline } from './deadline';

/** How long the writes of one shard may overlap before they leave a gap. */
const MAX_OVERLAP_MS = 10;

/** Writes of one shard, each of which began before the others had ended. */
interface Overlap {
  readonly since: number;
  underWay: number;
  /** Called at the end. */
  readonly waiting: (() => void)[];
}

/**
 * Sees to it that a claim does not wait without end. PostgreSQL lets a share lock overtake an exclusive one that waits
 * for other share locks: while fenced writes overlap, whoever claims their shard waits. So, when they have overlapped
 * for a while, the next of them wait until none is under way. In that gap a waiting claim comes first: the server
 * wakes it at the end of the last write, before this process knows of that end.
 */
export class ClaimGaps {
  readonly #overlaps = new Map<number, Overlap>();

  /** @throws the deadline's error, if it is over before there was a gap. */
  async run<T>(shardId: number, deadline: Deadline, write: () => Promise<T>): Promise<T> {
    const overlap = await this.#enter(shardId, deadline);
    try {
      return await write();
    } finally {
      overlap.underWay--;
      if (overlap.underWay === 0) {
        this.#overlaps.delete(shardId);
        for (const end of overlap.waiting) {
          end();
        }
      }
    }
  }

  async #enter(shardId: number, deadline: Deadline): Promise<Overlap> {
    for (;;) {
      const overlap = this.#overlaps.get(shardId);
      if (overlap === undefined) {
        const begun = { since: performance.now(), underWay: 1, waiting: [] };
        this.#overlaps.set(shardId, begun);
        return begun;
      }
      if (performance.now() - overlap.since <= MAX_OVERLAP_MS) {
        overlap.underWay++;
        return overlap;
      }
      await new Promise<void>((resolve, reject) => {
        const stopListening = deadline.whenOver(() => reject(deadline.error(true)));
        overlap.waiting.push(() => {
          stopListening();
          resolve();
        });
      });
    }
  }
}

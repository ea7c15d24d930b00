/** The revision of what is not there. */
export const ABSENT = 0;

/** The revision that a write makes of each key, all of them or none. */
export type Changes = ReadonlyMap<string, number>;

/** What is there, by key. */
export type Content = ReadonlyMap<string, number>;

/** A write that is under way, or whose outcome nobody knows: both states are possible. */
export interface OpenWrite {
  acknowledged(): void;
  refused(): void;
}

/** What may be in a shard, key by key, going by what was acknowledged. Each key has one writer at a time. */
export class Ledger {
  readonly #settled = new Map<string, number>();
  readonly #open = new Map<string, Changes>();

  /** Opens a write, before it is sent. */
  open(changes: Changes): OpenWrite {
    for (const key of changes.keys()) {
      if (this.#open.has(key)) throw new Error(`${key} has two writers`);
      this.#open.set(key, changes);
    }
    const close = (outcome: Changes) => {
      for (const [key, revision] of outcome) this.#settled.set(key, revision);
      for (const key of changes.keys()) {
        this.#open.delete(key);
        if (this.#settled.get(key) === ABSENT) this.#settled.delete(key);
      }
    };
    return { acknowledged: () => close(changes), refused: () => close(new Map()) };
  }

  /** What is known to be there, and free to be written. */
  get freeKeys(): string[] {
    return [...this.#settled.keys()].filter((key) => !this.#open.has(key));
  }

  /** In words, what is lost, and what is there and may not be. */
  faults(content: Content): string[] {
    const keys = new Set([...content.keys(), ...this.#settled.keys(), ...this.#open.keys()]);
    return [...keys].flatMap((key) => {
      const settled = this.#settled.get(key) ?? ABSENT;
      const possible = [settled, this.#open.get(key)?.get(key) ?? settled];
      const found = content.get(key) ?? ABSENT;
      return possible.includes(found)
        ? []
        : [`${key} is at revision ${found}, not at ${possible.join(' or ')}`];
    });
  }

  /**
   * Closes the writes of unknown outcome by what is there. They must be over: under a version that has been claimed
   * away, they are.
   *
   * @returns how many there were, and those that were applied by half, in words.
   */
  settle(content: Content): { applied: number; notApplied: number; faults: string[] } {
    const outcomes = { applied: 0, notApplied: 0, faults: [] as string[] };
    for (const changes of new Set(this.#open.values())) {
      const found = [...changes].map(([key, revision]) => (content.get(key) ?? ABSENT) === revision);
      outcomes[found[0] === true ? 'applied' : 'notApplied']++;
      if (new Set(found).size > 1) {
        outcomes.faults.push(
          `a write of ${found.length} timers was applied to ${found.filter(Boolean).length}`,
        );
      }
    }
    this.#open.clear();
    this.#settled.clear();
    for (const [key, revision] of content) this.#settled.set(key, revision);
    return outcomes;
  }
}

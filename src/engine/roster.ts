import type { EngineClock } from './engine-clock';
import { ownerOf } from './rendezvous';

/**
 * So long, in milliseconds, those who were members before are counted on after this process was lost: what kept it from
 * saying that it lives has kept them, most likely, and they are back with their next beats. The first who is back would
 * claim all shards otherwise, to hand them over a moment later.
 */
const RETURN_MS = 2000;

/** Who is to own which shard, by the members as this process knows them. */
export class Roster {
  readonly #monotonic: EngineClock;
  readonly #onChange: () => void;
  #members: readonly string[] = [];
  /** Who was a member when this process was lost. */
  #former: readonly string[] = [];
  #stopWaiting = () => {};

  /** @param onChange nobody is counted on any more who is not back. */
  constructor(monotonic: EngineClock, onChange: () => void) {
    this.#monotonic = monotonic;
    this.#onChange = onChange;
  }

  /** None: this process may be taken for dead. */
  get members(): readonly string[] {
    return this.#members;
  }

  /** @returns whether that is news. */
  set(addresses: readonly string[]): boolean {
    if (addresses.join() === this.#members.join()) {
      return false;
    }
    if (this.#members.length === 0 && this.#former.length > 0) {
      this.#stopWaiting();
      this.#stopWaiting = this.#monotonic.after(RETURN_MS, () => {
        this.#former = [];
        this.#onChange();
      });
    }
    this.#members = [...addresses];
    return true;
  }

  lose(): void {
    if (this.#members.length > 0) {
      this.#former = this.#members;
    }
    this.#members = [];
  }

  stop(): void {
    this.#stopWaiting();
  }

  /** Undefined: nobody, as far as this process knows. */
  ownerOf(shardId: number): string | undefined {
    return this.#members.length === 0
      ? undefined
      : ownerOf(shardId, [...new Set([...this.#members, ...this.#former])]);
  }
}

import type { PostgresTimerStore } from '../../src';
import { type MembershipEvents, PostgresMembership, type PostgresMembershipOptions } from '../../src/engine';

/** What happened to a member: the addresses that it was told, or why it was lost. */
export type MemberEvent = readonly string[] | Error;

/** A member that keeps what it is told, for tests to wait for. */
export class ObservedMember implements MembershipEvents {
  readonly membership: PostgresMembership;
  readonly events: MemberEvent[] = [];
  #read = 0;
  #onEvent: (() => void) | undefined;

  constructor(store: PostgresTimerStore, options?: PostgresMembershipOptions) {
    this.membership = new PostgresMembership(store, options);
  }

  onMembers(addresses: readonly string[]): void {
    this.#add(addresses);
  }

  onLost(error: Error): void {
    this.#add(error);
  }

  /** The next event that no call of this has returned yet. */
  async next(): Promise<MemberEvent> {
    while (this.events.length === this.#read) {
      await new Promise<void>((resolve) => {
        this.#onEvent = resolve;
      });
    }
    return this.events[this.#read++] as MemberEvent;
  }

  #add(event: MemberEvent): void {
    this.events.push(event);
    this.#onEvent?.();
  }
}

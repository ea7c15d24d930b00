import type { Membership, MembershipEvents } from '../../src/engine';

/** Members as a test says. */
export class ToldMembership implements Membership {
  #events: MembershipEvents | undefined;
  constructor(private members: readonly string[]) {}
  async join(_: string, events: MembershipEvents): Promise<void> {
    this.#events = events;
    events.onMembers(this.members);
  }
  tell(...members: string[]): void {
    this.members = members;
    this.#events?.onMembers(members);
  }
  lose(): void {
    this.#events?.onLost(new Error('lost'));
  }
  async refresh(): Promise<void> {}
  async leave(): Promise<void> {}
}

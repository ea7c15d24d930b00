/** Which processes live, as each of them sees it: by it, engines agree on who owns which shard. */
export interface Membership {
  /**
   * Makes this process a member, from when it resolves. `events` is told of the members then, and at each change.
   *
   * @param address of this process, unique among living ones.
   * @throws TimerStoreError there is no way to join now.
   */
  join(address: string, events: MembershipEvents): Promise<void>;

  /** Looks for changes now, not at the next beat. */
  refresh(): Promise<void>;

  /** Says that this process is no member any more, so that others need not wait for its beats. Idempotent. */
  leave(): Promise<void>;
}

/** What a member is told. */
export interface MembershipEvents {
  /** The addresses of all who live, this process among them, in order. */
  onMembers(addresses: readonly string[]): void;
  /**
   * Others may take this process for dead: it could not beat in time, or another process has its address. It is to own
   * nothing until `onMembers` is called again.
   */
  onLost(error: Error): void;
}

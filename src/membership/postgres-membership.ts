import { InvalidArgumentError } from '../contract/errors';
import type { Membership, MembershipEvents } from '../contract/membership';
import { checkText, show } from '../contract/scalars';
import type { PostgresTimerStore } from '../postgres/postgres-timer-store';
import { type RunStatement, statementsOf } from '../postgres/store-statements';
import { checkMethod } from '../validation/objects';
import { Member } from './member';
import { type Pace, type PostgresMembershipOptions, parsePace } from './pace';

/**
 * Membership by a table, `timer_members`, beside the timers: one row for each living process, kept alive by one
 * statement a beat. Who lives is decided by the server's clock. Keeps no process alive.
 *
 * @example
 * const membership = new PostgresMembership(store, { beatMs: 500 }); // dead after 1.5 s without a beat
 */
export class PostgresMembership implements Membership {
  readonly #run: RunStatement;
  readonly #pace: Pace;
  #member: Member | undefined;

  /**
   * @param store on whose pool the beats go out.
   * @throws InvalidArgumentError
   */
  constructor(store: PostgresTimerStore, options: PostgresMembershipOptions = {}) {
    this.#run = statementsOf('store', store);
    this.#pace = parsePace(options);
  }

  /**
   * A process that has the address already is told by {@link AddressTakenError} that it is no member any more: a process
   * that was started anew has the address of its former self.
   *
   * @throws InvalidArgumentError also if this membership has joined already, and has not left.
   * @throws CallAbortedError `leave` was called meanwhile.
   * @throws SchemaMismatchError the database is not migrated.
   * @throws StoreUnavailableError and what else a call of the store may throw.
   */
  async join(address: string, events: MembershipEvents): Promise<void> {
    checkText('address', address);
    checkMethod('events', events, 'onMembers');
    checkMethod('events', events, 'onLost');
    if (this.#member?.isOver === false) {
      const reason = `must not be given while this membership has joined as ${show(this.#member.address)}: leave first`;
      throw new InvalidArgumentError('address', reason);
    }
    const member = new Member(this.#run, this.#pace, address, events);
    this.#member = member;
    await member.join();
  }

  /**
   * Beats now. What this tells of is told before it resolves; and that no beat was acknowledged in time, before it
   * returns. Does nothing before `join` and after `leave`.
   *
   * @throws AddressTakenError
   * @throws StoreUnavailableError and what else a call of the store may throw; the next beat is a try again.
   */
  async refresh(): Promise<void> {
    await this.#member?.refresh();
  }

  /**
   * Idempotent, and does nothing before `join`. When it returns, no event comes any more.
   *
   * @throws StoreUnavailableError and what else a call of the store may throw: the others then wait until this process
   *   counts as dead, unless another call succeeds before.
   */
  async leave(): Promise<void> {
    await this.#member?.leave();
  }
}

import { CallAbortedError } from '../contract/errors';
import type { MembershipEvents } from '../contract/membership';
import { AddressTakenError, MembershipLostError } from '../contract/membership-errors';
import { newRevision } from '../contract/new-revision';
import { type BeatResult, beat, leaveMembers } from '../generated/membership.queries';
import type { RunStatement } from '../postgres/store-statements';
import type { Pace } from './pace';

/** How a beat ended: by its answer, or without one. */
type Outcome = { readonly rows: readonly BeatResult[] } | { readonly failure: unknown };

/** A process from one join until it leaves, or until another process has its address. Times are those of this process. */
export class Member {
  readonly #run: RunStatement;
  readonly #pace: Pace;
  readonly address: string;
  readonly #events: MembershipEvents;
  /** By it, the process knows its row from that of another with its address. */
  readonly #incarnation = newRevision();
  readonly #stop = new AbortController();
  readonly #underWay = new Set<Promise<Outcome>>();
  #hasJoined = false;
  #isLost = false;
  #taken: AddressTakenError | undefined;
  /** When the last beat was sent that is acknowledged. */
  #lastBeatAt = Number.NEGATIVE_INFINITY;
  #nextBeatAt = 0;
  #failure: unknown;
  #told: readonly string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #leaving: Promise<void> | undefined;

  constructor(run: RunStatement, pace: Pace, address: string, events: MembershipEvents) {
    this.#run = run;
    this.#pace = pace;
    this.address = address;
    this.#events = events;
  }

  get isOver(): boolean {
    return this.#stop.signal.aborted;
  }

  async join(): Promise<void> {
    let failure = await this.#beat(true);
    // What took longer than the others wait says little of now.
    if (failure === undefined && this.#isOverdue()) {
      failure = await this.#beat();
    }
    if (failure !== undefined) {
      this.#end();
      throw failure;
    }
    if (this.isOver) {
      throw this.#taken ?? new CallAbortedError('join', false, { cause: this.#stop.signal.reason });
    }
  }

  async refresh(): Promise<void> {
    if (!this.isOver) {
      this.#noticeLoss();
      const failure = await this.#beat();
      if (failure !== undefined && !this.isOver) {
        throw failure;
      }
    }
    if (this.#taken !== undefined) {
      throw this.#taken;
    }
  }

  leave(): Promise<void> {
    this.#leaving ??= this.#leave().catch((error: unknown) => {
      this.#leaving = undefined;
      throw error;
    });
    return this.#leaving;
  }

  async #leave(): Promise<void> {
    this.#end();
    // A beat that came after the row is deleted would write it again.
    await Promise.all(this.#underWay);
    const { address } = this;
    const params = { address, incarnation: this.#incarnation };
    // Later, the row counts as dead anyway.
    await this.#run('write', 'leave', leaveMembers, params, { timeoutMs: this.#pace.allowanceMs });
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#stop.abort(new Error('leave was called'));
  }

  /** @returns why there was no answer. */
  async #beat(isJoin = false): Promise<unknown> {
    const sentAt = performance.now();
    this.#nextBeatAt = sentAt + this.#pace.beatMs;
    this.#plan();
    const sending = this.#send(isJoin);
    this.#underWay.add(sending);
    const outcome = await sending;
    this.#underWay.delete(sending);
    if (this.isOver) {
      return 'failure' in outcome ? outcome.failure : undefined;
    }
    if ('failure' in outcome) {
      this.#failure = outcome.failure;
      this.#nextBeatAt = Math.min(this.#nextBeatAt, performance.now() + this.#pace.retryMs);
      this.#plan();
      return outcome.failure;
    }
    this.#hear(outcome.rows, sentAt, isJoin);
    return undefined;
  }

  async #send(isJoin: boolean): Promise<Outcome> {
    const { address } = this;
    const { beatMs, allowanceMs } = this.#pace;
    const params = { address, incarnation: this.#incarnation, allowanceMs, isJoin };
    const { signal } = this.#stop;
    try {
      const { rows } = isJoin
        ? await this.#run('write', 'join', beat, params, { signal })
        : await this.#run('write', 'beat', beat, params, { signal, timeoutMs: beatMs });
      return { rows };
    } catch (failure) {
      return { failure };
    }
  }

  #hear(rows: readonly BeatResult[], sentAt: number, isJoin: boolean): void {
    const own = rows.find(({ address }) => address === this.address);
    if (own === undefined) {
      this.#taken = new AddressTakenError(this.address);
      this.#end();
      this.#events.onLost(this.#taken);
      return;
    }
    // A later beat has been answered before.
    if (sentAt < this.#lastBeatAt) {
      return;
    }
    this.#noticeLoss();
    this.#lastBeatAt = sentAt;
    if (this.#isOverdue()) {
      return;
    }
    // The server's clock was set, or this machine was asleep, and its clock with it.
    if (own.leftMs === 0 && !isJoin && !this.#isLost) {
      this.#lose();
    }
    // Told of the loss, the process may have left.
    if (this.isOver) {
      return;
    }
    const others = rows.filter((row) => row !== own);
    // At the moment at which the next of them would die, in whole milliseconds, which are those of timers.
    const nextDeathMs = Math.min(...others.map(({ leftMs }) => leftMs)) + 1;
    this.#nextBeatAt = Math.min(this.#nextBeatAt, performance.now() + nextDeathMs);
    this.#tell(rows.map(({ address }) => address));
    this.#plan();
  }

  #tell(addresses: readonly string[]): void {
    const told = this.#told;
    const isNews =
      !this.#hasJoined ||
      this.#isLost ||
      addresses.length !== told.length ||
      addresses.some((address, index) => address !== told[index]);
    this.#hasJoined = true;
    this.#isLost = false;
    this.#failure = undefined;
    this.#told = addresses;
    if (isNews) {
      this.#events.onMembers(addresses);
    }
  }

  #isOverdue(): boolean {
    return performance.now() - this.#lastBeatAt >= this.#pace.lossMs;
  }

  #noticeLoss(): void {
    if (this.#hasJoined && !this.#isLost && this.#isOverdue()) {
      this.#lose();
    }
  }

  #lose(): void {
    this.#isLost = true;
    const options = this.#failure === undefined ? undefined : { cause: this.#failure };
    this.#events.onLost(new MembershipLostError(this.address, options));
  }

  /** Keeps no process alive. */
  #plan(): void {
    clearTimeout(this.#timer);
    if (!this.#hasJoined || this.isOver) {
      return;
    }
    const lossAt = this.#isLost ? Number.POSITIVE_INFINITY : this.#lastBeatAt + this.#pace.lossMs;
    const delay = Math.max(0, Math.min(this.#nextBeatAt, lossAt) - performance.now());
    this.#timer = setTimeout(() => this.#wake(), Math.ceil(delay)).unref();
  }

  #wake(): void {
    // The loop may have been blocked, or the process stopped, for any time.
    this.#noticeLoss();
    if (!this.isOver && performance.now() >= this.#nextBeatAt) {
      void this.#beat();
    } else {
      this.#plan();
    }
  }
}

import { InvalidArgumentError } from '../contract/errors';
import type { Membership } from '../contract/membership';
import type { TimerStore } from '../contract/timer-store';
import { publishEngineEvent } from '../telemetry/engine-channel';
import type { Announcer } from './announcer';
import { Claims } from './claims';
import type { EngineClock } from './engine-clock';
import type { OwnedShard } from './owned-shard';
import { Roster } from './roster';
import { serverOf } from './server-lanes';
import { within } from './within';

/** Of several servers, those that are silent for longer, in milliseconds, keep a process that stops from leaving no more. */
const LEAVE_ANYWAY_MS = 2000;

/** Has what was handed over, and no engine has the address: whoever is to have the shard claims it at once. */
export const NOBODY = 'nobody';

export interface OwnershipOptions {
  readonly store: TimerStore;
  readonly shardCount: number;
  readonly address: string;
  /** Undefined: this process alone owns every shard. */
  readonly membership: Membership | undefined;
  readonly monotonic: EngineClock;
  readonly announcer: Announcer;
  readonly onOwned: (shard: OwnedShard) => void;
  /** It was lost, or handed over. */
  readonly onGone: (shard: OwnedShard) => void;
  /** Resolves once nobody who claims these shards would deliver what is under way of them. */
  readonly onLeaving: (shards: readonly OwnedShard[]) => Promise<void>;
}

/** Which shards this process owns: it has claimed what is to be its own, and hands over what is to be another's. */
export class Ownership {
  readonly #options: OwnershipOptions;
  readonly #shards = new Map<number, OwnedShard>();
  readonly #roster: Roster;
  readonly #claims: Claims;
  /** Without membership: what other processes have claimed stays theirs. */
  readonly #takenAway = new Set<number>();
  /** Or may be, since nobody can tell what became of a join that failed. */
  #isMember = false;

  constructor(options: OwnershipOptions) {
    this.#options = options;
    this.#roster = new Roster(options.monotonic, () => this.look());
    const { address, membership } = options;
    this.#claims = new Claims({
      ...options,
      isWanted: (shardId) =>
        !this.#shards.has(shardId) &&
        !this.#takenAway.has(shardId) &&
        this.#roster.ownerOf(shardId) === address,
      isMember: (owner) => membership !== undefined && this.members.includes(owner),
      onClaimed: (shard) => this.#own(shard),
    });
  }

  get shards(): ReadonlyMap<number, OwnedShard> {
    return this.#shards;
  }

  get members(): readonly string[] {
    return this.#roster.members;
  }

  /** Resolves once this process is a member, and has what nobody else has. */
  async start(): Promise<void> {
    const { membership, address } = this.#options;
    if (membership === undefined) {
      this.#roster.set([address]);
    } else {
      this.#isMember = true;
      try {
        await membership.join(address, {
          onMembers: (addresses) => this.#setMembers(addresses),
          onLost: (error) => this.#loseAll(error),
        });
      } catch (error) {
        // One that was refused has done nothing: the membership may be that of another engine.
        this.#isMember = !(error instanceof InvalidArgumentError);
        throw error;
      }
    }
    await this.lookNow();
  }

  /** Another process has claimed it. */
  lose(shard: OwnedShard): void {
    if (this.#shards.get(shard.shardId) !== shard) {
      return;
    }
    shard.lose();
    this.#remove(shard);
    publishEngineEvent({ type: 'shard-lost', shardId: shard.shardId, shardVersion: shard.shardVersion });
    if (this.#options.membership === undefined) {
      this.#takenAway.add(shard.shardId);
    } else {
      this.#claims.lookLater();
    }
  }

  /** Others may have handed over shards that are to be this process's. */
  look(): void {
    this.#claims.look();
  }

  /** Resolves once this process has what nobody else has by now. */
  async lookNow(): Promise<void> {
    this.#claims.look();
    await this.#claims.whenIdle();
  }

  /** Claims nothing more. What is owned stays so, for what is still to be settled. */
  async stop(): Promise<void> {
    this.#roster.stop();
    await this.#claims.stop();
  }

  /** Others claim what is owned, once what has ended of it is settled. What is under way goes on. */
  async handOverAll(): Promise<void> {
    if (this.#options.membership === undefined) {
      return;
    }
    const shards = [...this.#shards.values()];
    for (const shard of shards) {
      shard.isLeaving = true;
    }
    const ready = this.#atEachServer(shards, async (its) => {
      await this.#options.onLeaving(its);
      await Promise.all(its.map((shard) => shard.whenIdle()));
      this.#letGo(its);
    });
    if (ready.length > 0) {
      await Promise.race(ready);
      await within(LEAVE_ANYWAY_MS, Promise.all(ready));
    }
    await this.#leaveMembers().catch((error: unknown) => publishEngineEvent({ type: 'leave-failed', error }));
  }

  async leave(): Promise<void> {
    this.#letGo([...this.#shards.values()]);
    await this.#leaveMembers();
  }

  /** Others have these from the moment on in which this process leaves. */
  #letGo(shards: readonly OwnedShard[]): void {
    if (this.#options.membership !== undefined) {
      for (const shard of shards) {
        shard.isHandedOver = true;
        this.#remove(shard);
      }
    }
  }

  async #leaveMembers(): Promise<void> {
    const { membership, announcer } = this.#options;
    if (membership !== undefined && this.#isMember) {
      await membership.leave();
      this.#isMember = false;
      // Those who are left need not wait for their next look at the members.
      announcer.addAny();
      await announcer.whenIdle();
    }
  }

  #setMembers(addresses: readonly string[]): void {
    if (!this.#roster.set(addresses)) {
      return;
    }
    publishEngineEvent({ type: 'members-changed', addresses });
    if (this.#claims.isStopped) {
      return;
    }
    void this.#handOverOthers([...this.#shards.values()]);
    this.#claims.look();
  }

  #loseAll(error: Error): void {
    this.#roster.lose();
    publishEngineEvent({ type: 'membership-lost', error });
    for (const shard of [...this.#shards.values()]) {
      this.lose(shard);
    }
  }

  /** What of these is to be another's. */
  async #handOverOthers(shards: readonly OwnedShard[]): Promise<void> {
    const { address, onLeaving } = this.#options;
    const leaving = shards.filter(
      (shard) => !shard.isLeaving && this.#roster.ownerOf(shard.shardId) !== address,
    );
    for (const shard of leaving) {
      shard.isLeaving = true;
    }
    const handedOver = this.#atEachServer(leaving, async (its) => {
      await onLeaving(its);
      await Promise.all(its.map((shard) => this.#handOver(shard)));
    });
    await Promise.all(handedOver);
  }

  /** Side by side: one that is silent keeps no other waiting. */
  #atEachServer(
    shards: readonly OwnedShard[],
    call: (its: readonly OwnedShard[]) => Promise<void>,
  ): Promise<void>[] {
    const shardsAt = new Map<unknown, OwnedShard[]>();
    for (const shard of shards) {
      const server = serverOf(this.#options.store, shard.shardId);
      shardsAt.set(server, [...(shardsAt.get(server) ?? []), shard]);
    }
    return [...shardsAt.values()].map(call);
  }

  /** To nobody: the members may change before whose it is to be has claimed it, and would wait for that one. */
  async #handOver(shard: OwnedShard): Promise<void> {
    const { store, announcer, address } = this.#options;
    const { shardId } = shard;
    await shard.whenIdle();
    if (shard.isLost || this.#claims.isStopped) {
      return;
    }
    const to = this.#roster.ownerOf(shardId) ?? address;
    shard.isHandedOver = true;
    try {
      await store.claimShardOwnership(shardId, NOBODY);
      this.#remove(shard);
      publishEngineEvent({ type: 'shard-handed-over', shardId, to });
      announcer.addAny();
    } catch (error) {
      // Whose it is to be waits no longer than it has to, and takes it.
      publishEngineEvent({ type: 'claim-failed', shardId, error });
      this.lose(shard);
    }
    this.#claims.lookLater();
  }

  #own(shard: OwnedShard): void {
    const { shardId, shardVersion } = shard;
    this.#shards.set(shardId, shard);
    publishEngineEvent({ type: 'shard-claimed', shardId, shardVersion });
    this.#options.onOwned(shard);
    // The members may have changed while the claim was under way.
    void this.#handOverOthers([shard]);
  }

  /** Unless it was before: it may be this process's again by now. */
  #remove(shard: OwnedShard): void {
    if (this.#shards.get(shard.shardId) === shard) {
      this.#shards.delete(shard.shardId);
      this.#options.onGone(shard);
    }
  }
}

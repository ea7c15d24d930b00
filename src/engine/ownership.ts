import { ZERO_CURSOR } from '../contract/cursor';
import { InvalidArgumentError, ShardConditionFailedError } from '../contract/errors';
import type { Membership } from '../contract/membership';
import type { TimerStore } from '../contract/timer-store';
import { publishEngineEvent } from '../telemetry/engine-channel';
import type { Announcer } from './announcer';
import type { EngineClock } from './engine-clock';
import { OwnedShard } from './owned-shard';
import { Roster } from './roster';
import { serverOf } from './server-lanes';
import { within } from './within';

/** Claims under way at a time. */
const MAX_CLAIMS = 8;

/** So long, in milliseconds, a shard is left to a living member: it hands it over at once, unless it does not know of it. */
const HAND_OVER_MS = 10_000;

/** Between two looks for shards that are to be had, in milliseconds, while there are some. */
const CLAIM_AGAIN_MS = 250;

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

/** Which shards this process owns: it claims what is to be its own, and hands over what is to be another's. */
export class Ownership {
  readonly #options: OwnershipOptions;
  readonly #shards = new Map<number, OwnedShard>();
  readonly #roster: Roster;
  /** When a shard was first wanted that another member has, by the monotonic clock. */
  readonly #wantedSince = new Map<number, number>();
  /** Without membership: what other processes have claimed stays theirs. */
  readonly #takenAway = new Set<number>();
  /** Of each server: what looks there for shards that are to be had. One that is silent keeps no other waiting. */
  readonly #claiming = new Map<unknown, Promise<void>>();
  /** Servers to look at once more: something may have changed since the look that is under way. */
  readonly #claimAgain = new Set<unknown>();
  /** Shards of which a claim is under way. */
  readonly #claims = new Set<number>();
  #stopWaiting = () => {};
  readonly #stopping = new AbortController();
  /** Or may be, since nobody can tell what became of a join that failed. */
  #isMember = false;

  constructor(options: OwnershipOptions) {
    this.#options = options;
    this.#roster = new Roster(options.monotonic, () => this.look());
  }

  get shards(): ReadonlyMap<number, OwnedShard> {
    return this.#shards;
  }

  get members(): readonly string[] {
    return this.#roster.members;
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted;
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
      this.#claimLater();
    }
  }

  /** Others may have handed over shards that are to be this process's. */
  look(): void {
    if (!this.#isStopped) {
      this.#claim();
    }
  }

  /** Resolves once this process has what nobody else has by now. */
  async lookNow(): Promise<void> {
    this.look();
    await Promise.all(this.#claiming.values());
  }

  /** Claims nothing more, and waits for no claim under way. What is owned stays so, for what is still to be settled. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#stopWaiting();
    this.#roster.stop();
    await Promise.all(this.#claiming.values());
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
    const { membership, store } = this.#options;
    if (membership !== undefined && this.#isMember) {
      await membership.leave();
      // Those who are left need not wait for their next look at the members.
      await store.announceDueTimers(null);
      this.#isMember = false;
    }
  }

  #setMembers(addresses: readonly string[]): void {
    if (!this.#roster.set(addresses)) {
      return;
    }
    publishEngineEvent({ type: 'members-changed', addresses });
    if (this.#isStopped) {
      return;
    }
    void this.#handOverOthers([...this.#shards.values()]);
    this.#claim();
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
    if (shard.isLost || this.#isStopped) {
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
    this.#claimLater();
  }

  /** Unless it was before: it may be this process's again by now. */
  #remove(shard: OwnedShard): void {
    if (this.#shards.get(shard.shardId) === shard) {
      this.#shards.delete(shard.shardId);
      this.#options.onGone(shard);
    }
  }

  #claimLater(): void {
    if (!this.#isStopped) {
      this.#stopWaiting();
      this.#stopWaiting = this.#options.monotonic.after(CLAIM_AGAIN_MS, () => this.#claim());
    }
  }

  /** Looks which shards are to be this process's, and are not yet. One such look at a time at each server. */
  #claim(): void {
    const { store, shardCount } = this.#options;
    for (let shardId = 0; shardId < shardCount; shardId++) {
      this.#claimAgain.add(serverOf(store, shardId));
    }
    for (const server of this.#claimAgain) {
      if (!this.#claiming.has(server)) {
        this.#claiming.set(server, this.#claimAt(server));
      }
    }
  }

  async #claimAt(server: unknown): Promise<void> {
    let isAllClaimed = true;
    while (this.#claimAgain.delete(server)) {
      isAllClaimed = (await this.#claimFree(this.#wantedAt(server))) && isAllClaimed;
    }
    this.#claiming.delete(server);
    if (!isAllClaimed) {
      this.#claimLater();
    }
  }

  #wantedAt(server: unknown): readonly number[] {
    const { store, shardCount, address } = this.#options;
    const wanted: number[] = [];
    for (let shardId = 0; shardId < shardCount && !this.#isStopped; shardId++) {
      if (this.#takenAway.has(shardId) || serverOf(store, shardId) !== server) {
        continue;
      }
      if (this.#roster.ownerOf(shardId) === address && !this.#shards.has(shardId)) {
        wanted.push(shardId);
      } else {
        this.#wantedSince.delete(shardId);
      }
    }
    return wanted;
  }

  /** Of shards of one server, those that nobody has. @returns whether all were claimed. */
  async #claimFree(shardIds: readonly number[]): Promise<boolean> {
    if (shardIds.length === 0) {
      return true;
    }
    try {
      const places = shardIds.map((shardId) => ({ shardId, after: ZERO_CURSOR }));
      const { signal } = this.#stopping;
      const { shards } = await this.#options.store.readDueTimers(places, 0, 1, { signal });
      const free = shards.filter(({ shardId, ownerAddr }) => this.#mayClaim(shardId, ownerAddr));
      const claimed = await this.#claimAll(free.map(({ shardId }) => shardId));
      return claimed === shardIds.length;
    } catch (error) {
      if (!this.#isStopped) {
        publishEngineEvent({ type: 'read-failed', error });
      }
      return false;
    }
  }

  #mayClaim(shardId: number, ownerAddr: string | null): boolean {
    const { address, membership, monotonic } = this.#options;
    const isFree = ownerAddr === null || ownerAddr === address || !this.members.includes(ownerAddr);
    if (membership === undefined || isFree) {
      return true;
    }
    const since = this.#wantedSince.get(shardId) ?? monotonic.now();
    this.#wantedSince.set(shardId, since);
    return monotonic.now() - since >= HAND_OVER_MS;
  }

  /** @returns how many were claimed. */
  async #claimAll(shardIds: readonly number[]): Promise<number> {
    const waiting = [...shardIds];
    let claimed = 0;
    const work = async () => {
      for (let shardId = waiting.shift(); shardId !== undefined; shardId = waiting.shift()) {
        claimed += Number(await this.#claimOne(shardId));
      }
    };
    await Promise.all(Array.from({ length: MAX_CLAIMS }, work));
    return claimed;
  }

  async #claimOne(shardId: number): Promise<boolean> {
    const { store, address, monotonic, onOwned } = this.#options;
    // The look of another server, too, may find it, where a worker of Citus was not known to have it.
    const isTaken = this.#claims.has(shardId) || this.#shards.has(shardId);
    if (isTaken || this.#isStopped || this.#roster.ownerOf(shardId) !== address) {
      return false;
    }
    this.#claims.add(shardId);
    const sentAt = monotonic.now();
    try {
      const { current } = await store.claimShardOwnership(shardId, address, {
        signal: this.#stopping.signal,
      });
      const shard = new OwnedShard(shardId, current.shardVersion);
      shard.confirmedAt = sentAt;
      this.#wantedSince.delete(shardId);
      this.#shards.set(shardId, shard);
      publishEngineEvent({ type: 'shard-claimed', shardId, shardVersion: current.shardVersion });
      onOwned(shard);
      // The members may have changed while the claim was under way.
      void this.#handOverOthers([shard]);
      return true;
    } catch (error) {
      if (!(error instanceof ShardConditionFailedError) && !this.#isStopped) {
        publishEngineEvent({ type: 'claim-failed', shardId, error });
      }
      return false;
    } finally {
      this.#claims.delete(shardId);
    }
  }
}

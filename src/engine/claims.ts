import { ZERO_CURSOR } from '../contract/cursor';
import { ShardConditionFailedError } from '../contract/errors';
import type { TimerStore } from '../contract/timer-store';
import { publishEngineEvent } from '../telemetry/engine-channel';
import type { EngineClock } from './engine-clock';
import { OwnedShard } from './owned-shard';
import { serverOf } from './server-lanes';

/** Claims under way at a time, of each server. */
const MAX_CLAIMS = 8;

/** So long, in milliseconds, a shard is left to a living member: it hands it over at once, unless it does not know of it. */
const HAND_OVER_MS = 10_000;

/** Between two looks for shards that are to be had, in milliseconds, while there are some. */
const CLAIM_AGAIN_MS = 250;

export interface ClaimsOptions {
  readonly store: TimerStore;
  readonly shardCount: number;
  readonly address: string;
  readonly monotonic: EngineClock;
  /** Whether it is to be this process's, and is not yet. */
  readonly isWanted: (shardId: number) => boolean;
  /** Whether another process, which has a shard, hands over what is not to be its own. */
  readonly isMember: (address: string) => boolean;
  readonly onClaimed: (shard: OwnedShard) => void;
}

/** Claims the shards that are to be this process's, once they are to be had: of each server by itself. */
export class Claims {
  readonly #options: ClaimsOptions;
  /** When a shard was first wanted that another member has, by the monotonic clock. */
  readonly #wantedSince = new Map<number, number>();
  /** Of each server: the look that is under way. One that is silent keeps no other waiting. */
  readonly #looking = new Map<unknown, Promise<void>>();
  /** Servers to look at once more: something may have changed since the look that is under way. */
  readonly #lookAgain = new Set<unknown>();
  /** Shards of which a claim is under way. */
  readonly #underWay = new Set<number>();
  readonly #stopping = new AbortController();
  #stopWaiting = () => {};

  constructor(options: ClaimsOptions) {
    this.#options = options;
  }

  get isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Looks which shards are to be had. One such look at a time at each server. */
  look(): void {
    const { store, shardCount } = this.#options;
    for (let shardId = 0; shardId < shardCount && !this.isStopped; shardId++) {
      this.#lookAgain.add(serverOf(store, shardId));
    }
    for (const server of this.#lookAgain) {
      if (!this.#looking.has(server)) {
        this.#looking.set(server, this.#lookAt(server));
      }
    }
  }

  lookLater(): void {
    if (!this.isStopped) {
      this.#stopWaiting();
      this.#stopWaiting = this.#options.monotonic.after(CLAIM_AGAIN_MS, () => this.look());
    }
  }

  /** Resolves once what was to be had is claimed. */
  async whenIdle(): Promise<void> {
    await Promise.all(this.#looking.values());
  }

  /** Claims nothing more, and waits for no claim under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#stopWaiting();
    await this.whenIdle();
  }

  async #lookAt(server: unknown): Promise<void> {
    let isAllClaimed = true;
    while (this.#lookAgain.delete(server)) {
      isAllClaimed = (await this.#claimFree(this.#wantedAt(server))) && isAllClaimed;
    }
    this.#looking.delete(server);
    if (!isAllClaimed) {
      this.lookLater();
    }
  }

  #wantedAt(server: unknown): readonly number[] {
    const { store, shardCount, isWanted } = this.#options;
    const wanted: number[] = [];
    for (let shardId = 0; shardId < shardCount; shardId++) {
      if (serverOf(store, shardId) !== server) {
        continue;
      }
      if (isWanted(shardId)) {
        wanted.push(shardId);
      } else {
        this.#wantedSince.delete(shardId);
      }
    }
    return wanted;
  }

  /** Of shards of one server, those that nobody has. @returns whether all were claimed. */
  async #claimFree(shardIds: readonly number[]): Promise<boolean> {
    if (shardIds.length === 0 || this.isStopped) {
      return true;
    }
    try {
      const places = shardIds.map((shardId) => ({ shardId, after: ZERO_CURSOR }));
      const { signal } = this.#stopping;
      const { shards } = await this.#options.store.readDueTimers(places, 0, 1, { signal });
      const free = shards.filter(({ shardId, ownerAddr }) => this.#isFree(shardId, ownerAddr));
      const claimed = await this.#claimAll(free.map(({ shardId }) => shardId));
      return claimed === shardIds.length;
    } catch (error) {
      if (!this.isStopped) {
        publishEngineEvent({ type: 'read-failed', error });
      }
      return false;
    }
  }

  #isFree(shardId: number, ownerAddr: string | null): boolean {
    const { address, monotonic, isMember } = this.#options;
    if (ownerAddr === null || ownerAddr === address || !isMember(ownerAddr)) {
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
    const { store, address, monotonic, isWanted, onClaimed } = this.#options;
    // The look of another server, too, may find it, where a worker of Citus was not known to have it.
    if (this.#underWay.has(shardId) || this.isStopped || !isWanted(shardId)) {
      return false;
    }
    this.#underWay.add(shardId);
    const sentAt = monotonic.now();
    try {
      const { signal } = this.#stopping;
      const { current } = await store.claimShardOwnership(shardId, address, { signal });
      const shard = new OwnedShard(shardId, current.shardVersion);
      shard.confirmedAt = sentAt;
      this.#wantedSince.delete(shardId);
      onClaimed(shard);
      return true;
    } catch (error) {
      if (!(error instanceof ShardConditionFailedError) && !this.isStopped) {
        publishEngineEvent({ type: 'claim-failed', shardId, error });
      }
      return false;
    } finally {
      this.#underWay.delete(shardId);
    }
  }
}

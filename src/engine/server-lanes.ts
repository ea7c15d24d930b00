import type { TimerStore } from '../contract/timer-store';
import type { KeptDeliveries } from './kept-deliveries';
import type { OwnedShard } from './owned-shard';
import type { Reader } from './reader';
import type { ServerClock } from './server-clock';
import type { Settler } from './settler';

/** What is read, settled and kept of the shards of one server. Where there are several, none waits for one that is silent. */
export interface ServerLane {
  readonly shards: Map<number, OwnedShard>;
  readonly clock: ServerClock;
  readonly reader: Reader;
  readonly settler: Settler;
  readonly kept: KeptDeliveries;
  /** Timers in memory, those under way among them. */
  loaded: number;
}

/** The servers of a store, as far as this process owns something there, or has something in memory. */
export class ServerLanes {
  readonly #store: TimerStore;
  readonly #create: () => ServerLane;
  readonly #lanes = new Map<unknown, ServerLane>();
  readonly #laneOf = new WeakMap<OwnedShard, ServerLane>();

  constructor(store: TimerStore, create: () => ServerLane) {
    this.#store = store;
    this.#create = create;
  }

  [Symbol.iterator](): IterableIterator<ServerLane> {
    return this.#lanes.values();
  }

  get count(): number {
    return this.#lanes.size;
  }

  /** Of what is owned, or was. */
  of(shard: OwnedShard): ServerLane {
    return this.#laneOf.get(shard) as ServerLane;
  }

  own(shard: OwnedShard): void {
    const server = serverOf(this.#store, shard.shardId);
    const lane = this.#lanes.get(server) ?? this.#create();
    this.#lanes.set(server, lane);
    this.#laneOf.set(shard, lane);
    lane.shards.set(shard.shardId, shard);
    lane.reader.wake();
  }

  /** @returns where it was; undefined: it came when nothing was to be owned any more. */
  disown(shard: OwnedShard): ServerLane | undefined {
    const lane = this.#laneOf.get(shard);
    lane?.shards.delete(shard.shardId);
    return lane;
  }

  delete(lane: ServerLane): void {
    for (const [server, each] of this.#lanes) {
      if (each === lane) {
        this.#lanes.delete(server);
      }
    }
  }

  /** Side by side. */
  each<T>(call: (lane: ServerLane) => Promise<T>): Promise<T[]> {
    return Promise.all([...this.#lanes.values()].map(call));
  }
}

/** What is the same for shards of one server. */
export function serverOf(store: TimerStore, shardId: number): unknown {
  return store.serverOf?.(shardId) ?? store;
}

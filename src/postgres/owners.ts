/** A shard at the version that its process thinks it has. */
export interface Owned {
  readonly shardId: number;
  readonly shardVersion: number;
}

/** The owners of timers, each once, and which of them is that of each timer. */
export interface Owners {
  readonly shardIds: number[];
  readonly shardVersions: number[];
  readonly ofTimers: number[];
}

/** @param sorted by shard and version. */
export function ownersOf(sorted: readonly Owned[]): Owners {
  const owners: Owners = { shardIds: [], shardVersions: [], ofTimers: [] };
  for (const { shardId, shardVersion } of sorted) {
    if (shardId !== owners.shardIds.at(-1) || shardVersion !== owners.shardVersions.at(-1)) {
      owners.shardIds.push(shardId);
      owners.shardVersions.push(shardVersion);
    }
    owners.ofTimers.push(owners.shardIds.length - 1);
  }
  return owners;
}

/** The places of timers in the order of their shards, in which every statement locks the rows of shards. */
export function byShard(timers: readonly Owned[]): number[] {
  const places = Array.from(timers.keys());
  return places.sort((a, b) => compareOwners(timers[a] as Owned, timers[b] as Owned));
}

function compareOwners(a: Owned, b: Owned): number {
  return a.shardId - b.shardId || a.shardVersion - b.shardVersion;
}

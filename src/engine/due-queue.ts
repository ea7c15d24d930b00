import type { LoadedTimer, OwnedShard } from './owned-shard';

/** Timers in the order of their times: a binary heap. */
export class DueQueue {
  readonly #heap: LoadedTimer[] = [];

  /** The time of the first; infinity: there is none. */
  get firstAt(): number {
    return this.#heap[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  push(loaded: LoadedTimer): void {
    const heap = this.#heap;
    let place = heap.length;
    heap.push(loaded);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent] as LoadedTimer;
      if (above.at <= loaded.at) {
        break;
      }
      heap[place] = above;
      place = parent;
    }
    heap[place] = loaded;
  }

  /** The first, which is in the queue no more. */
  shift(): LoadedTimer | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) {
      return first;
    }
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) {
        break;
      }
      const right = heap[child + 1];
      if (right !== undefined && right.at < (heap[child] as LoadedTimer).at) {
        child++;
      }
      const below = heap[child] as LoadedTimer;
      if (below.at >= last.at) {
        break;
      }
      heap[place] = below;
      place = child;
    }
    heap[place] = last;
    return first;
  }

  /** Leaves out all timers of a shard. @returns how many they were. */
  drop(shard: OwnedShard): number {
    const all = this.#heap.splice(0);
    for (const loaded of all) {
      if (loaded.shard !== shard) {
        this.push(loaded);
      }
    }
    return all.length - this.#heap.length;
  }
}

import { uuidTaken } from '../../validation/refusals';
import { comparePlaces, type Place, type TimerRow } from './timer-row';

/** The living timers of a shard, or its dead ones: by their ids, and in order. */
export class TimerRows {
  readonly #byId: Map<string, TimerRow>;
  readonly #inOrder: TimerRow[];

  constructor(byId = new Map<string, TimerRow>(), inOrder: TimerRow[] = []) {
    this.#byId = byId;
    this.#inOrder = inOrder;
  }

  copy(): TimerRows {
    return new TimerRows(new Map(this.#byId), [...this.#inOrder]);
  }

  get(namespace: string, id: string): TimerRow | undefined {
    return this.#byId.get(keyOf(namespace, id));
  }

  at(place: Place): TimerRow | undefined {
    const row = this.#inOrder[this.#indexOf(place)];
    return row !== undefined && comparePlaces(row, place) === 0 ? row : undefined;
  }

  /**
   * Adds a row, in the place of the one of its id.
   *
   * @throws InvalidArgumentError another timer stands at its place; nothing has changed.
   */
  put(row: TimerRow): void {
    const there = this.at(row);
    if (there !== undefined && (there.namespace !== row.namespace || there.id !== row.id)) {
      throw uuidTaken();
    }
    this.delete(row);
    this.#inOrder.splice(this.#indexOf(row), 0, row);
    this.#byId.set(keyOf(row.namespace, row.id), row);
  }

  /** @returns whether there was one of that id. */
  delete({ namespace, id }: Pick<TimerRow, 'namespace' | 'id'>): boolean {
    const row = this.get(namespace, id);
    if (row === undefined) {
      return false;
    }
    this.#inOrder.splice(this.#indexOf(row), 1);
    return this.#byId.delete(keyOf(namespace, id));
  }

  /** The first rows after a place, up to another one. */
  range(after: Place, upTo: Place, limit = Number.POSITIVE_INFINITY): TimerRow[] {
    const rows: TimerRow[] = [];
    const start = this.#indexOf(after);
    const isThere = this.at(after) !== undefined;
    for (let index = isThere ? start + 1 : start; rows.length < limit; index++) {
      const row = this.#inOrder[index];
      if (row === undefined || comparePlaces(row, upTo) > 0) {
        break;
      }
      rows.push(row);
    }
    return rows;
  }

  /** Of the first row at that place or after it. */
  #indexOf(place: Place): number {
    let low = 0;
    let high = this.#inOrder.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (comparePlaces(this.#inOrder[middle] as TimerRow, place) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}

/** Neither part contains NUL, so no two pairs look alike. */
function keyOf(namespace: string, id: string): string {
  return `${namespace}\0${id}`;
}

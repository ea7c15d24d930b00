import { InvalidArgumentError, type NewTimer, type Timer, type TimerCursor, timerUuid } from '../../src';

/** A timer in the model. What the server chooses at a write is null until somebody has read it. */
export type ModelTimer = Omit<Timer, 'revision' | 'updatedAt'> & {
  readonly revision: string | null;
  readonly updatedAt: Date | null;
};

/** Where it stands. A living timer and a dead one may have the same id. */
export interface Place {
  readonly shardId: number;
  readonly isDead: boolean;
}

export interface Key {
  readonly namespace: string;
  readonly id: string;
}

export function living(shardId: number): Place {
  return { shardId, isDead: false };
}

export function dead(shardId: number): Place {
  return { shardId, isDead: true };
}

/** What a write leaves that does not answer with it. */
export const UNSEEN = { revision: null, updatedAt: null };

interface Row {
  readonly place: Place;
  readonly timer: ModelTimer;
}

/** The rows of living and dead timers. They are replaced, never changed, so that copies can share them. */
export class ModelRows {
  #rows: Map<string, Row>;
  /** The revisions that were read of rows which have been written since: none comes back. */
  readonly #past: Set<string>;

  constructor(rows = new Map<string, Row>(), past = new Set<string>()) {
    this.#rows = rows;
    this.#past = past;
  }

  clone(): ModelRows {
    return new ModelRows(new Map(this.#rows), new Set(this.#past));
  }

  /** In the order of the primary key. */
  all(): (Place & ModelTimer)[] {
    return [...this.#rows.values()]
      .map(({ place, timer }) => ({ ...place, ...timer }))
      .sort(
        (a, b) =>
          compare(a.shardId, b.shardId) ||
          compare(Number(a.isDead), Number(b.isDead)) ||
          compareCursors(a, b),
      );
  }

  /** In order. */
  timersOf({ shardId, isDead }: Place): ModelTimer[] {
    return [...this.#rows.values()]
      .filter(({ place }) => place.shardId === shardId && place.isDead === isDead)
      .map(({ timer }) => timer)
      .sort(compareCursors);
  }

  find(place: Place, key: Key): ModelTimer | null {
    return this.#rows.get(keyOf(place, key))?.timer ?? null;
  }

  put(place: Place, timer: ModelTimer): void {
    const isInTheWay = (other: ModelTimer) =>
      compareIds(other, timer) !== 0 && compareCursors(other, timer) === 0;
    if (this.timersOf(place).some(isInTheWay)) {
      throw new InvalidArgumentError('uuid', 'is the one of another timer that is due at the same time');
    }
    this.remove(place, timer);
    this.#rows.set(keyOf(place, timer), { place, timer });
  }

  remove(place: Place, key: Key): void {
    const timer = this.find(place, key);
    if (timer?.revision) {
      this.#past.add(revisionOf(place, key, timer.revision));
    }
    this.#rows.delete(keyOf(place, key));
  }

  /** Learns what the server has chosen, from a timer that was read. */
  see({ shardId, isDead }: Place, seen: ModelTimer): void {
    const place = { shardId, isDead };
    const timer = this.find(place, seen);
    const { revision, updatedAt } = seen;
    if (timer === null || revision === null) {
      return;
    }
    const isNew = timer.revision === null && !this.#past.has(revisionOf(place, seen, revision));
    if (isNew || timer.revision === revision) {
      const learnt = { ...timer, revision, updatedAt: timer.updatedAt ?? updatedAt };
      this.#rows.set(keyOf(place, seen), { place, timer: learnt });
    }
  }

  allOrNothing<T>(work: () => T): T {
    const before = new Map(this.#rows);
    try {
      return work();
    } catch (error) {
      this.#rows = before;
      throw error;
    }
  }
}

/** The timer that a create makes, whatever was there before. */
export function createdTimer(timer: NewTimer, now: Date): ModelTimer {
  const createdAt = timer.createdAt ?? now;
  return {
    id: timer.id,
    namespace: timer.namespace,
    uuid: timer.uuid?.toLowerCase() ?? timerUuid(timer.namespace, timer.id),
    executeAt: timer.executeAt,
    callbackUrl: timer.callbackUrl ?? null,
    payload: timer.payload ?? null,
    retryPolicy: timer.retryPolicy ?? null,
    callbackTimeoutSeconds: timer.callbackTimeoutSeconds ?? 30,
    createdAt,
    updatedAt: createdAt,
    dueAt: timer.executeAt,
    firstAttemptAt: null,
    attempts: timer.attempts ?? 0,
    lastError: null,
    traceparent: timer.traceparent ?? null,
    revision: null,
  };
}

function keyOf({ shardId, isDead }: Place, { namespace, id }: Key): string {
  return JSON.stringify([shardId, isDead, namespace, id]);
}

function revisionOf({ shardId }: Place, { namespace, id }: Key, revision: string): string {
  return JSON.stringify([shardId, namespace, id, revision]);
}

export function compareIds(a: Key, b: Key): number {
  return compare(a.namespace, b.namespace) || compare(a.id, b.id);
}

export function compareCursors(a: TimerCursor, b: TimerCursor): number {
  return (
    compare(a.executeAt.getTime(), b.executeAt.getTime()) ||
    compare(a.uuid.toLowerCase(), b.uuid.toLowerCase())
  );
}

export function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : Number(a > b);
}

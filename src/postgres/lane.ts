import type { QueuedWrite, WriteKind, WriteTarget, WriteValues } from './queued-write';

/** Bounds of one statement. Larger ones gain nothing, and make their callers wait for each other longer. */
const MAX_STATEMENT_TIMERS = 1000;
const MAX_STATEMENT_SIZE = 1024 ** 2;

/** A call that waits in a lane, or is under way. */
export interface Member extends QueuedWrite {
  readonly kind: WriteKind<WriteTarget, WriteValues, unknown>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** The lane in which it waits. */
  lane: Lane;
  /** Takes its listener from its deadline, to which it listens while it waits. */
  stopListening?: () => void;
}

/** The calls of one method or, where they must not mix, of one method and target. */
export interface Lane {
  readonly key: string;
  readonly maxStatements: number;
  /** In the order of their calls. An array: a Set that gains and loses members keeps the garbage collector busy. */
  waiting: Member[];
  /** Without the statements that take long, since they wait for somebody's lock on a row. */
  statementsUnderWay: number;
  /** The calls of these statements. */
  callsUnderWay: number;
}

/** Takes the first calls of a lane; of several that may not share a statement, only the first. */
export function takeMembers(lane: Lane, share: number): Member[] {
  const taken: Member[] = [];
  const left: Member[] = [];
  const irreplaceable = new Set<string>();
  let size = 0;
  for (const member of lane.waiting) {
    const { kind, key, values } = member;
    const looked = taken.length + left.length;
    const isFull = taken.length > 0 && size + values.size > MAX_STATEMENT_SIZE;
    if (taken.length === share || looked === MAX_STATEMENT_TIMERS || isFull) {
      break;
    }
    const isReplaceable = kind.isReplaceable(values);
    if (!isReplaceable || irreplaceable.size > 0) {
      // No part of it contains NUL, so no two timers look alike.
      const timer = `${key}\0${values.namespace}\0${values.id}`;
      if (irreplaceable.has(timer)) {
        left.push(member);
        continue;
      }
      if (!isReplaceable) {
        irreplaceable.add(timer);
      }
    }
    size += values.size;
    taken.push(member);
  }
  lane.waiting.splice(0, taken.length + left.length, ...left);
  for (const member of taken) {
    member.stopListening?.();
  }
  return taken;
}

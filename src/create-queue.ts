import type { CallDeadline, Deadline } from './call-deadline';
import { InvalidArgumentError, UnexpectedServerError } from './errors';
import type { TimerValues } from './timer-params';

/** Bounds of one statement. Larger ones gain nothing, and make their callers wait for each other longer. */
const MAX_STATEMENT_TIMERS = 1000;
const MAX_STATEMENT_SIZE = 1024 ** 2;

/** What may wait to be sent, of all shards together; the calls beyond it wait with nothing but their arguments. */
const MAX_WAITING_SIZE = 16 * 1024 ** 2;

/** Where timers go: one shard, under one version or, without a version, unfenced. */
export interface CreateTarget {
  /** The store method, for error messages. */
  readonly operation: string;
  readonly shardId: number;
  readonly shardVersion: number | undefined;
}

/** Stores timers in one statement, or none of them. */
type SendTimers = (target: CreateTarget, timers: readonly TimerValues[], deadline: Deadline) => Promise<void>;

/** One call, from the moment that there is room for its timer. */
interface Member {
  readonly timer: TimerValues;
  readonly deadline: CallDeadline;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Lane {
  readonly target: CreateTarget;
  readonly waiting: Set<Member>;
  underWay: boolean;
}

/**
 * Lets concurrent creates of one shard share a statement, and so a round trip and a commit.
 *
 * A call goes out at once while no statement is under way for its shard. Those that arrive meanwhile leave
 * together as soon as that one is done. Nothing ever waits for a clock. A second statement at a time would not
 * make it faster (see docs/benchmarks.md), and a claim would find fewer gaps between their locks.
 */
export class CreateQueue {
  readonly #send: SendTimers;
  readonly #lanes = new Map<string, Lane>();
  readonly #waitingForRoom = new Set<() => void>();
  #waitingSize = 0;

  constructor(send: SendTimers) {
    this.#send = send;
  }

  /** @param readTimer called once there is room; what it returns is what is stored. */
  add(target: CreateTarget, readTimer: () => TimerValues, deadline: CallDeadline): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        try {
          // Read first: a timer that is refused must leave no empty lane behind.
          const timer = readTimer();
          this.#enqueue(this.#laneOf(target), { timer, deadline, resolve, reject });
        } catch (error) {
          reject(error);
        }
      };
      if (this.#waitingSize < MAX_WAITING_SIZE) {
        enter();
        return;
      }
      this.#waitingForRoom.add(enter);
      deadline.whenOver(() => {
        this.#waitingForRoom.delete(enter);
        reject(deadline.error(true));
      });
    });
  }

  #enqueue(lane: Lane, member: Member): void {
    lane.waiting.add(member);
    this.#waitingSize += member.timer.size;
    member.deadline.whenOver(() => {
      this.#remove(lane, member);
      this.#letIn();
      member.reject(member.deadline.error(true));
    });
    this.#dispatch(lane);
  }

  #laneOf(target: CreateTarget): Lane {
    const key = laneKey(target);
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      lane = { target, waiting: new Set(), underWay: false };
      this.#lanes.set(key, lane);
    }
    return lane;
  }

  #dispatch(lane: Lane): void {
    if (lane.underWay) {
      return;
    }
    if (lane.waiting.size === 0) {
      this.#lanes.delete(laneKey(lane.target));
      return;
    }
    lane.underWay = true;
    this.#sendMembers(lane.target, this.#take(lane)).then(() => {
      // Once its callers had their turn: their next calls leave together with those that wait.
      setImmediate(() => {
        lane.underWay = false;
        this.#dispatch(lane);
      });
    });
  }

  #take(lane: Lane): Member[] {
    const members: Member[] = [];
    let size = 0;
    for (const member of lane.waiting) {
      size += member.timer.size;
      if (members.length === MAX_STATEMENT_TIMERS || (members.length > 0 && size > MAX_STATEMENT_SIZE)) {
        break;
      }
      members.push(member);
      this.#remove(lane, member);
    }
    this.#letIn();
    return members;
  }

  #remove(lane: Lane, member: Member): void {
    lane.waiting.delete(member);
    this.#waitingSize -= member.timer.size;
  }

  #letIn(): void {
    for (const enter of this.#waitingForRoom) {
      if (this.#waitingSize >= MAX_WAITING_SIZE) {
        break;
      }
      this.#waitingForRoom.delete(enter);
      enter();
    }
  }

  /** Never rejects: each member learns its own outcome. */
  async #sendMembers(target: CreateTarget, members: readonly Member[]): Promise<void> {
    const deadline = new SharedDeadline(members);
    try {
      await this.#send(target, lastOfEachId(members), deadline);
      for (const member of members) {
        member.resolve();
      }
    } catch (error) {
      if (members.length > 1 && isRefusal(error)) {
        // One timer is to blame. Its neighbours land without it.
        const half = members.length >> 1;
        await this.#sendMembers(target, members.slice(0, half));
        await this.#sendMembers(target, members.slice(half));
        return;
      }
      for (const member of members) {
        member.reject(
          error instanceof AllGaveUp ? member.deadline.error(error.nothingApplied, error.cause) : error,
        );
      }
    }
  }
}

function laneKey({ shardId, shardVersion }: CreateTarget): string {
  return `${shardId} ${shardVersion}`;
}

/** The server did not want the content, as opposed to: it lost the fence, or could do nothing now. */
function isRefusal(error: unknown): boolean {
  return error instanceof InvalidArgumentError || error instanceof UnexpectedServerError;
}

/** In one statement a timer can be written once: of two creates of one id, the later call's. */
function lastOfEachId(members: readonly Member[]): TimerValues[] {
  const timers = new Map<string, TimerValues>();
  for (const { timer } of members) {
    // Neither part contains NUL, so no two pairs look alike.
    timers.set(`${timer.namespace}\0${timer.id}`, timer);
  }
  return [...timers.values()];
}

/** Internal: what the runner throws when every member of a statement has given up. */
class AllGaveUp extends Error {
  constructor(
    readonly nothingApplied: boolean,
    cause: unknown,
  ) {
    super('every caller has given up', { cause });
  }
}

/**
 * The deadline of a statement that several calls share: over when all of theirs are. A call that gives up
 * before the others cannot stop the statement, so it cannot know its outcome.
 */
class SharedDeadline implements Deadline {
  #left: number;
  #onOver: (() => void) | undefined;

  constructor(members: readonly Member[]) {
    this.#left = members.length;
    for (const { deadline, reject } of members) {
      deadline.whenOver(() => {
        this.#left--;
        if (this.#left === 0) {
          this.#onOver?.();
        } else {
          reject(deadline.error(false));
        }
      });
    }
  }

  get isOver(): boolean {
    return this.#left === 0;
  }

  whenOver(onOver: () => void): void {
    this.#onOver = onOver;
    if (this.isOver) {
      onOver();
    }
  }

  error(nothingApplied: boolean, cause?: unknown): Error {
    return new AllGaveUp(nothingApplied, cause);
  }
}

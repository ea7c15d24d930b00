import { InvalidArgumentError, type StoreUnavailableError, UnexpectedServerError } from '../contract/errors';
import type { Deadline } from '../driver/deadline';
import { Listeners } from '../driver/listeners';
import type { TimerValues } from '../validation/timer';

/** Bounds of one statement. Larger ones gain nothing, and make their callers wait for each other longer. */
const MAX_STATEMENT_TIMERS = 1000;
const MAX_STATEMENT_SIZE = 1024 ** 2;

/** What may wait to be sent, of all shards together; the calls beyond it wait with nothing but their arguments. */
const MAX_WAITING_SIZE = 16 * 1024 ** 2;

/**
 * Statements under way at a time for one shard. Unfenced: while the server works on one, the next is put together; more
 * cost each of them more than they gain. Fenced ones have turns (see FencedTurns): a second would only wait for its own
 * with half of the calls (see docs/benchmarks.md).
 */
const MAX_UNFENCED_STATEMENTS = 2;
const MAX_FENCED_STATEMENTS = 1;

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
  readonly deadline: Deadline;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  /** While it waits: takes its listener from its deadline. */
  stopListening?: () => void;
}

interface Lane {
  readonly key: string;
  readonly target: CreateTarget;
  readonly maxStatements: number;
  /** In the order of their calls. An array: a Set that gains and loses members keeps the garbage collector busy. */
  readonly waiting: Member[];
  /** But for those that take long, since they wait for somebody's lock on a row. */
  statementsUnderWay: number;
  /** Calls of these statements. */
  callsUnderWay: number;
}

/**
 * Lets concurrent creates of one shard share a statement, and so a round trip and a commit.
 *
 * A call goes out at once while no statement is under way for its shard. Those that arrive meanwhile leave together
 * in a second one, once they are as many as are under way; or in the next one, as soon as a statement is done, or has
 * taken so long that it waits for somebody's lock on a row, most likely.
 */
export class CreateQueue {
  readonly #sendTimers: SendTimers;
  readonly #lanes = new Map<string, Lane>();
  readonly #waitingForRoom = new Set<() => void>();
  #waitingSize = 0;

  constructor(sendTimers: SendTimers) {
    this.#sendTimers = sendTimers;
  }

  /** @param parseTimer called once there is room; what it returns is what is stored. */
  add(target: CreateTarget, parseTimer: () => TimerValues, deadline: Deadline): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        try {
          // Read first: a timer that is refused must leave no empty lane behind.
          const timer = parseTimer();
          this.#enqueue(this.#laneOf(target), { timer, deadline, resolve, reject });
        } catch (error) {
          reject(error);
        }
      };
      if (this.#waitingSize < MAX_WAITING_SIZE) {
        enter();
        return;
      }
      const enterAtLast = () => {
        stopListening();
        enter();
      };
      this.#waitingForRoom.add(enterAtLast);
      const stopListening = deadline.whenOver(() => {
        this.#waitingForRoom.delete(enterAtLast);
        reject(deadline.error(true));
      });
    });
  }

  #enqueue(lane: Lane, member: Member): void {
    lane.waiting.push(member);
    this.#waitingSize += member.timer.size;
    member.stopListening = member.deadline.whenOver(() => {
      lane.waiting.splice(lane.waiting.indexOf(member), 1);
      this.#giveRoom(member.timer.size);
      member.reject(member.deadline.error(true));
    });
    this.#dispatch(lane);
  }

  #laneOf(target: CreateTarget): Lane {
    const key = `${target.shardId} ${target.shardVersion}`;
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      const maxStatements =
        target.shardVersion === undefined ? MAX_UNFENCED_STATEMENTS : MAX_FENCED_STATEMENTS;
      lane = { key, target, maxStatements, waiting: [], statementsUnderWay: 0, callsUnderWay: 0 };
      this.#lanes.set(key, lane);
    }
    return lane;
  }

  #dispatch(lane: Lane): void {
    while (lane.waiting.length > 0 && lane.statementsUnderWay < lane.maxStatements) {
      if (lane.waiting.length < lane.callsUnderWay) {
        return;
      }
      const freeStatements = lane.maxStatements - lane.statementsUnderWay;
      this.#start(lane, this.#take(lane, Math.ceil(lane.waiting.length / freeStatements)));
    }
    if (lane.statementsUnderWay === 0) {
      this.#lanes.delete(lane.key);
    }
  }

  #start(lane: Lane, members: readonly Member[]): void {
    lane.statementsUnderWay++;
    lane.callsUnderWay += members.length;
    let isCounted = true;
    const onDone = () => {
      if (isCounted) {
        isCounted = false;
        lane.statementsUnderWay--;
        lane.callsUnderWay -= members.length;
        this.#dispatch(lane);
      }
    };
    // Of several callers, each has its turn first: their next calls leave together with those that wait.
    this.#send(lane, members, onDone).then(members.length > 1 ? () => setImmediate(onDone) : onDone);
    // Only now: those who get room may start the next statement, and must see this one.
    this.#giveRoom(members.reduce((size, { timer }) => size + timer.size, 0));
  }

  #take(lane: Lane, share: number): Member[] {
    const maxCount = Math.min(share, MAX_STATEMENT_TIMERS);
    let count = 0;
    let size = 0;
    for (const { timer } of lane.waiting) {
      if (count === maxCount || (count > 0 && size + timer.size > MAX_STATEMENT_SIZE)) {
        break;
      }
      count++;
      size += timer.size;
    }
    const members = lane.waiting.splice(0, count);
    for (const member of members) {
      member.stopListening?.();
    }
    return members;
  }

  #giveRoom(size: number): void {
    this.#waitingSize -= size;
    for (const enter of this.#waitingForRoom) {
      if (this.#waitingSize >= MAX_WAITING_SIZE) {
        break;
      }
      this.#waitingForRoom.delete(enter);
      enter();
    }
  }

  /** Never rejects: each member learns its own outcome. */
  async #send(lane: Lane, members: readonly Member[], onOutlasted: () => void): Promise<void> {
    const deadline = new SharedDeadline(lane.target.operation, members, onOutlasted);
    try {
      await this.#sendTimers(lane.target, lastOfEachId(members), deadline);
      for (const member of members) {
        member.resolve();
      }
    } catch (error) {
      deadline.dispose();
      if (members.length > 1 && isRefusal(error)) {
        // One timer is to blame. Its neighbours land without it.
        const half = members.length >> 1;
        await this.#send(lane, members.slice(0, half), onOutlasted);
        await this.#send(lane, members.slice(half), onOutlasted);
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
  readonly operation: string;
  readonly #members: readonly Member[];
  readonly #listeners = new Listeners();
  readonly #stopListening: readonly (() => void)[];
  #left: number;

  constructor(
    operation: string,
    members: readonly Member[],
    readonly onOutlasted: () => void,
  ) {
    this.operation = operation;
    this.#members = members;
    this.#left = members.length;
    this.#stopListening = members.map(({ deadline, reject }) =>
      deadline.whenOver(() => {
        this.#left--;
        if (this.#left === 0) {
          this.#listeners.tell();
        } else {
          reject(deadline.error(false));
        }
      }),
    );
  }

  get isOver(): boolean {
    return this.#left === 0;
  }

  whenOver(onOver: () => void): () => void {
    if (this.isOver) {
      onOver();
      return () => {};
    }
    return this.#listeners.add(onOver);
  }

  dispose(): void {
    for (const stopListening of this.#stopListening) {
      stopListening();
    }
  }

  set obstacle(obstacle: StoreUnavailableError | undefined) {
    for (const { deadline } of this.#members) {
      deadline.obstacle = obstacle;
    }
  }

  error(nothingApplied: boolean, cause?: unknown): Error {
    return new AllGaveUp(nothingApplied, cause);
  }
}

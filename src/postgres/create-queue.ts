import type { Deadline } from '../driver/deadline';
import type { TimerValues } from '../validation/timer';
import { batchOf, type CreateTarget, groupByTarget, keyOf, type QueuedCreate } from './queued-create';
import { AllGaveUp, SharedDeadline } from './shared-deadline';
import { type Batch, isRefusal } from './write-batches';

/** Bounds of one statement. Larger ones gain nothing, and make their callers wait for each other longer. */
const MAX_STATEMENT_TIMERS = 1000;
const MAX_STATEMENT_SIZE = 1024 ** 2;

/** What may wait to be sent, of all shards together; the calls beyond it wait with nothing but their arguments. */
const MAX_WAITING_SIZE = 16 * 1024 ** 2;

/**
 * Statements under way at a time in one lane. Unfenced: while the server works on one, the next is put together; more
 * cost each of them more than they gain. Fenced ones have turns (see FencedTurns): a second would only wait for its own
 * with half of the calls (see docs/benchmarks.md).
 */
const MAX_UNFENCED_STATEMENTS = 2;
const MAX_FENCED_STATEMENTS = 1;

/** Stores each batch or nothing of it, in one statement. Returns what came of each: null, or its error. */
type SendBatches = (
  operation: string,
  batches: readonly Batch[],
  deadline: Deadline,
) => Promise<readonly unknown[]>;

interface Member extends QueuedCreate {
  /** Where it waits. */
  lane: Lane;
}

interface Lane {
  readonly key: string;
  readonly maxStatements: number;
  /** In the order of their calls. An array: a Set that gains and loses members keeps the garbage collector busy. */
  waiting: Member[];
  /** But for those that take long, since they wait for somebody's lock on a row. */
  statementsUnderWay: number;
  /** Calls of these statements. */
  callsUnderWay: number;
}

/**
 * Lets concurrent creates share a statement, and so a round trip and a commit: those with a fence, of all shards, and
 * those without, which never wait for an owner.
 *
 * A call goes out at once while no statement is under way in its lane. Those that arrive meanwhile leave together
 * in a second one, once they are as many as are under way; or in the next one, as soon as a statement is done, or has
 * taken so long that it waits for somebody's lock on a row, most likely. Until it is done, the calls of its shards have
 * a lane for each: whoever locks one shard holds up the others for no longer than that.
 */
export class CreateQueue {
  readonly #sendBatches: SendBatches;
  readonly #mayMix: () => boolean;
  readonly #lanes = new Map<string, Lane>();
  /** Statements that take long, by the targets that they have calls of. */
  readonly #outlasted = new Map<string, number>();
  readonly #waitingForRoom = new Set<() => void>();
  #waitingSize = 0;

  /** @param mayMix whether one statement may be of many shards; asked again for each call. */
  constructor(sendBatches: SendBatches, mayMix: () => boolean) {
    this.#sendBatches = sendBatches;
    this.#mayMix = mayMix;
  }

  /** @param parseTimer called once there is room; what it returns is what is stored. */
  add(target: CreateTarget, parseTimer: () => TimerValues, deadline: Deadline): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        try {
          // Read first: a timer that is refused must leave no empty lane behind.
          const timer = parseTimer();
          const key = keyOf(target);
          this.#enqueue({ target, key, timer, deadline, resolve, reject, lane: this.#laneOf(target, key) });
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

  #enqueue(member: Member): void {
    member.lane.waiting.push(member);
    this.#waitingSize += member.timer.size;
    member.stopListening = member.deadline.whenOver(() => {
      const { waiting } = member.lane;
      waiting.splice(waiting.indexOf(member), 1);
      this.#giveRoom(member.timer.size);
      member.reject(member.deadline.error(true));
    });
    this.#dispatch(member.lane);
  }

  #laneOf({ shardVersion }: CreateTarget, targetKey: string): Lane {
    const isFenced = shardVersion !== undefined;
    const isApart = this.#outlasted.has(targetKey) || !this.#mayMix();
    const key = isApart ? targetKey : isFenced ? 'fenced' : 'unfenced';
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      const maxStatements = isFenced ? MAX_FENCED_STATEMENTS : MAX_UNFENCED_STATEMENTS;
      lane = { key, maxStatements, waiting: [], statementsUnderWay: 0, callsUnderWay: 0 };
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
    let setTogether: (() => void) | undefined;
    let isCounted = true;
    const leave = () => {
      if (isCounted) {
        isCounted = false;
        lane.statementsUnderWay--;
        lane.callsUnderWay -= members.length;
        this.#dispatch(lane);
      }
    };
    const onOutlasted = () => {
      setTogether ??= this.#setApart(members);
      leave();
    };
    const onDone = () => {
      setTogether?.();
      leave();
    };
    // Of several callers, each has its turn first: their next calls leave together with those that wait.
    this.#send(members, onOutlasted).then(members.length > 1 ? () => setImmediate(onDone) : onDone);
    // Only now: those who get room may start the next statement, and must see this one.
    this.#giveRoom(members.reduce((size, { timer }) => size + timer.size, 0));
  }

  /** Gives the targets of a statement that takes long lanes of their own. Returns what undoes it. */
  #setApart(members: readonly Member[]): () => void {
    const keys = new Set(members.map(({ key }) => key));
    for (const key of keys) {
      this.#outlasted.set(key, (this.#outlasted.get(key) ?? 0) + 1);
    }
    this.#moveWaiting(keys);
    return () => {
      for (const key of keys) {
        const count = (this.#outlasted.get(key) ?? 0) - 1;
        if (count > 0) {
          this.#outlasted.set(key, count);
        } else {
          this.#outlasted.delete(key);
        }
      }
      this.#moveWaiting(keys);
    };
  }

  /** To where their next calls go, so that all stay in the order of the calls. */
  #moveWaiting(keys: ReadonlySet<string>): void {
    const changed = new Set<Lane>();
    for (const lane of [...this.#lanes.values()]) {
      const moving = lane.waiting.filter(
        ({ target, key }) => keys.has(key) && this.#laneOf(target, key) !== lane,
      );
      if (moving.length === 0) {
        continue;
      }
      const left = new Set(moving);
      lane.waiting = lane.waiting.filter((member) => !left.has(member));
      changed.add(lane);
      for (const member of moving) {
        member.lane = this.#laneOf(member.target, member.key);
        member.lane.waiting.push(member);
        changed.add(member.lane);
      }
    }
    for (const lane of changed) {
      this.#dispatch(lane);
    }
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
  async #send(members: readonly Member[], onOutlasted: () => void): Promise<void> {
    const { operation } = (members[0] as Member).target;
    const deadline = new SharedDeadline(operation, members, onOutlasted);
    const groups = groupByTarget(members);
    try {
      const outcomes = await this.#sendBatches(operation, groups.map(batchOf), deadline);
      await Promise.all(
        groups.map((group, place) => this.#settle(group, outcomes[place], deadline, onOutlasted)),
      );
    } catch (error) {
      await this.#settle(members, error, deadline, onOutlasted);
    }
  }

  /** @param error null for success. */
  async #settle(
    members: readonly Member[],
    error: unknown,
    deadline: SharedDeadline,
    onOutlasted: () => void,
  ): Promise<void> {
    if (error !== null) {
      deadline.dispose();
    }
    if (members.length > 1 && isRefusal(error)) {
      // One timer is to blame. Its neighbours land without it.
      const half = members.length >> 1;
      await this.#send(members.slice(0, half), onOutlasted);
      await this.#send(members.slice(half), onOutlasted);
      return;
    }
    for (const member of members) {
      if (error === null) {
        member.resolve();
      } else {
        member.reject(
          error instanceof AllGaveUp ? member.deadline.error(error.nothingApplied, error.cause) : error,
        );
      }
    }
  }
}

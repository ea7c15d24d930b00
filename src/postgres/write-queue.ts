import type { Cluster } from '../driver/cluster';
import type { Deadline } from '../driver/deadline';
import { isRefusal } from './batch-outcomes';
import { type Lane, type Member, takeMembers } from './lane';
import type { Outcome, WriteKind, WriteTarget, WriteValues } from './queued-write';
import { AllGaveUp, SharedDeadline } from './shared-deadline';
import type { StoreCall } from './store-call';

/** How many bytes may wait to be sent. The calls beyond them wait with nothing but their arguments. */
const MAX_WAITING_SIZE = 16 * 1024 ** 2;

/**
 * Statements under way at a time in one lane. Unfenced: while the server works on one, the next is put together; more
 * cost each of them more than they gain. Fenced ones have turns (see FencedTurns): a second would only wait for its own
 * with half of the calls (see docs/benchmarks.md).
 */
const MAX_UNFENCED_STATEMENTS = 2;
const MAX_FENCED_STATEMENTS = 1;

/**
 * Lets concurrent calls of one method share a statement, and so a round trip and a commit, whatever their shards; on Citus,
 * whatever shards of one part.
 *
 * A call goes out at once while no statement is under way in its lane. Those that arrive meanwhile leave together
 * in a second one, once they are as many as are under way; or in the next one, as soon as a statement is done, or has
 * taken so long that it waits for somebody's lock on a row, most likely. Until it is done, the calls of its shards have
 * a lane for each: whoever locks one shard holds up the others for no longer than that.
 */
export class WriteQueue {
  readonly #callOf: (operation: string, deadline: Deadline) => StoreCall;
  readonly #cluster: Pick<Cluster, 'answer' | 'partOf'>;
  readonly #lanes = new Map<string, Lane>();
  /** How many statements with calls of a key take long, by that key. */
  readonly #outlasted = new Map<string, number>();
  readonly #waitingForRoom = new Set<() => void>();
  #waitingSize = 0;

  constructor(
    callOf: (operation: string, deadline: Deadline) => StoreCall,
    cluster: Pick<Cluster, 'answer' | 'partOf'>,
  ) {
    this.#callOf = callOf;
    this.#cluster = cluster;
  }

  /** Calls that are not on their way yet. */
  get waiting(): number {
    let count = this.#waitingForRoom.size;
    for (const lane of this.#lanes.values()) {
      count += lane.waiting.length;
    }
    return count;
  }

  /** @param parse is called once there is room. What it returns is what is written. */
  add<TTarget extends WriteTarget, TValues extends WriteValues, TResult>(
    kind: WriteKind<TTarget, TValues, TResult>,
    target: NoInfer<TTarget>,
    parse: () => TValues,
    deadline: Deadline,
  ): Promise<TResult> {
    return new Promise<unknown>((resolve, reject) => {
      const enter = () => {
        try {
          // Before it has a lane: a call that is refused must leave no empty one behind.
          const values = parse();
          if (deadline.isOver) {
            throw deadline.error(true);
          }
          const key = `${target.operation} ${target.shardId} ${target.shardVersion}`;
          const lane = this.#laneOf({ kind, target, key });
          this.#enqueue({ kind, target, key, values, deadline, resolve, reject, lane });
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
    }) as Promise<TResult>;
  }

  #enqueue(member: Member): void {
    const { lane, deadline } = member;
    if (lane.statementsUnderWay === 0) {
      this.#start(lane, [member]);
      return;
    }
    lane.waiting.push(member);
    this.#waitingSize += member.values.size;
    member.stopListening = deadline.whenOver(() => {
      const { waiting } = member.lane;
      waiting.splice(waiting.indexOf(member), 1);
      this.#giveRoom(member.values.size);
      member.reject(deadline.error(true));
    });
    this.#dispatch(lane);
  }

  #laneOf({ kind, target, key: memberKey }: Pick<Member, 'kind' | 'target' | 'key'>): Lane {
    const { shardVersion } = target;
    const key = (this.#outlasted.has(memberKey) ? undefined : this.#sharedLaneOf(kind, target)) ?? memberKey;
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      const maxStatements = shardVersion === undefined ? MAX_UNFENCED_STATEMENTS : MAX_FENCED_STATEMENTS;
      lane = { key, maxStatements, waiting: [], statementsUnderWay: 0, callsUnderWay: 0 };
      this.#lanes.set(key, lane);
    }
    return lane;
  }

  /** Asked again for each call: who knows no answer yet may know it by the next. */
  #sharedLaneOf(
    { sharesParts }: Member['kind'],
    { operation, shardId, shardVersion }: WriteTarget,
  ): string | undefined {
    if (this.#cluster.answer === false) {
      return operation;
    }
    const part = sharesParts && shardVersion !== undefined ? this.#cluster.partOf(shardId) : undefined;
    return part === undefined ? undefined : `${operation} of part ${part}`;
  }

  #dispatch(lane: Lane): void {
    while (lane.waiting.length > 0 && lane.statementsUnderWay < lane.maxStatements) {
      if (lane.waiting.length < lane.callsUnderWay) {
        return;
      }
      const freeStatements = lane.maxStatements - lane.statementsUnderWay;
      const members = takeMembers(lane, Math.ceil(lane.waiting.length / freeStatements));
      this.#start(lane, members);
      // Only now: those who get room may start the next statement, and must see this one.
      this.#giveRoom(members.reduce((size, { values }) => size + values.size, 0));
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
    // First the callers have their turn, if they are several: their next calls leave together with those that wait.
    this.#send(members, onOutlasted).then(members.length > 1 ? () => setImmediate(onDone) : onDone);
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

  /** Moves waiting calls to the lanes of the calls that come next, so that all stay in the order of the calls. */
  #moveWaiting(keys: ReadonlySet<string>): void {
    const changed = new Set<Lane>();
    for (const lane of [...this.#lanes.values()]) {
      const moving = lane.waiting.filter((member) => keys.has(member.key) && this.#laneOf(member) !== lane);
      if (moving.length === 0) {
        continue;
      }
      const left = new Set(moving);
      lane.waiting = lane.waiting.filter((member) => !left.has(member));
      changed.add(lane);
      for (const member of moving) {
        member.lane = this.#laneOf(member);
        member.lane.waiting.push(member);
        changed.add(member.lane);
      }
    }
    for (const lane of changed) {
      this.#dispatch(lane);
    }
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
    const [first, ...others] = members as readonly [Member, ...Member[]];
    const { kind, target } = first;
    const deadline =
      others.length === 0
        ? Object.assign(first.deadline, { onOutlasted })
        : new SharedDeadline(target.operation, members, onOutlasted);
    let outcomes: readonly Outcome<unknown>[];
    try {
      outcomes = await kind.write(this.#callOf(target.operation, deadline), members);
    } catch (error) {
      outcomes = members.map(() => ({ error }));
    }
    if (deadline instanceof SharedDeadline) {
      deadline.dispose();
    }
    const refused = new Map<unknown, Member[]>();
    for (const [place, member] of members.entries()) {
      const outcome = outcomes[place] as Outcome<unknown>;
      if (outcome === 'missed') {
        this.#sendAlone(member);
      } else if ('result' in outcome) {
        member.resolve(outcome.result);
      } else if (isRefusal(outcome.error)) {
        const sharing = refused.get(outcome.error);
        sharing === undefined ? refused.set(outcome.error, [member]) : sharing.push(member);
      } else {
        member.reject(errorOf(member, outcome.error));
      }
    }
    await Promise.all([...refused].map(([error, sharing]) => this.#sendRefused(sharing, error, onOutlasted)));
  }

  /** Sends refused calls by halves: one of them is to blame, and its neighbours land without it. */
  async #sendRefused(members: readonly Member[], error: unknown, onOutlasted: () => void): Promise<void> {
    if (members.length === 1) {
      members[0]?.reject(error);
      return;
    }
    const half = members.length >> 1;
    await this.#send(members.slice(0, half), onOutlasted);
    await this.#send(members.slice(half), onOutlasted);
  }

  /** Sends a missed call by a statement of its own, which waits for its row, and holds up its lane as any other. */
  #sendAlone(member: Member): void {
    if (member.deadline.isOver) {
      member.reject(member.deadline.error(true));
    } else {
      this.#start(this.#laneOf(member), [member]);
    }
  }
}

function errorOf({ deadline }: Member, error: unknown): unknown {
  return error instanceof AllGaveUp ? deadline.error(error.nothingApplied, error.cause) : error;
}

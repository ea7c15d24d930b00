import type { Deadline } from './deadline';

/** How long a statement that was sent keeps its turn, to begin with. Most take a tenth of it. */
const PATIENCE_MS = 20;

/** How long a statement keeps its turn while it has no connection, and cannot be sent. */
const CONNECT_PATIENCE_MS = 250;

/** What is known of one shard while statements wait for it or are under way. */
interface Line {
  /** Turns that wait or are under way. */
  turns: number;
  underWay: number;
  last: Turn | undefined;
  patienceMs: number;
}

/**
 * Sends the fenced statements of a shard one after the other, in the order of their calls. Each locks the shard's row
 * FOR SHARE, and PostgreSQL keeps a list (a multixact) of those who share a lock, of which it has a limited number;
 * and it lets a share lock overtake an exclusive one that waits, so that a claim would wait for as long as fenced
 * writes overlap. Between two turns nobody holds the lock: a waiting claim comes first, since the server wakes it
 * at the end of the last write, before this process knows of that end.
 *
 * A statement that outlasts the patience of its shard waits, most likely, for another program's lock on a timer: it
 * passes its turn on and goes on beside the next. Where such statements follow each other without a gap, the patience
 * doubles until there is one.
 *
 * A statement of many shards takes its place in all of their lines at once and waits until it is first in each. So
 * places have one order, and no two statements wait for each other.
 */
export class FencedTurns {
  readonly #lines = new Map<number, Line>();

  /**
   * @param shardIds each once; none for a statement without a fence, which has its turn at once.
   * @param statement is given what to call when it is sent.
   * @throws the deadline's error, if it is over before the turn came.
   */
  async run<T>(
    shardIds: readonly number[],
    deadline: Deadline,
    statement: (onSent: () => void) => Promise<T>,
  ): Promise<T> {
    const turn = new Turn(
      shardIds.map((shardId) => this.#lineOf(shardId)),
      deadline,
    );
    try {
      await turn.come();
      return await statement(() => turn.onSent());
    } finally {
      turn.end();
      this.#forgetEmptyLines(shardIds);
    }
  }

  #lineOf(shardId: number): Line {
    let line = this.#lines.get(shardId);
    if (line === undefined) {
      line = { turns: 0, underWay: 0, last: undefined, patienceMs: PATIENCE_MS };
      this.#lines.set(shardId, line);
    }
    return line;
  }

  #forgetEmptyLines(shardIds: readonly number[]): void {
    for (const shardId of shardIds) {
      if (this.#lines.get(shardId)?.turns === 0) {
        this.#lines.delete(shardId);
      }
    }
  }
}

class Turn {
  readonly #lines: readonly Line[];
  readonly #deadline: Deadline;
  /** The number of lines in which another turn is before this one. */
  ahead = 0;
  /** The turns that come next, at most one in each line. */
  followers: Turn[] = [];
  #onReached: (() => void) | undefined;
  #isUnderWay = false;
  #isPassedOn = false;
  #patienceMs = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Takes its place at the end of each line. */
  constructor(lines: readonly Line[], deadline: Deadline) {
    this.#lines = lines;
    this.#deadline = deadline;
    for (const line of lines) {
      line.turns++;
      if (line.last !== undefined) {
        line.last.followers.push(this);
        this.ahead++;
      }
      line.last = this;
    }
  }

  /** @throws the deadline's error, if it is over before. */
  async come(): Promise<void> {
    const deadline = this.#deadline;
    if (this.ahead === 0) {
      this.#begin();
      return;
    }
    await new Promise<void>((resolve, reject) => {
      // A call that gives up keeps its place, and passes its turn on as soon as it comes.
      const stopListening = deadline.whenOver(() => {
        this.#onReached = undefined;
        reject(deadline.error(true));
      });
      if (!deadline.isOver) {
        this.#onReached = () => {
          stopListening();
          resolve();
        };
      }
    });
  }

  onSent(): void {
    this.#patienceMs = Math.max(PATIENCE_MS, ...this.#lines.map((line) => line.patienceMs));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#passOn();
      this.#deadline.onOutlasted?.();
    }, this.#patienceMs);
  }

  end(): void {
    clearTimeout(this.#timer);
    for (const line of this.#lines) {
      line.turns--;
      if (this.#isUnderWay) {
        this.#leave(line);
      }
    }
    if (this.ahead === 0) {
      this.#passOn();
    }
  }

  #begin(): void {
    this.#isUnderWay = true;
    for (const line of this.#lines) {
      line.underWay++;
    }
    this.#timer = setTimeout(() => this.#passOn(), CONNECT_PATIENCE_MS);
  }

  #leave(line: Line): void {
    line.underWay--;
    if (line.underWay === 0) {
      line.patienceMs = PATIENCE_MS;
    } else if (this.#isPassedOn) {
      line.patienceMs = Math.max(line.patienceMs, 2 * this.#patienceMs);
    }
  }

  #passOn(): void {
    // Not by recursion: very many turns behind it may have given up.
    const passing: Turn[] = [this];
    for (const turn of passing) {
      for (const next of turn.#takeFollowers()) {
        next.ahead--;
        if (next.ahead > 0) {
          continue;
        }
        if (next.#onReached === undefined) {
          passing.push(next);
        } else {
          next.#begin();
          next.#onReached();
        }
      }
    }
  }

  #takeFollowers(): Turn[] {
    this.#isPassedOn = true;
    for (const line of this.#lines) {
      if (line.last === this) {
        line.last = undefined;
      }
    }
    const followers = this.followers;
    this.followers = [];
    return followers;
  }
}

import type { StoreUnavailableError } from '../contract/errors';
import type { Deadline } from '../driver/deadline';
import { Listeners } from '../driver/listeners';

/** One of the calls that share a statement. */
interface Sharer {
  readonly deadline: Deadline;
  readonly reject: (error: unknown) => void;
}

/** Internal: what the runner throws when every member of a statement has given up. */
export class AllGaveUp extends Error {
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
export class SharedDeadline implements Deadline {
  readonly operation: string;
  readonly #members: readonly Sharer[];
  readonly #listeners = new Listeners();
  readonly #stopListening: readonly (() => void)[];
  #left: number;

  constructor(
    operation: string,
    members: readonly Sharer[],
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

import type { DueShard } from '../../contract/due-timers';
import { ShardConditionFailedError, TimerNotFoundError } from '../../contract/errors';
import { LATEST_INSTANT } from '../../contract/scalars';
import type { ShardInfo, TimerRange } from '../../contract/types';
import { livesAgain } from '../../validation/refusals';
import type { ChangeValues, TimerValues } from '../../validation/timer';
import { newRow, type Place, placeOf, type TimerRow, toTimer } from './timer-row';
import { TimerRows } from './timer-rows';

/** No UUID begins so. */
const AFTER_ALL: Place = { executeAtMs: LATEST_INSTANT, uuid: 'g' };

/** One shard, its timers and its owner. Each method does all that it says, or throws and does nothing. */
export class MemoryShard {
  readonly shardId: number;
  info: ShardInfo | null = null;
  living = new TimerRows();
  dead = new TimerRows();

  constructor(shardId: number) {
    this.shardId = shardId;
  }

  /** @throws ShardConditionFailedError */
  requireFence(shardVersion: number): ShardInfo {
    if (this.info?.shardVersion !== shardVersion) {
      throw new ShardConditionFailedError(this.shardId, shardVersion);
    }
    return this.info;
  }

  claim(ownerAddr: string, claimedAt: Date): void {
    const { shardVersion = 0, metadata = {} } = this.info ?? {};
    this.info = { shardId: this.shardId, ownerAddr, shardVersion: shardVersion + 1, metadata, claimedAt };
  }

  /** One after the other in the order of their ids, as the server does: what moves first makes room for the next. */
  create(timers: readonly TimerValues[], revision: string, living = this.living.copy()): void {
    for (const timer of [...timers].sort(compareIds)) {
      living.put(newRow(timer, revision));
    }
    this.living = living;
  }

  createOne(timer: TimerValues, revision: string): void {
    this.living.put(newRow(timer, revision));
  }

  /** @throws TimerNotFoundError */
  update(namespace: string, id: string, changes: ChangeValues, nowMs: number, revision: string): TimerRow {
    const before = this.living.get(namespace, id);
    if (before === undefined) {
      throw new TimerNotFoundError(this.shardId, namespace, id);
    }
    const { executeAt, callbackUrl, payload, retryPolicy, callbackTimeoutSeconds, attempts } = changes;
    const row: TimerRow = {
      ...before,
      ...(executeAt !== undefined && {
        executeAtMs: executeAt.getTime(),
        dueAtMs: null,
        firstAttemptAtMs: null,
        lastError: null,
      }),
      ...(callbackUrl !== undefined && { callbackUrl }),
      ...(payload !== undefined && { payload }),
      ...(retryPolicy !== undefined && { retryPolicy }),
      callbackTimeoutSeconds: callbackTimeoutSeconds ?? before.callbackTimeoutSeconds,
      attempts: attempts ?? before.attempts,
      updatedAtMs: nowMs,
      revision,
    };
    this.living.put(row);
    return row;
  }

  /** @throws TimerNotFoundError */
  delete(from: 'living' | 'dead', namespace: string, id: string): void {
    if (!this[from].delete({ namespace, id })) {
      throw new TimerNotFoundError(this.shardId, namespace, id);
    }
  }

  /** @returns how many were deleted. */
  deleteRange(range: TimerRange, limit?: number, living = this.living): number {
    const rows = living.range(placeOf(range.after), placeOf(range.upTo), limit);
    for (const row of rows) {
      living.delete(row);
    }
    return rows.length;
  }

  /** @returns how many were deleted. */
  replaceRange(range: TimerRange, timers: readonly TimerValues[], revision: string): number {
    const living = this.living.copy();
    const deletedCount = this.deleteRange(range, undefined, living);
    this.create(timers, revision, living);
    return deletedCount;
  }

  /**
   * @throws TimerNotFoundError
   * @throws InvalidArgumentError its id lives again, or another timer stands where it would come.
   */
  revive(namespace: string, id: string, executeAt: Date, nowMs: number, revision: string): TimerRow {
    const dead = this.dead.get(namespace, id);
    if (dead === undefined) {
      throw new TimerNotFoundError(this.shardId, namespace, id);
    }
    if (this.living.get(namespace, id) !== undefined) {
      throw livesAgain();
    }
    const row: TimerRow = {
      ...dead,
      executeAtMs: executeAt.getTime(),
      dueAtMs: null,
      firstAttemptAtMs: null,
      attempts: 0,
      lastError: null,
      updatedAtMs: nowMs,
      revision,
    };
    this.living.put(row);
    this.dead.delete(dead);
    return row;
  }

  /** What is due up to a time, in milliseconds since 1970. */
  due(after: Place, upToMs: number, limit: number): DueShard {
    const end: Place = { executeAtMs: Math.floor(upToMs), uuid: AFTER_ALL.uuid };
    const rows = this.living.range(after, end, limit);
    const last = rows.at(-1);
    const [next] = this.living.range(end, AFTER_ALL, 1);
    return {
      shardId: this.shardId,
      shardVersion: this.info?.shardVersion ?? null,
      ownerAddr: this.info?.ownerAddr ?? null,
      timers: rows.map(toTimer),
      last: last === undefined ? null : { executeAt: new Date(last.executeAtMs), uuid: last.uuid },
      isCut: rows.length === limit,
      nextExecuteAt: next === undefined ? null : new Date(next.executeAtMs),
    };
  }
}

/** Any order will do, as long as it is the same as that of other stores. */
function compareIds(a: TimerValues, b: TimerValues): number {
  if (a.namespace !== b.namespace) {
    return a.namespace < b.namespace ? -1 : 1;
  }
  return a.id < b.id ? -1 : 1;
}

import { ShardMoveFailedError } from '../../contract/errors';
import {
  type ReadMovingTimersResult,
  readMovingTimers,
  replaceMovingTimers,
} from '../../generated/move.queries';
import {
  type ComparedPage,
  comparePages,
  keyOf,
  type ListedTimer,
  MAX_ON_TARGET,
  type RowType,
} from './list-timers';
import type { MoveServer } from './move-server';

/** How many bytes of timers may be in memory at a time. A single timer may be larger. */
const MAX_CHUNK_SIZE = 4 * 1024 ** 2;

/**
 * Makes the target's timers equal to the source's: writes the timers that the target lacks or has with other content, and
 * deletes those that the source does not have.
 *
 * @param run of this call: sql/move.sql.
 * @param onTimers told how many timers of the source have been gone through.
 * @throws ShardMoveFailedError
 */
export async function copyTimers(
  source: MoveServer,
  target: MoveServer,
  run: string,
  onTimers: (count: number) => void,
): Promise<void> {
  let count = 0;
  await comparePages(source, target, async (page) => {
    const { missing, stale } = differencesOf(page);
    let toDelete = stale;
    for (const chunk of chunksOf(missing)) {
      await replaceTimers(target, run, page.rowType, toDelete, await readTimers(source, page.rowType, chunk));
      toDelete = [];
    }
    if (toDelete.length > 0) {
      await replaceTimers(target, run, page.rowType, toDelete, []);
    }
    if (page.onTarget.length === MAX_ON_TARGET) {
      return false;
    }
    if (page.onSource.length > 0) {
      count += page.onSource.length;
      onTimers(count);
    }
    return true;
  });
}

/**
 * Whether both servers have the same timers, by count and by all that each of them contains.
 *
 * @throws ShardMoveFailedError the timers differ.
 */
export async function compareTimers(
  source: MoveServer,
  target: MoveServer,
  onTimers: (count: number) => void,
): Promise<void> {
  let count = 0;
  await comparePages(source, target, async (page) => {
    const { missing, stale } = differencesOf(page);
    const different = missing[0] ?? stale[0];
    if (different !== undefined) {
      throw new ShardMoveFailedError(
        source.shardId,
        `after the copy the servers differ, first in the timer with uuid ${different.uuid} at ${different.executeAt} ` +
          'UTC: another program writes to one of them. The source is still complete; call again to compare anew',
      );
    }
    if (page.onSource.length > 0) {
      count += page.onSource.length;
      onTimers(count);
    }
    return true;
  });
}

function differencesOf({ onSource, onTarget }: ComparedPage) {
  const digestsOnSource = new Map(onSource.map((timer) => [keyOf(timer), timer.digest]));
  const digestsOnTarget = new Map(onTarget.map((timer) => [keyOf(timer), timer.digest]));
  return {
    /** Timers that the target lacks, or has with other content. */
    missing: onSource.filter((timer) => digestsOnTarget.get(keyOf(timer)) !== timer.digest),
    /** Timers that the source lacks, or has with other content. */
    stale: onTarget.filter((timer) => digestsOnSource.get(keyOf(timer)) !== timer.digest),
  };
}

function chunksOf(timers: readonly ListedTimer[]): ListedTimer[][] {
  const chunks: ListedTimer[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const timer of timers) {
    if (size + timer.size > MAX_CHUNK_SIZE) {
      chunks.push([]);
      size = 0;
    }
    chunks.at(-1)?.push(timer);
    size += timer.size;
  }
  return chunks;
}

async function readTimers(source: MoveServer, rowType: RowType, timers: readonly ListedTimer[]) {
  return await source.read(readMovingTimers, {
    shardId: source.shardId,
    rowType,
    executeAts: timers.map((timer) => timer.executeAt),
    uuids: timers.map((timer) => timer.uuid),
  });
}

async function replaceTimers(
  target: MoveServer,
  run: string,
  rowType: RowType,
  stale: readonly ListedTimer[],
  timers: readonly ReadMovingTimersResult[],
): Promise<void> {
  const { rows } = await target.write(replaceMovingTimers, {
    shardId: target.shardId,
    rowType,
    run,
    staleExecuteAts: stale.map((timer) => timer.executeAt),
    staleUuids: stale.map((timer) => timer.uuid),
    executeAts: timers.map((timer) => timer.executeAt),
    uuids: timers.map((timer) => timer.uuid),
    // The generated types know of no array that has NULL in it.
    ids: timers.map((timer) => timer.id as string),
    namespaces: timers.map((timer) => timer.namespace as string),
    callbackUrls: timers.map((timer) => timer.callbackUrl as string),
    payloads: timers.map((timer) => timer.payload),
    retryPolicies: timers.map((timer) => timer.retryPolicy),
    callbackTimeoutSeconds: timers.map((timer) => timer.callbackTimeoutSeconds as number),
    createdAts: timers.map((timer) => timer.createdAt),
    attempts: timers.map((timer) => timer.attempts),
    revisions: timers.map((timer) => timer.revision),
    updatedAts: timers.map((timer) => timer.updatedAt as string),
    dueAts: timers.map((timer) => timer.dueAt as string),
    firstAttemptAts: timers.map((timer) => timer.firstAttemptAt as string),
    lastErrors: timers.map((timer) => timer.lastError as string),
    traceparents: timers.map((timer) => timer.traceparent as string),
    versions: timers.map((timer) => timer.version as string),
    ownerAddrs: timers.map((timer) => timer.ownerAddr as string),
    claimedAts: timers.map((timer) => timer.claimedAt as string),
    metadatas: timers.map((timer) => timer.metadata),
  });
  if (rows[0] === undefined) {
    throw new ShardMoveFailedError(target.shardId, 'another call has taken this move over');
  }
}

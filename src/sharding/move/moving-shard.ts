import { ShardMoveFailedError, UnreadableRowError } from '../../contract/errors';
import { type ReadMovingShardResult, readMovingShard } from '../../generated/move.queries';
import type { MoveServer } from './move-server';

/** A shard row as a move sees it: sql/move.sql says what its parts mean. */
export type MovingShard = ReadMovingShardResult;

/** How a move goes on, by the rows that both servers have. */
export type NextStep =
  /** The source has no row for the shard, and therefore no owner. */
  | { readonly step: 'claim' }
  /** The source is in use, and nothing is known to the target. */
  | { readonly step: 'seed' }
  /**
   * The source is in use, and the target has a sealed row: of a move to it that ended early and keeps its id, or of one
   * away from it.
   */
  | { readonly step: 'copy'; readonly moveId: string | undefined; readonly seen: MovingShard }
  /** The source is sealed for this move. */
  | { readonly step: 'merge'; readonly moveId: string; readonly seen: MovingShard }
  /** The target is in use, and the source has timers left. */
  | { readonly step: 'delete'; readonly moveId: string }
  | { readonly step: 'done' };

export async function readShardRow(server: MoveServer): Promise<MovingShard | undefined> {
  const [row] = await server.read(readMovingShard, { shardId: server.shardId });
  return row;
}

/**
 * Where a move stands. Everything is decided by what has been committed on the two servers, so that it does not matter
 * which call left it there, or how that call ended.
 *
 * @throws ShardMoveFailedError
 */
export function nextStep(
  shardId: number,
  source: MovingShard | undefined,
  target: MovingShard | undefined,
): NextStep {
  const refuse = (reason: string) => new ShardMoveFailedError(shardId, reason);
  if (source === undefined || source.version !== null) {
    if (target !== undefined && target.version !== null) {
      throw refuse(`the target has it already, at version ${target.version}`);
    }
    if (source === undefined) {
      return { step: 'claim' };
    }
    checkReadable(shardId, source);
    if (target === undefined) {
      return { step: 'seed' };
    }
    if (target.moveId === null) {
      throw refuse('the version that the target has for it is NULL, and no move has made it so');
    }
    if (target.moveState !== 'incoming' && !(Number(target.moveVersion) < Number(source.version))) {
      throw refuse(
        `it was at version ${target.moveVersion} when it left the target, and is at ${source.version} on the source, ` +
          'which cannot be the one that it was moved to',
      );
    }
    return {
      step: 'copy',
      moveId: target.moveState === 'incoming' ? target.moveId : undefined,
      seen: target,
    };
  }
  const { moveId, moveState } = source;
  const isSameMove = moveId !== null && target?.moveId === moveId;
  if (moveId === null || moveState === 'incoming') {
    throw refuse('it is not in use on the source: it is being moved there, or was spoilt by another program');
  }
  if (!isSameMove || target.moveState === 'outgoing' || target.moveState === 'gone') {
    throw refuse(
      'it has left the source for another server than the target: finish that move, from and to the same',
    );
  }
  if (target.version === null) {
    return { step: 'merge', moveId, seen: target };
  }
  return moveState === 'gone' ? { step: 'done' } : { step: 'delete', moveId };
}

/** A move changes the shard's row and must understand it. Timers travel whatever they contain. */
function checkReadable(shardId: number, { version, hasMetadata }: MovingShard): void {
  if (!Number.isSafeInteger(version)) {
    throw new UnreadableRowError(shardId, undefined, 'its version is beyond what a JavaScript number keeps');
  }
  if (!hasMetadata) {
    throw new UnreadableRowError(shardId, undefined, 'its metadata: it is not a JSON object');
  }
}

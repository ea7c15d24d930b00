import { type ListMovingTimersResult, listMovingTimers } from '../../generated/move.queries';
import type { MoveServer } from './move-server';

/** A timer's key, and the digest by which two servers' timers are compared. */
export type ListedTimer = ListMovingTimersResult;

/** A place in the order of timers. Its time is text, because JavaScript may not have such a time. */
export interface MoveCursor {
  readonly executeAt: string;
  readonly uuid: string;
}

export const FIRST: MoveCursor = { executeAt: '-infinity', uuid: '00000000-0000-0000-0000-000000000000' };
const LAST: MoveCursor = { executeAt: 'infinity', uuid: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

/** The kinds of rows that move: timers, and dead timers. */
export const ROW_TYPES = [2, 3] as const;

export type RowType = (typeof ROW_TYPES)[number];

/** How many timers one statement lists or deletes. */
export const PAGE_SIZE = 1000;

/** The timers that both servers have in one range. */
export interface ComparedPage {
  readonly rowType: RowType;
  readonly onSource: readonly ListedTimer[];
  /** Up to two pages; if it is that many, there may be more. */
  readonly onTarget: readonly ListedTimer[];
}

export const MAX_ON_TARGET = 2 * PAGE_SIZE;

/**
 * Hands over the timers of the source in pages, each with what the target has in the same range. The source reads the
 * next page meanwhile.
 *
 * @param workOn resolves to whether the page is done. One that is not is handed over again, with what the target has
 *   by then.
 */
export async function comparePages(
  source: MoveServer,
  target: MoveServer,
  workOn: (page: ComparedPage) => Promise<boolean>,
): Promise<void> {
  for (const rowType of ROW_TYPES) {
    await comparePagesOfType(rowType, source, target, workOn);
  }
}

async function comparePagesOfType(
  rowType: RowType,
  source: MoveServer,
  target: MoveServer,
  workOn: (page: ComparedPage) => Promise<boolean>,
): Promise<void> {
  const list = (server: MoveServer, after: MoveCursor, upTo: MoveCursor, limit: number) =>
    listTimers(server, rowType, after, upTo, limit);
  let after = FIRST;
  let reading = list(source, after, LAST, PAGE_SIZE);
  for (;;) {
    const onSource = await reading;
    const last = onSource.length < PAGE_SIZE ? undefined : onSource.at(-1);
    if (last !== undefined) {
      reading = list(source, last, LAST, PAGE_SIZE);
      // Whoever awaits the page when its turn comes gets the error.
      reading.catch(() => {});
    }
    const upTo = last ?? LAST;
    let isDone: boolean;
    do {
      const onTarget = await list(target, after, upTo, MAX_ON_TARGET);
      isDone = await workOn({ rowType, onSource, onTarget });
    } while (!isDone);
    if (last === undefined) {
      return;
    }
    after = last;
  }
}

/** Whether a server has any timer of the shard. */
export async function hasTimers(server: MoveServer): Promise<boolean> {
  for (const rowType of ROW_TYPES) {
    if ((await listTimers(server, rowType, FIRST, LAST, 1)).length > 0) {
      return true;
    }
  }
  return false;
}

function listTimers(
  server: MoveServer,
  rowType: RowType,
  after: MoveCursor,
  upTo: MoveCursor,
  limit: number,
): Promise<readonly ListedTimer[]> {
  return server.read(listMovingTimers, {
    shardId: server.shardId,
    rowType,
    afterExecuteAt: after.executeAt,
    afterUuid: after.uuid,
    // No key comes before the first possible one, so a range that begins there includes it.
    includeAfter: after === FIRST,
    upToExecuteAt: upTo.executeAt,
    upToUuid: upTo.uuid,
    limit,
  });
}

export function keyOf({ executeAt, uuid }: MoveCursor): string {
  return `${executeAt} ${uuid}`;
}

import { Backlog, type BacklogSpace } from '../lib/backlog';
import type { BenchDatabases } from '../lib/bench-databases';
import { pinHorizon } from '../lib/pin-horizon';
import { timerCountName } from '../lib/timer-counts';
import { type Advance, withProgress } from '../lib/with-progress';
import { backlogTurnCount, compareBacklogs, type OperationResult } from './compare-backlogs';
import { READ_FROM_COMMITTED_OFFSET, STORE_OPERATIONS, type StoreOperation } from './store-operations';

export interface BacklogDescription extends BacklogSpace {
  readonly name: string;
  readonly timers: number;
}

export interface GrowthResult {
  /** As they were when the first turn began. */
  readonly backlogs: readonly BacklogDescription[];
  /** Each backlog against the first. */
  readonly operations: readonly OperationResult[];
}

/** Every operation on each of several sizes. */
export async function measureSizes(
  databases: BenchDatabases,
  sizes: readonly number[],
  rounds: number,
): Promise<GrowthResult> {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const backlogs = await withProgress(total, async (advance) => {
    const filled: Backlog[] = [];
    for (const size of sizes) {
      filled.push(await fill(await databases.create(), timerCountName(size), size, advance));
    }
    return filled;
  });
  return await measure([STORE_OPERATIONS], backlogs, rounds);
}

/** Every operation with dead rows behind the committed offset that nothing can remove, against the same without. */
export async function measureDeadRows(
  databases: BenchDatabases,
  sizes: readonly number[],
  rounds: number,
): Promise<GrowthResult> {
  const size = sizes.findLast((each) => each < 10_000_000) ?? Math.min(...sizes);
  const name = timerCountName(size);
  const cleanUrl = await databases.create();
  const pinnedUrl = await databases.create();
  const { backlogs, unpin } = await withProgress(3 * size, async (advance) => {
    const clean = await fill(cleanUrl, `${name}, clean`, size, advance);
    const pinned = await fill(pinnedUrl, `${name} + ${name} dead`, size, advance);
    const release = await pinHorizon(pinnedUrl);
    await pinned.addDeadRows(size, (count) => advance(count, 'creating timers that die'));
    return { backlogs: [clean, pinned], unpin: release };
  });
  // One at a time, the reads first: what one leaves dead stays in the way of those that follow.
  const oneByOne = [READ_FROM_COMMITTED_OFFSET, ...STORE_OPERATIONS].map((operation) => [operation]);
  const result = await measure(oneByOne, backlogs, rounds);
  await unpin();
  return result;
}

function fill(url: string, name: string, size: number, advance: Advance): Promise<Backlog> {
  return Backlog.fill(url, name, size, (count) => advance(count, `filling ${name}`));
}

/** @param groups operations of one group take turns; each group begins when the one before is done. */
async function measure(
  groups: readonly (readonly StoreOperation[])[],
  backlogs: readonly Backlog[],
  rounds: number,
): Promise<GrowthResult> {
  const descriptions = [];
  for (const backlog of backlogs) {
    await backlog.vacuum();
    await backlog.checkpoint();
    descriptions.push({
      name: backlog.name,
      timers: await backlog.countTimers(),
      ...(await backlog.readSpace()),
    });
  }
  const turns = backlogTurnCount(groups.flat(), backlogs.length, rounds);
  const operations = await withProgress(turns, async (advance) => {
    const results: OperationResult[] = [];
    for (const group of groups) {
      results.push(...(await compareBacklogs(group, backlogs, rounds, (doing) => advance(1, doing))));
    }
    return results;
  });
  for (const [index, backlog] of backlogs.entries()) {
    const before = descriptions[index]?.timers;
    const now = await backlog.countTimers();
    if (now !== before) {
      throw new Error(
        `${backlog.name}: ${before} timers before and ${now} after: the operations are not alike`,
      );
    }
    await backlog.close();
  }
  return { backlogs: descriptions, operations };
}
